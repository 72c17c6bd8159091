// The demand policy with its fixed default on the scored loads, with and without its forecast.
//   npm run bench:demand -- [--traces ../shared/traces] [--only social] [--quick] [--boot 120]
//     [--instances 10] [--violations 0.005] [--seeds 1] [--censored] [--drop]
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { parseArgs } from 'node:util';
import { runContender, standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { createDemandGroup } from '../src/simulation/demand-group.ts';
import { agentTelemetry } from '../src/simulation/fluid/telemetry.ts';
import { createForetideScaler } from '../src/simulation/foretide-scaler.ts';
import { findOptimum, geometricMean, violationShareOf } from '../src/simulation/score/score.ts';
import { boundCost } from '../src/simulation/optimum/optimum.ts';
import { priceLevels } from '../src/simulation/optimum/price-levels.ts';
import { peakInstances, prepareWorkload } from '../src/simulation/workload.ts';
import { positiveOption, refuseOption } from './options.ts';
import { defaultTracesFolder, listScoredLoads } from './scored-loads.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: defaultTracesFolder },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    boot: { type: 'string', default: '120' },
    instances: { type: 'string', default: '10' },
    violations: { type: 'string', default: '0.005' },
    seeds: { type: 'string', default: '1' },
    censored: { type: 'boolean', default: false },
    drop: { type: 'boolean', default: false },
  },
  // A worker is given the very options of its parent.
  args: isMainThread ? process.argv.slice(2) : (workerData as string[]),
});
const bootSeconds = positiveOption('boot', values.boot);
const meanInstances = positiveOption('instances', values.instances);
const allowance = positiveOption('violations', values.violations);
const seeds = positiveOption('seeds', values.seeds);
/** Cores are shared. */
const workersMax = 2;
/** One load of each kind. */
const quickLoads = [
  'ms_mongo_app_rps_01_1min',
  'nasa95_launchday_1s',
  'autothrottle_noisy_1s',
  'social 102',
  'social 104',
];

interface Outcome {
  readonly violationShare: number;
  readonly ratio: number;
  readonly counted: number;
  readonly launches: number;
  readonly ticksPerSecond: number;
}

interface Row {
  readonly name: string;
  /** Of a plan that is optimal at the price of the bound. */
  readonly optimumStarts: number;
  readonly forecast: Outcome;
  readonly reactive: Outcome;
}

const chosen = listScoredLoads(values.traces).filter(
  ({ name }) =>
    name.includes(values.only) && (!values.quick || quickLoads.some((quick) => quick === name)),
);
if (isMainThread) await compareAll();
else answerRequests();

/** Hands one load after another to whichever worker is free. */
async function compareAll(): Promise<void> {
  if (chosen.length === 0) refuseOption(`no load with '${values.only}'`);
  console.log(`node bench/demand.ts ${process.argv.slice(2).join(' ')}`);
  console.log(`Violations in %, cost over OPT at ${allowance}; (static) counts as static peak.\n`);
  const waiting = chosen.map(({ name }) => name);
  const rows: Row[] = [];
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: process.argv.slice(2) });
      const give = (): void => worker.postMessage(waiting.shift() ?? null);
      worker.on('message', (row: Row) => {
        rows.push(row);
        // The whole takes minutes: who waits sees what there is.
        console.log(`  ${[row.name, ...show(row.forecast), ...show(row.reactive)].join(' | ')}`);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      give();
    });
  await Promise.all(Array.from({ length: Math.min(workersMax, waiting.length) }, run));
  const ordered = chosen.flatMap(({ name }) => rows.filter((row) => row.name === name));
  console.log('');
  print(ordered);
}

