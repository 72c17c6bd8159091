import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardArena } from '../arena.ts';
import type { Arena } from '../arena.ts';
import type { Load, TelemetryGap } from '../load/load.ts';
import { createRandom, drawBetween, drawPoisson, drawUniform } from '../random.ts';
import { rivals } from '../rivals/index.ts';
import { costRival, runRival } from '../tune-in-hindsight.ts';
import type { RivalOptions } from '../tune-in-hindsight.ts';
import { prepareWorkload } from '../workload.ts';
import { agentTelemetry } from './telemetry.ts';

const loadRivals = rivals.filter(({ serves }) => serves === 'load');

const loadSeconds = 16_000;
/** A forecast by the hour begins after a day. */
const historySeconds = 110_000;

/** Everything that could come between two samples: jumps, quiet hours, gaps of both kinds. */
function drawLoad(seed: number, startSeconds: number, durationSeconds: number): Load {
  const random = createRandom(seed);
  let level = 40;
  const workPerSecond = Float64Array.from({ length: durationSeconds }, () => {
    if (drawUniform(random) < 0.002) level = Math.max(0, drawBetween(random, -20, 200));
    return drawPoisson(random, level);
  });
  const gapAt = (fromSecond: number, seenAs: TelemetryGap['seenAs']): TelemetryGap => ({
    fromSecond,
    toSecond: fromSecond + Math.ceil(drawBetween(random, 1, 900)),
    seenAs,
  });
  const telemetryGaps = [
    gapAt(3001, 'missing'),
    gapAt(7777, 'zero'),
    // What goes by the clock goes on in it.
    { fromSecond: 12_340, toSecond: 15_950, seenAs: 'missing' as const },
    { fromSecond: 90_000, toSecond: 97_000, seenAs: 'missing' as const },
  ];
  return { startSeconds, workPerSecond, telemetryGaps };
}

const drawn = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  startSeconds: fc.constantFrom(0, 1_700_158_546, 1_700_172_000),
  capacityLeftRatio: fc.constantFrom(1, 0.7),
  boot: fc.constantFrom<Arena['boot']>(
    { kind: 'fixed', seconds: 120 },
    { kind: 'fixed', seconds: 1 },
    { kind: 'lognormal', medianSeconds: 90, sigma: 0.25 },
  ),
  drainSeconds: fc.constantFrom(0, 30),
  launchFailureRatio: fc.constantFrom(0, 0.3),
  maxInstances: fc.constantFrom(12, 1000),
  targetRatio: fc.constantFrom(0.3, 0.7, 1.2),
  isCensored: fc.boolean(),
  hasAgents: fc.boolean(),
});

describe('a run from one due second to the next', () => {
  it.each(loadRivals)('comes to what one by the second comes to: $name', (rival) => {
    const property = fc.property(drawn, (options) => {
      const { seed, startSeconds, capacityLeftRatio, targetRatio, isCensored } = options;
      const isSlow = rival.wakeSeconds !== undefined;
      const load = drawLoad(seed, startSeconds, isSlow ? historySeconds : loadSeconds);
      const reading = prepareWorkload(load, { meanInstances: 7, capacityLeftRatio });
      if (reading.kind === 'refused') throw new Error(reading.message);
      const { boot, drainSeconds, launchFailureRatio, maxInstances } = options;
      const arena: Arena = {
        ...standardArena,
        boot,
        drainSeconds,
        launchFailureRatio,
        maxInstances,
        workload: reading.workload,
      };
      const own = options.hasAgents ? agentTelemetry : rival.telemetry;
      const run: RivalOptions = { targetRatio, seed: 3, telemetry: { ...own, isCensored } };
      const cost = costRival(rival, arena, run);
      expect(runRival(rival, arena, run)).toMatchObject(cost);
      expect(cost.offeredWork).toBeGreaterThan(0);
    });
    fc.assert(property, { numRuns: 20, seed: 5 });
  });
});
