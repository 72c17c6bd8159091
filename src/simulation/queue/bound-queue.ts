// The least that any fleet of workers must pay on a queue arena, at several shares of late messages.
import { meanBilledBootSeconds } from '../fluid/boot-time.ts';
import { boundQueueCost, layQueueGrid, longestWork } from '../optimum/queue-bound.ts';
import type { QueueBound, QueueBoundOptions } from '../optimum/queue-bound.ts';
import { blockSeconds } from '../score/blocks.ts';
import type { QueueArena } from './queue-arena.ts';

/**
 * The least cost of the scored span with that share of its messages late, for every share asked for.
 * Messages from before it are left out, and those not due in it: in the optimum's favour. Instances
 * with several slots are so many times as fast, which is in its favour too.
 */
export function createQueueOptimum(
  arena: QueueArena,
): (allowance: number, options?: Pick<QueueBoundOptions, 'onTried'>) => QueueBound {
  const { jobs, workload, promiseSeconds, boot, minInstances, maxInstances } = arena;
  const { fromSecond, toSecond } = workload.scored;
  const steps = Math.max(1, Math.floor((toSecond - promiseSeconds - fromSecond) / blockSeconds));
  const arrivals = new Float64Array(steps);
  const durations: number[] = [];
  for (const [index, at] of jobs.sentAt.entries()) {
    const step = Math.floor((Math.floor(at) - fromSecond) / blockSeconds);
    if (step < 0 || step >= steps) continue;
    const seconds = (jobs.durations[index] ?? 0) / arena.slotsPerInstance;
    arrivals[step] = (arrivals[step] ?? 0) + seconds;
    durations.push(seconds);
  }
  const most = Math.min(maxInstances, usefulWorkers(arrivals, promiseSeconds));
  const grid = layQueueGrid({
    stepSeconds: blockSeconds,
    arrivals,
    promiseSeconds,
    minWorkers: minInstances,
    maxWorkers: Math.max(minInstances, most),
    partsPerStep: 1,
  });
  const costs = { startSeconds: meanBilledBootSeconds(boot), stopSeconds: 0 };
  const plans = new Map();
  return (allowance, options) => {
    return boundQueueCost(grid, costs, longestWork(durations, allowance), { plans, ...options });
  };
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
