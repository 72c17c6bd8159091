// `foretide compare --jobs`: the rules of other autoscalers for queues, each at its best on these very
// jobs, beside the least that any fleet of workers could cost.

import { createReadStream } from 'node:fs';
import { standardArena } from '../../simulation/arena.ts';
import { boundQueue, prepareQueue, tuneQueueRival } from '../../simulation/queue/queue-arena.ts';
import type { QueueArena } from '../../simulation/queue/queue-arena.ts';
import { rivals } from '../../simulation/rivals/index.ts';
import type { Rival } from '../../simulation/rivals/rival.ts';
import { createJobsReader } from '../../simulation/trace/jobs.ts';
import type { Jobs } from '../../simulation/trace/jobs.ts';
import { describeError } from '../describe-error.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';
import { priceOf } from './make-arena.ts';
import * as say from './say-figures.ts';

export interface QueueOptions {
  readonly against: string;
  /** From a job's sending to its deletion, in milliseconds. */
  readonly promise: number;
  /** The share of the work that may be late. */
  readonly epsilon: number;
  /** In milliseconds. */
  readonly boot: number;
  readonly price: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** One row, as `--json` prints it. */
interface QueueCandidate {
  readonly name: string;
  /** Share of promise / mean duration that the target of messages for each worker is. */
  readonly targetRatio: number;
  readonly lateShare: number;
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  /** Null above the allowance, or where the bound is too large to compute. */
  readonly ratio: number | null;
  readonly launchesPerHour: number;
}

export async function compareQueue(path: string, options: QueueOptions): Promise<void> {
  const chosen = chooseQueueRivals(options.against);
  const jobs = await readJobs(path);
  const reading = prepareQueue(jobs, {
    promiseSeconds: Math.max(1, Math.ceil(options.promise / 1000)),
    boot: { kind: 'fixed', seconds: Math.max(1, Math.round(options.boot / 1000)) },
    minInstances: standardArena.minInstances,
    maxInstances: standardArena.maxInstances,
  });
  if (reading.kind === 'refused') throw new StartError(`${path}: ${reading.message}`, 2);
  const { arena } = reading;
  const bound = boundQueue(arena, options.epsilon);
  const optimum = bound.kind === 'bound' ? bound.bound : null;
  const candidates = chosen.map((rival) => enter(rival, arena, options, optimum)).toSorted(byRatio);
  if (bound.kind === 'too-large') {
    process.stderr.write(
      `foretide: ${say.sayWhole(bound.stateCount)} states are too many for the optimum; it takes ` +
        `${say.sayWhole(bound.statesMax)}: a shorter trace or promise has one\n`,
    );
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ epsilon: options.epsilon, optimum: { costInstanceSeconds: optimum }, candidates })}\n`
      : `${describe(path, arena, options)}\n\n${formatRows(candidates, optimum, options)}\n`,
  );
}

function chooseQueueRivals(against: string): readonly Rival[] {
  const known = rivals.filter(({ serves }) => serves === 'queue');
  if (against === 'all') return known;
  return against.split(',').map((written) => {
    const rival = known.find(({ name }) => name === written.trim());
    if (rival !== undefined) return rival;
    const names = known.map(({ name }) => name).join(', ');
    throw new StartError(
      `--against: no rule for queues '${written}'; allowed: all, or ${names}`,
      2,
    );
  });
}

async function readJobs(path: string): Promise<Jobs> {
  const reader = createJobsReader();
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
      if (!reader.push(String(chunk))) break;
    }
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${describeError(error)}`, 2);
  }
  const reading = reader.finish();
  if (reading.kind === 'jobs') return reading.jobs;
  const more = reading.problemCount - reading.problems.length;
  const lines = reading.problems.map((problem) => `${path}: ${problem}`);
  const last = more > 0 ? [`${path}: and ${more} more like these`] : [];
  throw new StartError([...lines, ...last].join('\n'), 2);
}

function enter(
  rival: Rival,
  arena: QueueArena,
  { epsilon, price, seed }: QueueOptions,
  optimum: number | null,
): QueueCandidate {
  const trial = tuneQueueRival(rival, arena, { allowance: epsilon, seed });
  const { targetRatio, violationShare, costInstanceSeconds, launchesPerHour } = trial;
  const isKept = violationShare <= epsilon && optimum !== null && optimum > 0;
  return {
    name: rival.name,
    targetRatio,
    lateShare: violationShare,
    costInstanceSeconds,
    costUsd: priceOf(costInstanceSeconds, price),
    ratio: isKept ? costInstanceSeconds / optimum : null,
    launchesPerHour,
  };
}

function byRatio(one: QueueCandidate, other: QueueCandidate): number {
  if (one.ratio !== null && other.ratio !== null) return one.ratio - other.ratio;
  if (one.ratio === null && other.ratio === null) return one.lateShare - other.lateShare;
  return one.ratio === null ? 1 : -1;
}

function describe(path: string, arena: QueueArena, { epsilon }: QueueOptions): string {
  const { jobs, meanSeconds, promiseSeconds } = arena;
  const count = say.sayWhole(jobs.sentAt.length);
  const mean = Number(meanSeconds.toPrecision(3));
  return (
    `${path}: ${count} jobs of ${mean} s in the mean, promised within ${promiseSeconds} s; ` +
    `at most ${say.percentKey(epsilon)} of the work late`
  );
}

function formatRows(
  candidates: readonly QueueCandidate[],
  optimum: number | null,
  { price }: QueueOptions,
): string {
  const least = optimum === null ? '-' : say.sayUsd(priceOf(optimum, price));
  return formatTable([
    ['', 'cost / optimum', 'late', 'cost', 'launches an hour', 'target'],
    ['optimum', optimum === null ? '-' : '1', '', least, '', 'knows the future'],
    ...candidates.map((one) => [
      one.name,
      say.sayRatio(one.ratio),
      say.sayPercent(one.lateShare),
      say.sayUsd(one.costUsd),
      one.launchesPerHour.toFixed(2),
      `${say.sayPercent(one.targetRatio)} of the promise, in hindsight`,
    ]),
  ]);
}
