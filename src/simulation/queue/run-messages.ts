// Runs a rule on a queue of whole messages, and says what became of the promise and what it cost.
import type { QueueRule } from './backlog-rule.ts';
import {
  createQueueWorld,
  playSecond,
  resizeWorkers,
  type QueueSecond,
  type QueueWorld,
  type QueueWorldOptions,
} from './queue-world.ts';

export interface MessageRun extends QueueWorldOptions {
  readonly rule: QueueRule;
  readonly promiseSeconds: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Counted are the costs of these seconds, and the messages sent in them a promise before its end. */
  readonly scored: { readonly fromSecond: number; readonly toSecond: number };
  /** Told each second, for those who draw it. */
  readonly onSecond?: (seen: QueueSecond) => void;
}

export interface MessageResult {
  /** When the last message was done. */
  readonly lastSeconds: number;
  readonly messages: number;
  /** Of those, done after their promise, or not at all. */
  readonly late: number;
  /** From the sending of those to their end, in seconds; infinite where they were not done. */
  readonly latencies: MessageLatencies;
  readonly costInstanceSeconds: number;
  /** In the scored span; without those that failed. */
  readonly launches: number;
  readonly scoredSeconds: number;
  readonly peakInstances: number;
  /** When each message was done, scored or not; NaN for one that was not. */
  readonly doneAt: Float64Array;
}

/** NaN without a message. */
export interface MessageLatencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** Ends with the scored span; in a run of one burst, set its end to when all must be over. */
export function runMessages(run: MessageRun): MessageResult {
  const world = createQueueWorld(run);
  const { rule, minInstances, maxInstances, scored } = run;
  let desired = run.startInstances;
  let billed = 0;
  let peakInstances = 0;
  let toppedUpBefore = 0;
  let launchesBefore = 0;
  for (let second = 0; second < scored.toSecond; second += 1) {
    if (second === scored.fromSecond) {
      toppedUpBefore = world.toppedUpSeconds;
      launchesBefore = world.launches;
    }
    const seen = playSecond(world, second);
    run.onSecond?.(seen);
    if (second >= scored.fromSecond) billed += world.billed;
    peakInstances = Math.max(peakInstances, seen.inService);
    const wanted = Math.ceil(rule(seen, desired));
    desired = Math.min(maxInstances, Math.max(minInstances, wanted));
    resizeWorkers(world, desired, second + 1);
  }
  return {
    ...judge(world, run),
    costInstanceSeconds: billed + world.toppedUpSeconds - toppedUpBefore,
    launches: world.launches - launchesBefore,
    scoredSeconds: scored.toSecond - scored.fromSecond,
    peakInstances,
    doneAt: world.doneAt,
  };
}

function judge(
  world: QueueWorld,
  { jobs, scored, promiseSeconds }: MessageRun,
): Pick<MessageResult, 'lastSeconds' | 'messages' | 'late' | 'latencies'> {
  let late = 0;
  let lastSeconds = 0;
  const latencies: number[] = [];
  for (const [index, sentAt] of jobs.sentAt.entries()) {
    const doneAt = world.doneAt[index] ?? Number.NaN;
    if (doneAt > lastSeconds) lastSeconds = doneAt;
    if (sentAt < scored.fromSecond || sentAt > scored.toSecond - promiseSeconds) continue;
    if (!(doneAt - sentAt <= promiseSeconds)) late += 1;
    latencies.push(doneAt <= scored.toSecond ? doneAt - sentAt : Number.POSITIVE_INFINITY);
  }
  return { lastSeconds, messages: latencies.length, late, latencies: rankLatencies(latencies) };
}

function rankLatencies(latencies: readonly number[]): MessageLatencies {
  const sorted = Float64Array.from(latencies).toSorted();
  // The smallest that so many of them do not exceed.
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}
