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
  readonly late: number;
  readonly costInstanceSeconds: number;
  readonly launches: number;
  readonly peakInstances: number;
}

/** Ends with the scored span; in a run of one burst, set its end to when all must be over. */
export function runMessages(run: MessageRun): MessageResult {
  const world = createQueueWorld(run);
  const { rule, minInstances, maxInstances, scored } = run;
  let desired = run.startInstances;
  let billed = 0;
  let peakInstances = 0;
  let toppedUpBefore = 0;
  for (let second = 0; second < scored.toSecond; second += 1) {
    if (second === scored.fromSecond) toppedUpBefore = world.toppedUpSeconds;
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
    launches: world.launches,
    peakInstances,
  };
}

function judge(
  world: QueueWorld,
  { jobs, scored, promiseSeconds }: MessageRun,
): Pick<MessageResult, 'lastSeconds' | 'messages' | 'late'> {
  let messages = 0;
  let late = 0;
  let lastSeconds = 0;
  for (const [index, sentAt] of jobs.sentAt.entries()) {
    const doneAt = world.doneAt[index] ?? Number.NaN;
    if (doneAt > lastSeconds) lastSeconds = doneAt;
    if (sentAt < scored.fromSecond || sentAt > scored.toSecond - promiseSeconds) continue;
    messages += 1;
    if (!(doneAt - sentAt <= promiseSeconds)) late += 1;
  }
  return { lastSeconds, messages, late };
}
