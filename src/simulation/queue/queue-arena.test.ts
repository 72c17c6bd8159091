import { describe, expect, it } from 'vitest';

import { createRandom, drawPoisson, drawUniform } from '../random.ts';
import { rivals } from '../rivals/index.ts';
import type { Rival } from '../rivals/rival.ts';
import type { Jobs } from '../trace/jobs.ts';
import { createQueueOptimum } from './bound-queue.ts';
import { prepareQueue, simulateQueueRival, toTrial, tuneQueueRival } from './queue-arena.ts';
import type { QueueArena } from './queue-arena.ts';

const seed = 9;
const allowance = 0.01;

/** Two hours of jobs of five seconds, twice as many in the second half of each hour. */
function makeJobs(): Jobs {
  const random = createRandom(seed, 'jobs');
  const sentAt: number[] = [];
  const durations: number[] = [];
  for (let second = 0; second < 7200; second += 1) {
    const jobs = drawPoisson(random, second % 3600 < 1800 ? 0.4 : 0.8);
    for (let job = 0; job < jobs; job += 1) {
      sentAt.push(second);
      durations.push(-5 * Math.log(drawUniform(random)));
    }
  }
  return { sentAt, durations };
}

function makeArena(promiseSeconds: number): QueueArena {
  const reading = prepareQueue(makeJobs(), {
    promiseSeconds,
    boot: { kind: 'fixed', seconds: 30 },
    minInstances: 1,
    maxInstances: 50,
  });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.arena;
}

function rivalNamed(name: string): Rival {
  const rival = rivals.find((one) => one.name === name);
  if (rival === undefined) throw new Error(`no rival ${name}`);
  return rival;
}

describe('rules for queues on the same jobs', () => {
  const arena = makeArena(120);
  const bound = createQueueOptimum(arena)(allowance);

  it.each(['keda-sqs', 'aws-backlog-per-instance'])(
    'never cost less than the optimum where %s keeps the allowance',
    (name) => {
      if (bound.kind !== 'bound') throw new Error('the bound is too large');
      expect(bound.bound).toBeGreaterThan(0);
      for (const targetRatio of [0.1, 0.35, 0.7, 1, 1.3]) {
        const result = simulateQueueRival(rivalNamed(name), arena, { targetRatio, seed });
        const trial = toTrial(result, targetRatio);
        if (trial.violationShare > allowance) continue;
        expect(trial.costInstanceSeconds).toBeGreaterThanOrEqual(bound.bound);
      }
    },
  );

  it('are tuned to the cheapest target that keeps the promise, or to the least late', () => {
    const keda = rivalNamed('keda-sqs');
    const best = tuneQueueRival(keda, arena, { allowance, seed });
    expect(best.violationShare).toBeLessThanOrEqual(allowance);
    const strict = tuneQueueRival(keda, arena, { allowance: -1, seed });
    expect(strict.violationShare).toBeLessThanOrEqual(best.violationShare);
  });

  it('cost at best no more when the promise is longer', () => {
    const patient = createQueueOptimum(makeArena(240))(allowance);
    if (bound.kind !== 'bound' || patient.kind !== 'bound') throw new Error('too large');
    // Spans differ by the promise at their ends: compared by the second of work due.
    expect(patient.bound).toBeLessThan(bound.bound * 1.05);
  });
});
