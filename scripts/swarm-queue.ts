// The queue swarm: seeded runs of workers, a queue and the real controller, a thread per core.
//   npm run swarm:queue -- --seeds 1000 [--from 1] [--workers 4]
//   npm run swarm:queue -- --seed 17 [--verbose]
// Ends with 0 if no rule was broken, 1 if one was, 2 if an argument is wrong.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

import { runQueueSeed, type QueueSeedResult } from '../src/simulation/queue-swarm/queue-run.ts';
import { queueRules } from '../src/simulation/queue-swarm/queue-rules.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';

/** Seeds that a thread is handed at a time. */
const batchSize = 10;
/** Failing seeds that are told one by one. */
const toldMax = 20;
const workersMax = 64;

async function main(): Promise<number> {
  const { values } = readArguments();
  if (values.seed !== undefined) {
    return await runOne(readWhole('seed', values.seed, 2 ** 32), values.verbose);
  }
  return await runMany({
    from: readWhole('from', values.from, 2 ** 32),
    seeds: readWhole('seeds', values.seeds, 10_000_000),
    workers: readWhole('workers', values.workers, workersMax),
  });
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        from: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(availableParallelism()) },
        seed: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

async function runOne(seed: number, isTraced: boolean): Promise<number> {
  const result = await runQueueSeed(seed, { createStore: createMemoryStore, isTraced });
  for (const line of result.trace) console.log(line);
  tellViolations(result);
  console.log(`seed ${seed}: ${describe([result])}`);
  return result.violations.length === 0 ? 0 : 1;
}

async function runMany(asked: {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
}): Promise<number> {
  const { from, seeds, workers } = asked;
  const startedAt = performance.now();
  const results: QueueSeedResult[] = [];
  let failing = 0;
  let next = from;
  const takeBatch = (): readonly number[] => {
    const first = next;
    next = Math.min(from + seeds, first + batchSize);
    return Array.from({ length: next - first }, (_, index) => first + index);
  };
  const onResult = (result: QueueSeedResult): void => {
    results.push(result);
    if (result.violations.length > 0) {
      failing += 1;
      if (failing <= toldMax) tellViolations(result);
    }
    if (results.length % Math.ceil(seeds / 20) !== 0) return;
    console.error(`${results.length} of ${seeds} seeds, ${failing} failing`);
  };
  await Promise.all(Array.from({ length: workers }, () => runThread(takeBatch, onResult)));
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${results.length} seeds, ${failing} failing: ${describe(results)}`);
  console.log(`in ${seconds.toFixed(1)} s, ${(results.length / seconds).toFixed(1)} seeds/s`);
  if (results.length < seeds) throw new Error(`only ${results.length} of ${seeds} seeds were run`);
  return failing === 0 ? 0 : 1;
}

/** Resolves when the thread has been handed an empty batch and has ended. */
function runThread(
  takeBatch: () => readonly number[],
  onResult: (result: QueueSeedResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url));
    thread.on('message', (results: readonly QueueSeedResult[]) => {
      results.forEach(onResult);
      thread.postMessage(takeBatch());
    });
    thread.on('error', reject);
    thread.on('exit', () => resolve());
  });
}

/** In a thread: asks for seeds with the results of the last ones, until there are none. */
function work(): void {
  const port = parentPort;
  if (port === null) throw new Error('not in a thread');
  port.on('message', (seeds: readonly number[]) => {
    if (seeds.length === 0) return port.close();
    void runBatch(seeds).then((results) => port.postMessage(results));
  });
  port.postMessage([]);
}

async function runBatch(seeds: readonly number[]): Promise<readonly QueueSeedResult[]> {
  const results: QueueSeedResult[] = [];
  for (const seed of seeds) {
    results.push(await runQueueSeed(seed, { createStore: createMemoryStore }));
  }
  return results;
}

function describe(results: readonly QueueSeedResult[]): string {
  const sum = (read: (result: QueueSeedResult) => number): number =>
    results.reduce((total, result) => total + read(result), 0);
  const hours = sum(({ simulatedMs }) => simulatedMs) / 3_600_000;
  return [
    `${hours.toFixed(1)} h simulated`,
    `${sum(({ sent }) => sent)} messages`,
    `${sum(({ dead }) => dead)} of them laid aside`,
    `${sum(({ counts }) => counts.received)} received`,
    `${sum(({ counts }) => counts.returned)} given back`,
    `${sum(({ counts }) => counts.orphaned)} in the hands of a killed worker`,
    `${sum(({ faults }) => faults)} faults`,
    `${sum(({ endedDrained }) => endedDrained)} instances ended after a drain`,
    `${sum(({ endedLate }) => endedLate)} at its deadline with work in hand`,
    `${sum(({ endedIdle }) => endedIdle)} idle`,
    `${sum(({ endedIdleAtWork }) => endedIdleAtWork)} of those with a message since their last report`,
  ].join(', ');
}

function tellViolations({ seed, violations }: QueueSeedResult): void {
  if (violations.length === 0) return;
  for (const { rule, atMs, detail } of violations) {
    console.log(`seed ${seed}, ${(atMs / 1000).toFixed(3)} s: ${rule}: ${detail}`);
    console.log(`  the rule: ${queueRules[rule]}`);
  }
  console.log(`  again: npm run swarm:queue -- --seed ${seed} --verbose`);
}

function readWhole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  console.error(`--${name} is '${text}'; allowed is a whole number from 1 to ${max}`);
  process.exit(2);
}

if (!isMainThread) work();
else if (import.meta.main) process.exitCode = await main();
