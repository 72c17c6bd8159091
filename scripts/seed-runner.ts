// Runs a simulation for many seeds, a thread per core, and tells which broke a rule, and how to see it
// again. The options are the same for every swarm:
//   --seeds 1000 [--from 1] [--workers 4], or --seed 17 [--verbose]

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** What a run of one seed came to. */
export interface SeedOutcome {
  readonly seed: number;
  readonly violations: readonly {
    readonly rule: string;
    readonly atMs: number;
    readonly detail: string;
  }[];
  /** Lines; empty unless they were asked for. */
  readonly trace: readonly string[];
  /** Virtual. */
  readonly simulatedMs: number;
}

export interface Swarm<Outcome extends SeedOutcome> {
  /** What a person types, such as `npm run swarm`. */
  readonly command: string;
  /** The module that calls `runSwarm`: each thread begins there too. */
  readonly module: string;
  /** Each rule in a sentence. */
  readonly rules: Readonly<Record<string, string>>;
  /** What is added up over all seeds, by the words that follow the sum. */
  readonly sums: Readonly<Record<string, (outcome: Outcome) => number>>;
  readonly run: (seed: number, isTraced: boolean) => Promise<Outcome>;
}

/** Seeds that a thread is handed at a time. */
const batchSize = 10;
/** Failing seeds that are told one by one. */
const toldMax = 20;
const workersMax = 64;
const seedMax = 2 ** 32;
const seedsMax = 10_000_000;
/** How often progress is told. */
const steps = 20;

/** The exit code: 0 if no rule was broken, 1 if one was, 2 if an argument is wrong. */
export async function runSwarm<Outcome extends SeedOutcome>(
  swarm: Swarm<Outcome>,
): Promise<number> {
  if (!isMainThread) {
    work(swarm);
    return 0;
  }
  const { values } = readArguments();
  if (values.seed !== undefined) {
    return await runOne(swarm, readWhole('seed', values.seed, seedMax), values.verbose);
  }
  return await runMany(swarm, {
    from: readWhole('from', values.from, seedMax),
    seeds: readWhole('seeds', values.seeds, seedsMax),
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

function readWhole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  console.error(`--${name} is '${text}'; allowed is a whole number from 1 to ${max}`);
  process.exit(2);
}

async function runOne<Outcome extends SeedOutcome>(
  swarm: Swarm<Outcome>,
  seed: number,
  isTraced: boolean,
): Promise<number> {
  const outcome = await swarm.run(seed, isTraced);
  for (const line of outcome.trace) console.log(line);
  tellViolations(swarm, outcome);
  const totals = new Totals(swarm);
  totals.add(outcome);
  console.log(`seed ${seed}: ${totals.describe()}, ${outcome.violations.length} violations`);
  return outcome.violations.length === 0 ? 0 : 1;
}

async function runMany<Outcome extends SeedOutcome>(
  swarm: Swarm<Outcome>,
  asked: { readonly from: number; readonly seeds: number; readonly workers: number },
): Promise<number> {
  const { from, seeds, workers } = asked;
  const startedAt = performance.now();
  const totals = new Totals(swarm);
  let failing = 0;
  let next = from;
  const takeBatch = (): readonly number[] => {
    const first = next;
    next = Math.min(from + seeds, first + batchSize);
    return Array.from({ length: next - first }, (_, index) => first + index);
  };
  const onOutcome = (outcome: Outcome): void => {
    totals.add(outcome);
    if (outcome.violations.length > 0) {
      failing += 1;
      if (failing <= toldMax) tellViolations(swarm, outcome);
    }
    if (totals.seeds % Math.ceil(seeds / steps) !== 0) return;
    console.error(`${totals.seeds} of ${seeds} seeds, ${failing} failing`);
  };
  const threads = Array.from({ length: workers }, () =>
    runThread<Outcome>(swarm.module, takeBatch, onOutcome),
  );
  await Promise.all(threads);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${totals.seeds} seeds, ${failing} failing: ${totals.describe()}`);
  console.log(
    `in ${seconds.toFixed(1)} s: ${(totals.seeds / seconds).toFixed(1)} seeds/s, ` +
      `${(totals.hours / seconds).toFixed(2)} simulated h/s`,
  );
  if (totals.seeds < seeds) throw new Error(`only ${totals.seeds} of ${seeds} seeds were run`);
  return failing === 0 ? 0 : 1;
}

class Totals<Outcome extends SeedOutcome> {
  seeds = 0;
  hours = 0;
  readonly #swarm: Swarm<Outcome>;
  readonly #sums = new Map<string, number>();

  constructor(swarm: Swarm<Outcome>) {
    this.#swarm = swarm;
  }

  add(outcome: Outcome): void {
    this.seeds += 1;
    this.hours += outcome.simulatedMs / 3_600_000;
    for (const [words, read] of Object.entries(this.#swarm.sums)) {
      this.#sums.set(words, (this.#sums.get(words) ?? 0) + read(outcome));
    }
  }

  describe(): string {
    const sums = [...this.#sums].map(([words, sum]) => `${sum} ${words}`);
    return [`${this.hours.toFixed(1)} h simulated`, ...sums].join(', ');
  }
}

function tellViolations<Outcome extends SeedOutcome>(
  { command, rules }: Swarm<Outcome>,
  { seed, violations }: Outcome,
): void {
  if (violations.length === 0) return;
  for (const { rule, atMs, detail } of violations) {
    console.log(`seed ${seed}, ${(atMs / 1000).toFixed(3)} s: ${rule}: ${detail}`);
    console.log(`  the rule: ${rules[rule] ?? rule}`);
  }
  console.log(`  again: ${command} -- --seed ${seed} --verbose`);
}

/** Resolves when the thread has been handed an empty batch and has ended. */
function runThread<Outcome>(
  module: string,
  takeBatch: () => readonly number[],
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(module));
    thread.on('message', (outcomes: readonly Outcome[]) => {
      outcomes.forEach(onOutcome);
      thread.postMessage(takeBatch());
    });
    thread.on('error', reject);
    thread.on('exit', () => resolve());
  });
}

/** In a thread: asks for seeds with the outcomes of the last ones, until there are none. */
function work<Outcome extends SeedOutcome>({ run }: Swarm<Outcome>): void {
  const port = parentPort;
  if (port === null) throw new Error('not in a thread');
  const runBatch = async (seeds: readonly number[]): Promise<void> => {
    const outcomes: Outcome[] = [];
    for (const seed of seeds) outcomes.push(await run(seed, false));
    port.postMessage(outcomes);
  };
  port.on('message', (seeds: readonly number[]) => {
    if (seeds.length === 0) port.close();
    else void runBatch(seeds);
  });
  port.postMessage([]);
}
