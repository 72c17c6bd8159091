// The fault swarm: seeded runs of the real controller over everything simulated, a worker per core.
//   npm run swarm -- --seeds 1000 [--from 1] [--workers 4]
//   npm run swarm -- --seed 17 [--verbose]
// Ends with 0 if no rule was broken, 1 if one was, 2 if an argument is wrong.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { runSeed, type SeedResult } from '../src/simulation/swarm/swarm-run.ts';
import { rules } from '../src/simulation/swarm/violation.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';

/** Seeds that a worker is handed at a time. */
const batchSize = 20;
/** Failing seeds that are told one by one. */
const toldMax = 20;
const workersMax = 64;

interface Totals {
  seeds: number;
  simulatedMs: number;
  ticks: number;
  acts: number;
  faults: number;
  crashes: number;
}

async function main(): Promise<number> {
  const { values } = readArguments();
  if (values.seed !== undefined) {
    return await runOne(readWhole('seed', values.seed, 2 ** 32), values.verbose);
  }
  const from = readWhole('from', values.from, 2 ** 32);
  const seeds = readWhole('seeds', values.seeds, 10_000_000);
  const workers = readWhole('workers', values.workers, workersMax);
  return await runMany({ from, seeds, workers });
}

function readArguments(): ReturnType<typeof parseOptions> {
  try {
    return parseOptions();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

function parseOptions() {
  return parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
}

async function runOne(seed: number, isTraced: boolean): Promise<number> {
  const result = await runSeed(seed, { createStore: createMemoryStore, isTraced });
  for (const line of result.trace) console.log(line);
  tellViolations(result);
  const { simulatedMs, ticks, acts, faults, crashes, violations } = result;
  const minutes = (simulatedMs / 60_000).toFixed(1);
  console.log(
    `seed ${seed}: ${minutes} min simulated, ${ticks} ticks, ${acts} acts, ${faults} faults, ` +
      `${crashes} crashes, ${violations.length} violations`,
  );
  return violations.length === 0 ? 0 : 1;
}

async function runMany(asked: {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
}): Promise<number> {
  const { from, seeds, workers } = asked;
  const startedAt = performance.now();
  const totals: Totals = { seeds: 0, simulatedMs: 0, ticks: 0, acts: 0, faults: 0, crashes: 0 };
  const failing: number[] = [];
  let next = from;
  const takeBatch = (): readonly number[] => {
    const first = next;
    next = Math.min(from + seeds, first + batchSize);
    return Array.from({ length: next - first }, (_, index) => first + index);
  };
  const onResult = (result: SeedResult): void => {
    count(totals, result);
    if (result.violations.length > 0) {
      failing.push(result.seed);
      if (failing.length <= toldMax) tellViolations(result);
    }
    const isStep = totals.seeds % Math.ceil(seeds / 20) === 0;
    if (isStep) tellProgress(totals.seeds, seeds, failing.length);
  };
  await Promise.all(Array.from({ length: workers }, () => runWorker(takeBatch, onResult)));
  tellTotals(totals, failing.length, (performance.now() - startedAt) / 1000);
  if (totals.seeds < seeds) throw new Error(`only ${totals.seeds} of ${seeds} seeds were run`);
  return failing.length === 0 ? 0 : 1;
}

/** Resolves when the worker has been handed an empty batch and has ended. */
function runWorker(
  takeBatch: () => readonly number[],
  onResult: (result: SeedResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url));
    worker.on('message', (results: readonly SeedResult[]) => {
      results.forEach(onResult);
      worker.postMessage(takeBatch());
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });
}

/** In a worker: asks for seeds with the results of the last ones, until there are none. */
function work(): void {
  const port = parentPort;
  if (port === null) throw new Error('not in a worker');
  port.on('message', (seeds: readonly number[]) => {
    if (seeds.length === 0) return port.close();
    void runBatch(seeds).then((results) => port.postMessage(results));
  });
  port.postMessage([]);
}

async function runBatch(seeds: readonly number[]): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  for (const seed of seeds) results.push(await runSeed(seed, { createStore: createMemoryStore }));
  return results;
}

function count(totals: Totals, result: SeedResult): void {
  totals.seeds += 1;
  totals.simulatedMs += result.simulatedMs;
  totals.ticks += result.ticks;
  totals.acts += result.acts;
  totals.faults += result.faults;
  totals.crashes += result.crashes;
}

function tellViolations({ seed, violations }: SeedResult): void {
  if (violations.length === 0) return;
  for (const { rule, atMs, detail } of violations) {
    console.log(`seed ${seed}, ${(atMs / 1000).toFixed(3)} s: ${rule}: ${detail}`);
    console.log(`  the rule: ${rules[rule]}`);
  }
  console.log(`  again: npm run swarm -- --seed ${seed} --verbose`);
}

function tellProgress(done: number, seeds: number, failing: number): void {
  console.error(`${Math.round((100 * done) / seeds)} %: ${done} seeds, ${failing} failing`);
}

function tellTotals(totals: Totals, failing: number, seconds: number): void {
  const hours = totals.simulatedMs / 3_600_000;
  console.log(
    `${totals.seeds} seeds, ${failing} failing: ${hours.toFixed(0)} h simulated, ` +
      `${totals.ticks} ticks, ${totals.acts} acts, ${totals.faults} faults, ` +
      `${totals.crashes} crashes, in ${seconds.toFixed(1)} s: ` +
      `${(totals.seeds / seconds).toFixed(1)} seeds/s, ${(hours / seconds).toFixed(2)} simulated h/s`,
  );
}

function readWhole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  console.error(`--${name} is '${text}'; allowed is a whole number from 1 to ${max}`);
  process.exit(2);
}

if (!isMainThread) work();
else if (import.meta.main) process.exitCode = await main();
