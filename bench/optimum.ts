// How long the optimum takes, and what it comes to on the scored loads.
//   npm run bench:optimum -- [--traces ../shared/traces] [--rounds 5]
import { parseArgs } from 'node:util';
import { standardArena } from '../src/simulation/arena.ts';
import { generateDiurnal } from '../src/simulation/load/generators.ts';
import type { Load } from '../src/simulation/load/load.ts';
import { boundQueueCost, layQueueGrid } from '../src/simulation/optimum/queue-bound.ts';
import { traceFrontier } from '../src/simulation/optimum/optimum.ts';
import { createRandom, drawPoisson } from '../src/simulation/random.ts';
import { averageBlocks, blockSeconds } from '../src/simulation/score/blocks.ts';
import { findOptimum } from '../src/simulation/score/score.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import type { Workload } from '../src/simulation/workload.ts';
import { positiveOption } from './options.ts';
import { defaultTracesFolder, listScoredLoads } from './scored-loads.ts';
import { median, printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: defaultTracesFolder },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = positiveOption('rounds', values.rounds);
const day = 86_400;

console.log(`node bench/optimum.ts --traces ${values.traces} --rounds ${rounds}`);
console.log(`Node ${process.version}; boot 120 s, drain 30 s; medians.\n`);
benchLevels();
benchQueue();
await benchScored();

/** 30 scored days whose peak is 100 levels, at three strengths of noise. */
function benchLevels(): void {
  console.log('Optimum of 30 days × 100 levels: the bound at 0.1, 0.5 and 1 %, and the frontier.');
  const rows = [5000, 50, 3].map((workPerSecond) => {
    const load = generateDiurnal({
      durationSeconds: 30 * day,
      workPerSecond,
      noise: 'poisson',
      seed: 1,
    });
    const workload = prepare(load, peakOf(load) / 100, 0);
    const whole: number[] = [];
    const frontier: number[] = [];
    let runs = 0;
    for (let round = 0; round < rounds; round += 1) {
      const before = performance.now();
      const optimum = findOptimum(workload, standardArena, standardArena);
      const between = performance.now();
      traceFrontier(optimum.levels, optimum.costs, optimum.capacity);
      whole.push(between - before);
      frontier.push(performance.now() - between);
      runs = optimum.levels.blocks.length;
    }
    return [
      `${workPerSecond} requests/s`,
      (runs / 1e6).toFixed(2),
      (median(whole) / 1000).toFixed(2),
      (median(frontier) / 1000).toFixed(2),
    ];
  });
  printTable(['load', 'M runs', 's, three bounds', 's, frontier'], rows);
}

/** An hour of messages on up to forty workers, promise 300 s. */
function benchQueue(): void {
  const random = createRandom(1, 'queue');
  const arrivals = Float64Array.from(
    { length: 360 },
    (_, step) => 25 * drawPoisson(random, step % 120 < 60 ? 3 : 9),
  );
  const grid = layQueueGrid({
    stepSeconds: blockSeconds,
    arrivals,
    promiseSeconds: 300,
    minWorkers: 0,
    maxWorkers: 40,
    partsPerStep: 1,
  });
  const before = performance.now();
  const costs = { startSeconds: 104, stopSeconds: 0 };
  const work = arrivals.reduce((sum, one) => sum + one, 0);
  const found = boundQueueCost(grid, costs, 0.01 * work);
  const seconds = (performance.now() - before) / 1000;
  const evaluations = found.kind === 'bound' ? found.evaluations : 0;
  const states = (grid.stateCount / 1e6).toFixed(1);
  console.log(
    `\nQueue bound, one hour, 40 workers, promise 300 s, 1 % late: ${seconds.toFixed(2)} s`,
  );
  console.log(`(${states} M states a price, ${evaluations} prices)`);
}

async function benchScored(): Promise<void> {
  console.log('\nMean instances of the optimum on the scored loads, C = mean / 10:');
  const rows: string[][] = [];
  for (const { name, read } of listScoredLoads(values.traces)) {
    const workload = prepare(await read());
    const before = performance.now();
    const optimum = findOptimum(workload, standardArena, standardArena);
    const seconds = (performance.now() - before) / 1000;
    const span = workload.scored.toSecond - workload.scored.fromSecond;
    const costs = [optimum.zeroViolationCost, ...optimum.bounds];
    const means = costs.map((cost) => (cost / span).toFixed(2));
    rows.push([name, (span / day).toFixed(1), ...means, seconds.toFixed(2)]);
  }
  printTable(['load', 'days', 'none', '0.1 %', '0.5 %', '1 %', 's'], rows);
}

function prepare(load: Load, capacityPerInstance?: number, warmupSeconds?: number): Workload {
  const reading = prepareWorkload(load, {
    ...(capacityPerInstance === undefined ? {} : { capacityPerInstance }),
    ...(warmupSeconds === undefined ? {} : { warmupSeconds }),
  });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

function peakOf(load: Load): number {
  let peak = 0;
  for (const mean of averageBlocks(load).means) peak = Math.max(peak, mean);
  return peak;
}
