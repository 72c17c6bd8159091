import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateSteady } from '../load/generators.ts';
import type { Load } from '../load/load.ts';
import { boundQueueCost, layQueueGrid } from '../optimum/queue-bound.ts';
import { createRandom, drawBetween, drawPoisson, drawUniform } from '../random.ts';
import { blockSeconds } from '../score/blocks.ts';
import { prepareWorkload } from '../workload.ts';
import type { Workload } from '../workload.ts';
import type { FleetOptions } from './fleet.ts';
import { runQueue } from './run-queue.ts';
import type { QueueResult, QueueRun } from './run-queue.ts';
import type { Scaler } from './scaler.ts';
import { agentTelemetry } from './telemetry.ts';

const fleet: FleetOptions = {
  startInstances: 4,
  boot: { kind: 'fixed', seconds: 30 },
  launchFailureRatio: 0,
  drainSeconds: 0,
  scaleInOrder: 'newest-pending-first',
  warmupSeconds: 0,
  warmupFrom: 'service',
  seed: 1,
};

/** A worker serves one second of work a second. */
function prepare(load: Load, warmupSeconds?: number): Workload {
  const options = {
    capacityPerInstance: 1,
    ...(warmupSeconds === undefined ? {} : { warmupSeconds }),
  };
  const reading = prepareWorkload(load, options);
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

function run(workload: Workload, scaler: Scaler, changes: Partial<QueueRun> = {}): QueueResult {
  return runQueue({
    workload,
    scaler,
    telemetry: agentTelemetry,
    fleet,
    minInstances: 0,
    maxInstances: 1000,
    promiseSeconds: 60,
    workPerMessage: 5,
    ...changes,
  });
}

describe('a queue', () => {
  it('with just enough workers keeps every promise', () => {
    const workload = prepare(generateSteady({ durationSeconds: 1200, workPerSecond: 4 }));
    const result = run(workload, () => 4);
    expect(result.lateWork).toBe(0);
    expect(result.dueWork).toBeCloseTo(4 * 1080, 6);
    expect(result.costInstanceSeconds).toBe(4 * 1080);
  });

  it('that grows is late from the promise on, and stays late', () => {
    // Five a second against four: after t seconds t work waits, t/4 s long; late from 240 s on.
    const load = generateSteady({ durationSeconds: 1200, workPerSecond: 5, startSeconds: 0 });
    const waits: number[] = [];
    const result = run(prepare(load, 0), () => 4, {
      record: (_second, _inService, waiting) => waits.push(waiting),
    });
    expect(waits[99]).toBeCloseTo(100, 6);
    // Due at t is 5(t − 60 + 1) and served 4(t + 1): above from t = 300 on.
    const lateSeconds = 1200 - 300;
    expect(result.lateWork / result.dueWork).toBeCloseTo(
      (5 * lateSeconds - 0) / (5 * (1200 - 60)),
      2,
    );
  });

  it('shows messages that wait apart from those being worked on', () => {
    const load = generateSteady({ durationSeconds: 600, workPerSecond: 5, startSeconds: 0 });
    let visible = 0;
    let inFlight = 0;
    const watch: Scaler = (observation) => {
      visible = observation.visibleMessages;
      inFlight = observation.messagesInFlight;
      return 4;
    };
    run(prepare(load), watch);
    // The last sample read is of second 597: 598 work waits, in messages of five.
    expect(inFlight).toBe(4);
    expect(visible).toBeCloseTo(598 / 5 - 4, 6);
  });

  it('counts as late exactly what a queue of single units finds late', () => {
    const drawn = fc.record({
      seed: fc.integer({ min: 0, max: 1e9 }),
      workers: fc.integer({ min: 1, max: 6 }),
      promiseSeconds: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(drawn, ({ seed, workers, promiseSeconds }) => {
        const random = createRandom(seed);
        const workPerSecond = Float64Array.from({ length: 400 }, () => drawPoisson(random, 3));
        const workload = prepare({ startSeconds: 0, workPerSecond, telemetryGaps: [] }, 0);
        const start = { ...fleet, startInstances: workers };
        const result = run(workload, () => workers, { fleet: start, promiseSeconds });
        expect(result.lateWork).toBe(countLateUnits(workPerSecond, workers, promiseSeconds));
      }),
      { numRuns: 100 },
    );
  });

  it('costs no less than the bound for what it served late', () => {
    const drawn = fc.record({
      seed: fc.integer({ min: 0, max: 1e9 }),
      restlessness: fc.constantFrom(0.003, 0.03),
    });
    fc.assert(
      fc.property(drawn, ({ seed, restlessness }) => {
        const random = createRandom(seed);
        const promiseSeconds = 60;
        // Demand ends one promise before the run does, so that all of it falls due.
        const workPerSecond = Float64Array.from({ length: 400 }, (_, second) =>
          second < 400 - promiseSeconds ? drawPoisson(random, 2) : 0,
        );
        const workload = prepare({ startSeconds: 0, workPerSecond, telemetryGaps: [] }, 0);
        let wanted = 2;
        const restless: Scaler = () => {
          if (drawUniform(random) < restlessness) wanted = drawBetween(random, 0, 6);
          return wanted;
        };
        const result = run(workload, restless, { promiseSeconds });
        const blocks = (400 - promiseSeconds) / blockSeconds;
        const arrivals = Float64Array.from({ length: blocks }, (_, block) =>
          workPerSecond
            .subarray(block * blockSeconds, (block + 1) * blockSeconds)
            .reduce((sum, work) => sum + work, 0),
        );
        const grid = layQueueGrid({
          stepSeconds: blockSeconds,
          arrivals,
          promiseSeconds,
          minWorkers: 0,
          maxWorkers: 8,
          partsPerStep: 1,
        });
        const costs = { startSeconds: 14, stopSeconds: 0 };
        const found = boundQueueCost(grid, costs, result.lateWork);
        const bound = found.kind === 'bound' ? found.bound : Number.NaN;
        expect(bound).toBeLessThanOrEqual(result.costInstanceSeconds + 1e-6);
      }),
      { numRuns: 40 },
    );
  });
});

/** First come first served, unit by unit; late is what is not served when its promise ends. */
function countLateUnits(workPerSecond: Float64Array, workers: number, promise: number): number {
  const waiting: number[] = [];
  let late = 0;
  for (const [second, units] of workPerSecond.entries()) {
    for (let unit = 0; unit < units; unit += 1) waiting.push(second);
    waiting.splice(0, workers);
    late += waiting.filter((arrived) => arrived + promise === second).length;
  }
  return late;
}