function print(rows: readonly Row[]): void {
  const head = [
    'load',
    'V %',
    'cost',
    'launches',
    'V % off',
    'cost off',
    'launches',
    'OPT starts',
    'k ticks/s',
  ];
  const cells = rows.map(({ name, forecast, reactive, optimumStarts }) => [
    name,
    ...show(forecast),
    ...show(reactive),
    String(optimumStarts),
    (forecast.ticksPerSecond / 1000).toFixed(0),
  ]);
  printTable(head, cells);
  const means = ['mongo', 'nasa', 'autothrottle', 'azure', 'social', ''].flatMap((kind) => {
    const some = rows.filter(({ name }) => name.includes(kind));
    if (some.length === 0) return [];
    const mean = (pick: (row: Row) => number): string => geometricMean(some.map(pick)).toFixed(3);
    return [
      [
        kind === '' ? 'all' : kind,
        mean(({ forecast }) => forecast.counted),
        mean(({ reactive }) => reactive.counted),
        mean(({ forecast }) => forecast.ratio),
        mean(({ reactive }) => reactive.ratio),
      ],
    ];
  });
  console.log('\nGeometric means: as counted, and of the cost whatever the violations.');
  printTable(['loads', 'counted', 'off', 'cost', 'off'], means);
}

/** Violations in percent, cost over the optimum's, launches in the scored span. */
function show({ violationShare, ratio, counted, launches }: Outcome): string[] {
  const note = counted === ratio ? '' : ' (static)';
  return [(violationShare * 100).toFixed(3), ratio.toFixed(3) + note, String(Math.round(launches))];
}

function answerRequests(): void {
  parentPort?.on('message', (name: string | null) => {
    const load = chosen.find((each) => each.name === name);
    if (load === undefined) {
      parentPort?.close();
      return;
    }
    void load.read().then((read) => {
      const capacityLeftRatio = values.drop ? 0.7 : 1;
      const reading = prepareWorkload(read, { meanInstances, capacityLeftRatio });
      if (reading.kind === 'refused') throw new Error(`${load.name}: ${reading.message}`);
      const boot = { kind: 'fixed', seconds: bootSeconds } as const;
      const arena: Arena = { ...standardArena, boot, workload: reading.workload };
      const { levels, costs, capacity } = findOptimum(arena.workload, arena, arena);
      const { bound: optimum, price } = boundCost(levels, costs, capacity, allowance);
      const optimumStarts = priceLevels(levels, costs, price).starts;
      parentPort?.postMessage({
        name: load.name,
        optimumStarts,
        forecast: runDefault(arena, optimum, true),
        reactive: runDefault(arena, optimum, false),
      });
    });
  });
}

/** The mean over the seeds. A run above the allowance counts as a fleet as large as the peak. */
function runDefault(arena: Arena, optimum: number, isForecasting: boolean): Outcome {
  const { workload, minInstances: min, maxInstances: max } = arena;
  const sum = { violationShare: 0, cost: 0, launches: 0, ticks: 0, ms: 0 };
  for (let seed = 1; seed <= seeds; seed += 1) {
    const group = createDemandGroup({ violationRatio: allowance, isForecasting, min, max });
    const before = performance.now();
    const result = runContender(
      arena,
      {
        scaler: createForetideScaler({ group, staleAfterMs: 10_000, workload }),
        telemetry: { ...agentTelemetry, isCensored: values.censored },
        scaleInOrder: 'newest-pending-first',
        warmupSeconds: 0,
        warmupFrom: 'service',
      },
      seed,
    );
    sum.ms += performance.now() - before;
    sum.ticks += result.ticks;
    sum.violationShare += violationShareOf(result) / seeds;
    sum.cost += result.costInstanceSeconds / seeds;
    sum.launches += result.launches / seeds;
  }
  const { scored } = workload;
  const peakCost = peakInstances(workload) * (scored.toSecond - scored.fromSecond);
  const { violationShare, cost, launches } = sum;
  const ratio = cost / optimum;
  return {
    violationShare,
    ratio,
    counted: violationShare <= allowance ? ratio : peakCost / optimum,
    launches,
    ticksPerSecond: (sum.ticks * 1000) / sum.ms,
  };
}
