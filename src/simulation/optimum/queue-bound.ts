// The least that any fleet of queue workers must pay to keep a latency promise: a dynamic programme
// over time, work served and workers. (The taut string between arrivals and deadlines is no bound
// for whole workers that cost something to start.)
import { maximizeBound } from './dual-bound.ts';
import type { DualBound, SearchState } from './dual-bound.ts';
import type { PricedPlan, SwitchCosts } from './levels.ts';
import { highPriceRatio, lowPriceRatio } from './optimum.ts';

/** A queue on a grid of steps. Work is in worker-seconds: a worker serves one each second. */
export interface QueueProblem {
  readonly stepSeconds: number;
  /** Work that arrives in each step. */
  readonly arrivals: Float64Array;
  /** From a message's arrival to its deletion. Rounded up to whole steps. */
  readonly promiseSeconds: number;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** Parts into which a worker's step is divided on the grid of work served; 1 is coarsest. */
  readonly partsPerStep: number;
}

/** Cumulative arrivals on the grid, rounded in the optimum's favour. */
export interface QueueGrid {
  readonly problem: QueueProblem;
  readonly stepCount: number;
  /** Work units that may have been served by the start of each step: arrivals, rounded up. */
  readonly most: Int32Array;
  /** Work units that must have been: arrivals one promise ago, rounded down. */
  readonly least: Int32Array;
  readonly unitSeconds: number;
  /** States of one evaluation: all pairs of work served and workers, over all steps. */
  readonly stateCount: number;
}

export type QueueBound =
  | ({ readonly kind: 'bound' } & DualBound)
  | { readonly kind: 'too-large'; readonly stateCount: number; readonly statesMax: number };

/** Some 1.5 s for one price, of which a bound takes about fifteen. */
const queueStatesMax = 300_000_000;

/** One more price takes a second: what it could add is less than a hundredth of a percent. */
const closeRatio = 1e-4;

/** The grid of a queue: steps until the last promise is due. */
export function layQueueGrid(problem: QueueProblem): QueueGrid {
  const { arrivals, stepSeconds, promiseSeconds, partsPerStep } = problem;
  const promiseSteps = Math.ceil(promiseSeconds / stepSeconds);
  const stepCount = arrivals.length + promiseSteps;
  const unitSeconds = stepSeconds / partsPerStep;
  const most = new Int32Array(stepCount + 1);
  const least = new Int32Array(stepCount + 1);
  const sizes = problem.maxWorkers - problem.minWorkers + 1;
  let work = 0;
  let stateCount = sizes;
  for (let step = 0; step < stepCount; step += 1) {
    work += arrivals[step] ?? 0;
    most[step + 1] = Math.ceil(work / unitSeconds);
    const due = step + 1 + promiseSteps;
    if (due <= stepCount) least[due] = Math.floor(work / unitSeconds);
    stateCount += sizes * ((most[step + 1] ?? 0) - (least[step + 1] ?? 0) + 1);
  }
  return { problem, stepCount, most, least, unitSeconds, stateCount };
}

export interface QueueBoundOptions {
  /** Plans by the price of late work: bounds of one queue at several allowances share many of them. */
  readonly plans?: Map<number, PricedPlan>;
  /** Told after each price, which may be seconds after the one before. */
  readonly onTried?: (search: SearchState) => void;
}

/**
 * The least cost of serving all but `allowedWork` within the promise: the most that any price of
 * late work proves. For a share ε of N messages the allowance is `longestWork(durations, ε)`.
 */
export function boundQueueCost(
  grid: QueueGrid,
  costs: SwitchCosts,
  allowedWork: number,
  { plans = new Map(), onTried }: QueueBoundOptions = {},
): QueueBound {
  const { stateCount } = grid;
  if (stateCount > queueStatesMax) {
    return { kind: 'too-large', stateCount, statesMax: queueStatesMax };
  }
  const bound = maximizeBound({
    evaluate: (price) => {
      const plan = plans.get(price) ?? priceQueue(grid, costs, price);
      plans.set(price, plan);
      return plan;
    },
    allowedWork,
    lowPrice: lowPriceRatio,
    highPrice: highPriceRatio,
    closeRatio,
    ...(onTried !== undefined && { onTried }),
  });
  return { kind: 'bound', ...bound };
}

/** Shares are decimal fractions: 0.29 × 100 messages are 29, not 28. */
const shareDust = 1e-9;

/** The work of the longest `share` of the messages, rounded down to whole messages. */
export function longestWork(durationsSeconds: readonly number[], share: number): number {
  const count = Math.floor(share * durationsSeconds.length + shareDust);
  const longestFirst = durationsSeconds.toSorted((one, other) => other - one);
  return longestFirst.slice(0, count).reduce((sum, duration) => sum + duration, 0);
}

