// What a queue's workers are simulated on: a file of messages, each with its duration, or a load that
// counts messages and the durations to draw.

import { createReadStream } from 'node:fs';
import { drawMessages } from '../../simulation/queue/draw-messages.ts';
import { prepareQueue, type QueueArena } from '../../simulation/queue/queue-arena.ts';
import { createJobsReader, jobsMax, type Jobs } from '../../simulation/trace/jobs.ts';
import { describeError } from '../describe-error.ts';
import { StartError } from '../start-error.ts';
import { readBoot } from './make-arena.ts';
import type { ArenaOptions, LoadOptions } from './options.ts';
import { readLoad } from './read-load.ts';
import * as say from './say-figures.ts';

export interface QueueLoadOptions extends LoadOptions {
  /** Path of a CSV of messages, instead of a load. */
  readonly jobs?: string;
  /** Mean duration of a message of a load, in milliseconds. */
  readonly serviceTime?: number;
  /** Its standard deviation over its mean. */
  readonly spread: number;
}

export interface NamedMessages {
  readonly name: string;
  readonly jobs: Jobs;
  readonly notes: readonly string[];
}

export async function readMessages(options: QueueLoadOptions): Promise<NamedMessages> {
  const { jobs: path, serviceTime, spread, seed } = options;
  if (path !== undefined) {
    if (options.trace !== undefined || options.generator !== undefined) {
      throw new StartError('--jobs and a load were both given; allowed: one of them', 2);
    }
    return { name: path, jobs: await readJobs(path), notes: [] };
  }
  if (serviceTime === undefined) {
    throw new StartError(
      'a queue and no durations; allowed: --jobs <file.csv> with timestamp,seconds of each message, ' +
        'or a load of messages with --service-time, such as 25s',
      2,
    );
  }
  const { name, load, notes } = await readLoad(options);
  const count = Math.round(load.workPerSecond.reduce((sum, messages) => sum + messages, 0));
  if (count === 0) throw new StartError(`${name}: the load has no message`, 2);
  if (count > jobsMax) {
    const most = say.sayWhole(jobsMax);
    const found = `${name}: ${say.sayWhole(count)} messages`;
    throw new StartError(`${found}; a simulation takes ${most} at most (--value count?)`, 2);
  }
  const durations = { meanSeconds: serviceTime / 1000, spreadRatio: spread, seed };
  return { name, jobs: drawMessages(load, durations), notes };
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

export interface QueueTerms {
  readonly promiseMs: number;
  readonly slotsPerInstance: number;
  readonly min: number;
  readonly max: number;
}

export function makeQueueArena(
  { name, jobs }: NamedMessages,
  options: ArenaOptions,
  { promiseMs, slotsPerInstance, min, max }: QueueTerms,
): QueueArena {
  const reading = prepareQueue(jobs, {
    promiseSeconds: Math.max(1, Math.ceil(promiseMs / 1000)),
    boot: readBoot(options),
    minInstances: min,
    maxInstances: max,
    slotsPerInstance,
    ...(options.warmup === undefined ? {} : { warmupSeconds: Math.ceil(options.warmup / 1000) }),
  });
  if (reading.kind === 'refused') throw new StartError(`${name}: ${reading.message}`, 2);
  return reading.arena;
}

/** What was run, in a line. */
export function describeQueue(name: string, arena: QueueArena): string {
  const { jobs, meanSeconds, promiseSeconds, boot, workload, slotsPerInstance } = arena;
  const { fromSecond, toSecond } = workload.scored;
  const count = say.sayWhole(jobs.sentAt.length);
  const mean = Number(meanSeconds.toPrecision(3));
  const slots = slotsPerInstance === 1 ? '' : `, ${slotsPerInstance} at a time`;
  const seconds = boot.kind === 'fixed' ? boot.seconds : boot.medianSeconds;
  return (
    `${name}: ${count} messages of ${mean} s in the mean${slots}, promised within ${promiseSeconds} s; ` +
    `scored ${say.sayDuration(toSecond - fromSecond)}; an instance boots ${seconds} s`
  );
}

/** Says that some bounds are left out, and why; null where none is. */
export function describeTooLarge(
  bound: { readonly stateCount: number; readonly statesMax: number } | null,
): string | null {
  if (bound === null) return null;
  return (
    `${say.sayWhole(bound.stateCount)} states are too many for the optimum; it takes ` +
    `${say.sayWhole(bound.statesMax)}: a shorter trace or promise, or a smaller max, has one`
  );
}
