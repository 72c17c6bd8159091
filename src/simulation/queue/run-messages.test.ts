import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRandom, drawBetween, drawUniform } from '../random.ts';
import { boundQueueCost, layQueueGrid, longestWork } from '../optimum/queue-bound.ts';
import { blockSeconds } from '../score/blocks.ts';
import { runMessages, type MessageResult, type MessageRun } from './run-messages.ts';

const spanSeconds = 400;

function run(changes: Partial<MessageRun> & Pick<MessageRun, 'jobs'>): MessageResult {
  return runMessages({
    rule: (_seen, desired) => desired,
    promiseSeconds: 60,
    minInstances: 0,
    maxInstances: 20,
    startInstances: 1,
    boot: { kind: 'fixed', seconds: 30 },
    launchFailureRatio: 0,
    scaleInOrder: 'idle-first',
    settleSeconds: 0,
    seed: 1,
    scored: { fromSecond: 0, toSecond: spanSeconds },
    ...changes,
  });
}

/** So many messages at once, all alike. */
function burst(count: number, seconds: number) {
  return {
    sentAt: Array.from({ length: count }, () => 0),
    durations: Array.from({ length: count }, () => seconds),
  };
}

describe('a queue of whole messages', () => {
  it('is worked off one after the other, and tells how long each took', () => {
    const result = run({ jobs: burst(4, 10) });
    expect([...result.doneAt]).toEqual([10, 20, 30, 40]);
    expect(result).toMatchObject({
      messages: 4,
      late: 0,
      latencies: { p50: 20, p95: 40, p99: 40, most: 40 },
      costInstanceSeconds: spanSeconds,
      launches: 0,
    });
  });

  it('is worked off by as many at a time as an instance has slots', () => {
    expect([...run({ jobs: burst(4, 10), slotsPerInstance: 2 }).doneAt]).toEqual([10, 10, 20, 20]);
    // Two instances of two do what four of one do.
    const two = run({ jobs: burst(9, 7), startInstances: 2, slotsPerInstance: 2 });
    const four = run({ jobs: burst(9, 7), startInstances: 4 });
    expect(two.doneAt).toEqual(four.doneAt);
  });

  it('keeps an instance until the last of its messages is done', () => {
    const jobs = { sentAt: [0, 0], durations: [10, 100] };
    const rule: MessageRun['rule'] = ({ nowSeconds }, desired) => (nowSeconds > 20 ? 0 : desired);
    const result = run({ jobs, rule, slotsPerInstance: 2 });
    expect([...result.doneAt]).toEqual([10, 100]);
    // Told to go in the 22nd second, it is paid for until its message ends in the 101st.
    expect(result.costInstanceSeconds).toBe(101);
  });

  it('counts what is never done as late, and as infinitely long', () => {
    const result = run({ jobs: burst(2, 300) });
    expect(result).toMatchObject({ messages: 2, late: 2 });
    expect(result.latencies).toEqual({ p50: 300, p95: Infinity, p99: Infinity, most: Infinity });
  });

  it('costs no less than the bound for what was late in it, whatever a rule asks for', () => {
    const drawn = fc.record({
      seed: fc.integer({ min: 0, max: 1e9 }),
      restlessness: fc.constantFrom(0.003, 0.03),
      slots: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(drawn, ({ seed, restlessness, slots }) => {
        const random = createRandom(seed);
        const promiseSeconds = 60;
        // Sent until a promise before the end, so that all of it falls due.
        const sentAt = Array.from({ length: 60 }, () =>
          Math.floor(drawUniform(random) * (spanSeconds - promiseSeconds)),
        ).toSorted((one, other) => one - other);
        const durations = sentAt.map(() => 1 + 30 * drawUniform(random));
        let wanted = 2;
        const rule = (): number => {
          if (drawUniform(random) < restlessness) wanted = drawBetween(random, 0, 6);
          return wanted;
        };
        const jobs = { sentAt, durations };
        const result = run({ jobs, rule, startInstances: 2, slotsPerInstance: slots });
        const arrivals = new Float64Array((spanSeconds - promiseSeconds) / blockSeconds);
        const work = durations.map((seconds) => seconds / slots);
        for (const [index, at] of sentAt.entries()) {
          const step = Math.floor(at / blockSeconds);
          arrivals[step] = (arrivals[step] ?? 0) + (work[index] ?? 0);
        }
        const grid = layQueueGrid({
          stepSeconds: blockSeconds,
          arrivals,
          promiseSeconds,
          minWorkers: 0,
          maxWorkers: 8,
          partsPerStep: 1,
        });
        const allowed = longestWork(work, result.late / result.messages);
        const found = boundQueueCost(grid, { startSeconds: 14, stopSeconds: 0 }, allowed);
        const bound = found.kind === 'bound' ? found.bound : Number.NaN;
        expect(bound).toBeLessThanOrEqual(result.costInstanceSeconds + 1e-6);
      }),
      { numRuns: 60 },
    );
  });
});