/** Costs of every pair of workers and work served at one step, row by row of workers. */
interface Table {
  readonly width: number;
  readonly sizes: number;
  cost: Float64Array;
  dropped: Float64Array;
  nextCost: Float64Array;
  nextDropped: Float64Array;
}

/**
 * The cheapest plan at a price of late work, in instance-seconds per worker-second. Work that
 * would be late is dropped at that price when it falls due: dropping it earlier gains nothing. The
 * fleet starts at any size, free of charge.
 */
export function priceQueue(grid: QueueGrid, costs: SwitchCosts, price: number): PricedPlan {
  const { minWorkers, maxWorkers } = grid.problem;
  const sizes = maxWorkers - minWorkers + 1;
  const width = widest(grid);
  const table: Table = {
    width,
    sizes,
    cost: new Float64Array(sizes * width).fill(Number.POSITIVE_INFINITY),
    dropped: new Float64Array(sizes * width),
    nextCost: new Float64Array(sizes * width),
    nextDropped: new Float64Array(sizes * width),
  };
  for (let size = 0; size < sizes; size += 1) table.cost[size * width] = 0;
  for (let step = 0; step < grid.stepCount; step += 1) {
    if (step > 0) {
      const states = (grid.most[step] ?? 0) - (grid.least[step] ?? 0) + 1;
      for (let size = 1; size < sizes; size += 1) {
        relax(table, { from: size - 1, to: size, states, cost: costs.startSeconds });
      }
      for (let size = sizes - 2; size >= 0; size -= 1) {
        relax(table, { from: size + 1, to: size, states, cost: costs.stopSeconds });
      }
    }
    serveStep(grid, table, step, price);
  }
  return cheapest(grid, table, price);
}

function widest(grid: QueueGrid): number {
  let width = 1;
  for (let step = 0; step <= grid.stepCount; step += 1) {
    width = Math.max(width, (grid.most[step] ?? 0) - (grid.least[step] ?? 0) + 1);
  }
  return width;
}

interface Move {
  readonly from: number;
  readonly to: number;
  readonly states: number;
  readonly cost: number;
}

/** One worker more or fewer; repeated over the rows it gives every change of size. */
function relax(table: Table, move: Move): void {
  const { cost, dropped, width } = table;
  const from = move.from * width;
  const to = move.to * width;
  for (let state = 0; state < move.states; state += 1) {
    const moved = (cost[from + state] ?? 0) + move.cost;
    if (moved < (cost[to + state] ?? 0)) {
      cost[to + state] = moved;
      dropped[to + state] = dropped[from + state] ?? 0;
    }
  }
}

/** X′ = min(A, X + n), raised to what is due at the price of what is thereby dropped. */
function serveStep(grid: QueueGrid, table: Table, step: number, price: number): void {
  const { width, sizes, cost, dropped, nextCost, nextDropped } = table;
  const { stepSeconds, partsPerStep, minWorkers } = grid.problem;
  const base = grid.least[step] ?? 0;
  const states = (grid.most[step] ?? 0) - base + 1;
  const nextBase = grid.least[step + 1] ?? 0;
  const cap = (grid.most[step + 1] ?? 0) - nextBase;
  const unitPrice = price * grid.unitSeconds;
  for (let size = 0; size < sizes; size += 1) {
    const row = size * width;
    // What lies beyond the states of a step is never read.
    nextCost.fill(Number.POSITIVE_INFINITY, row, row + cap + 1);
    const shift = base + (minWorkers + size) * partsPerStep - nextBase;
    const running = (minWorkers + size) * stepSeconds;
    for (let state = 0; state < states; state += 1) {
      const reached = Math.min(cap, state + shift);
      const late = reached < 0 ? -reached : 0;
      const total = (cost[row + state] ?? 0) + running + late * unitPrice;
      const target = row + reached + late;
      if (total < (nextCost[target] ?? 0)) {
        nextCost[target] = total;
        nextDropped[target] = (dropped[row + state] ?? 0) + late;
      }
    }
  }
  table.cost = nextCost;
  table.nextCost = cost;
  table.dropped = nextDropped;
  table.nextDropped = dropped;
}

/** At the end everything is served or dropped: any state that is left will do. */
function cheapest(grid: QueueGrid, table: Table, price: number): PricedPlan {
  const states = (grid.most[grid.stepCount] ?? 0) - (grid.least[grid.stepCount] ?? 0) + 1;
  let best = 0;
  for (let size = 0; size < table.sizes; size += 1) {
    const row = size * table.width;
    for (let state = row; state < row + states; state += 1) {
      if ((table.cost[state] ?? 0) < (table.cost[best] ?? 0)) best = state;
    }
  }
  const value = table.cost[best] ?? 0;
  const unservedWork = (table.dropped[best] ?? 0) * grid.unitSeconds;
  return { value, cost: value - price * unservedWork, unservedWork };
}
