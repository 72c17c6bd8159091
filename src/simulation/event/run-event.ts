// The event engine: a group in the cloud model (boots, hooks, failed launches and their retries,
// drains, bills) under a pilot, and one workload, on virtual time. Slower than the fluid engine, and
// nearer to AWS. Work that finds no capacity in its second is lost, as there.
import type { FluidResult } from '../fluid/run-fluid.ts';
import { blockSeconds } from '../score/blocks.ts';
import { createTally, readTally, tallySecond } from '../score/tally.ts';
import { capacityAt } from '../workload.ts';
import type { Workload } from '../workload.ts';
import type { Pilot } from './pilot.ts';
import type { WorldFleet } from './world-fleet.ts';

export interface EventRun {
  readonly workload: Workload;
  readonly fleet: WorldFleet;
  readonly pilot: Pilot;
  readonly minInstances: number;
  /** Called each second with what served it. */
  readonly record?: (second: number, inService: number, desired: number) => void;
}

/** Runs the whole load; the sums are those of the scored span, as the fluid engine's are. */
export function runEvent(run: EventRun): FluidResult {
  const { workload, fleet, pilot, record } = run;
  const { scored, load, means, offsetSeconds } = workload;
  const tally = createTally(run.minInstances);
  let before = fleet.account();
  for (let second = 0; second < scored.toSecond; second += 1) {
    fleet.advanceTo(second);
    if (second === scored.fromSecond) before = fleet.account();
    pilot.step(second);
    // What a pilot asks for takes effect in the model after a moment, never in the same second.
    const inService = fleet.serving.length;
    const perInstance = capacityAt(workload.capacity, second);
    if (second >= scored.fromSecond) {
      const mean = means[Math.floor((second + offsetSeconds) / blockSeconds)] ?? 0;
      tallySecond(tally, mean, inService, perInstance);
    }
    pilot.see(second, load.workPerSecond[second] ?? 0, perInstance);
    record?.(second, inService, fleet.group.desired);
  }
  fleet.advanceTo(scored.toSecond);
  const after = fleet.account();
  return {
    ...readTally(tally),
    ticks: scored.toSecond,
    scoredSeconds: scored.toSecond - scored.fromSecond,
    costInstanceSeconds: after.billedSeconds - before.billedSeconds,
    launches: after.launches - before.launches,
    failedLaunches: after.failedLaunches - before.failedLaunches,
    cancelledLaunches: after.cancelledLaunches - before.cancelledLaunches,
  };
}
