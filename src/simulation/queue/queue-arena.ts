// Where rules for queues meet: the same jobs, the same promise, the same workers. Work is fluid: what
// waits is served in the order in which it came by as many workers as there are, in worker-seconds.
import { standardArena } from '../arena.ts';
import type { Arena } from '../arena.ts';
import { meanBilledBootSeconds } from '../fluid/boot-time.ts';
import { runQueue } from '../fluid/run-queue.ts';
import { boundQueueCost, layQueueGrid, longestWork } from '../optimum/queue-bound.ts';
import type { QueueBound } from '../optimum/queue-bound.ts';
import { targetRatios } from '../rivals/index.ts';
import type { Rival } from '../rivals/rival.ts';
import { blockSeconds } from '../score/blocks.ts';
import type { Trial } from '../tune-in-hindsight.ts';
import { cheapestWithin } from '../tune-in-hindsight.ts';
import type { Jobs } from '../trace/jobs.ts';
import { prepareWorkload } from '../workload.ts';
import type { Workload } from '../workload.ts';

export interface QueueArena {
  readonly jobs: Jobs;
  readonly workload: Workload;
  /** From a job's sending to its deletion. */
  readonly promiseSeconds: number;
  readonly meanSeconds: number;
  readonly boot: Arena['boot'];
  readonly minInstances: number;
  readonly maxInstances: number;
}

export interface QueueConditions {
  readonly promiseSeconds: number;
  readonly boot: Arena['boot'];
  readonly minInstances: number;
  readonly maxInstances: number;
}

export type QueueReading =
  | { readonly kind: 'arena'; readonly arena: QueueArena }
  | { readonly kind: 'refused'; readonly message: string };

/** Makes the jobs ready for any number of runs, or says why they cannot be scored. */
export function prepareQueue(jobs: Jobs, conditions: QueueConditions): QueueReading {
  const startSeconds = Math.floor(jobs.sentAt[0] ?? 0);
  const endSeconds = Math.floor(jobs.sentAt.at(-1) ?? startSeconds) + conditions.promiseSeconds + 1;
  const workPerSecond = new Float64Array(endSeconds - startSeconds);
  let work = 0;
  for (const [index, at] of jobs.sentAt.entries()) {
    const seconds = jobs.durations[index] ?? 0;
    const second = Math.floor(at) - startSeconds;
    workPerSecond[second] = (workPerSecond[second] ?? 0) + seconds;
    work += seconds;
  }
  const load = { startSeconds, workPerSecond, telemetryGaps: [] };
  const reading = prepareWorkload(load, { capacityPerInstance: 1 });
  if (reading.kind === 'refused') return { kind: 'refused', message: reading.message };
  const meanSeconds = work / jobs.durations.length;
  const { workload } = reading;
  return { kind: 'arena', arena: { ...conditions, jobs, workload, meanSeconds } };
}

/** One run at a target, which is a share of promise / mean duration: AWS's own recipe is 1. */
export function runQueueRival(
  rival: Rival,
  arena: QueueArena,
  { targetRatio, seed }: { readonly targetRatio: number; readonly seed: number },
): Trial {
  const { workload, promiseSeconds, meanSeconds, boot, minInstances, maxInstances } = arena;
  const target = (targetRatio * promiseSeconds) / meanSeconds;
  const first = Math.ceil(workload.means[0] ?? 0);
  const result = runQueue({
    workload,
    promiseSeconds,
    workPerMessage: meanSeconds,
    scaler: rival.create({ target, peakInstances: 1 }),
    telemetry: rival.telemetry,
    minInstances,
    maxInstances,
    fleet: {
      startInstances: Math.min(maxInstances, Math.max(minInstances, first)),
      boot,
      launchFailureRatio: standardArena.launchFailureRatio,
      // A worker that is to stop ends its job first.
      drainSeconds: Math.min(3600, Math.ceil(meanSeconds)),
      scaleInOrder: rival.scaleInOrder,
      warmupSeconds: rival.warmupSeconds,
      warmupFrom: rival.warmupFrom,
      seed,
    },
  });
  const { dueWork, lateWork, costInstanceSeconds, launches, scoredSeconds } = result;
  return {
    targetRatio,
    violationShare: dueWork > 0 ? lateWork / dueWork : 0,
    costInstanceSeconds,
    launchesPerHour: (launches * 3600) / scoredSeconds,
  };
}

/** The cheapest target that keeps the allowance of late work; where none does, the least late. */
export function tuneQueueRival(
  rival: Rival,
  arena: QueueArena,
  { allowance, seed }: { readonly allowance: number; readonly seed: number },
): Trial {
  const trials = targetRatios.map((targetRatio) => {
    return runQueueRival(rival, arena, { targetRatio, seed });
  });
  const leastLate = trials.toSorted((one, other) => one.violationShare - other.violationShare)[0];
  const best = cheapestWithin(trials, allowance) ?? leastLate;
  if (best === undefined) throw new Error('the grid of targets is empty');
  return best;
}

/**
 * The least cost of the scored span, with that share of its jobs late. Jobs from before it are left
 * out, and those not due in it: in the optimum's favour.
 */
export function boundQueue(arena: QueueArena, allowance: number): QueueBound {
  const { jobs, workload, promiseSeconds, boot, minInstances, maxInstances } = arena;
  const { startSeconds } = workload.load;
  const { fromSecond, toSecond } = workload.scored;
  const steps = Math.max(1, Math.floor((toSecond - promiseSeconds - fromSecond) / blockSeconds));
  const arrivals = new Float64Array(steps);
  const durations: number[] = [];
  for (const [index, at] of jobs.sentAt.entries()) {
    const step = Math.floor((Math.floor(at) - startSeconds - fromSecond) / blockSeconds);
    const seconds = jobs.durations[index] ?? 0;
    if (step < 0 || step >= steps) continue;
    arrivals[step] = (arrivals[step] ?? 0) + seconds;
    durations.push(seconds);
  }
  const grid = layQueueGrid({
    stepSeconds: blockSeconds,
    arrivals,
    promiseSeconds,
    minWorkers: minInstances,
    maxWorkers: Math.max(
      minInstances,
      Math.min(maxInstances, usefulWorkers(arrivals, promiseSeconds)),
    ),
    partsPerStep: 1,
  });
  const drainSeconds = 0;
  const costs = { startSeconds: meanBilledBootSeconds(boot), stopSeconds: drainSeconds };
  return boundQueueCost(grid, costs, longestWork(durations, allowance));
}

/**
 * More workers than this have nothing to do in any step: all that can be there to be served is what
 * came within the last promise, since older work is served or dropped.
 */
function usefulWorkers(arrivals: Float64Array, promiseSeconds: number): number {
  const steps = Math.ceil(promiseSeconds / blockSeconds) + 1;
  let work = 0;
  let most = 0;
  for (const [step, arrived] of arrivals.entries()) {
    work += arrived - (arrivals[step - steps] ?? 0);
    most = Math.max(most, work);
  }
  // Rounding of the grid may leave a unit more on either side.
  return Math.ceil(most / blockSeconds) + 2;
}
