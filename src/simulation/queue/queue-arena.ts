// Where rules for queues meet: the same whole messages, the same promise, the same boots, failures and
// start. Whatever runs here, a rival or Foretide's own rule, is run and billed alike.
import type { CalendarReading } from '../../controller/group-settings.ts';
import type { Decision } from '../../core/decision.ts';
import type { Group } from '../../core/group.ts';
import type { EpochMs } from '../../core/time.ts';
import { standardArena } from '../arena.ts';
import type { Arena } from '../arena.ts';
import { actingGroup } from '../foretide-scaler.ts';
import { blockSeconds } from '../score/blocks.ts';
import { targetRatios } from '../rivals/index.ts';
import type { Rival } from '../rivals/rival.ts';
import type { Trial } from '../tune-in-hindsight.ts';
import { cheapestWithin } from '../tune-in-hindsight.ts';
import type { Jobs } from '../trace/jobs.ts';
import { prepareWorkload } from '../workload.ts';
import type { Workload } from '../workload.ts';
import { createBacklogRule } from './backlog-rule.ts';
import type { QueueSecond, QueueWorldOptions } from './queue-world.ts';
import { createRivalRule } from './rival-rule.ts';
import { runMessages } from './run-messages.ts';
import type { MessageResult } from './run-messages.ts';

export interface QueueConditions {
  /** From a message's sending to its deletion. */
  readonly promiseSeconds: number;
  readonly boot: Arena['boot'];
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Messages that an instance works on at a time; default 1. */
  readonly slotsPerInstance?: number;
  /** Run and not scored; default 7 days, or a tenth of a shorter trace. */
  readonly warmupSeconds?: number;
}

export interface QueueArena extends Required<Omit<QueueConditions, 'warmupSeconds'>> {
  /** Sent at seconds from the workload's start on. */
  readonly jobs: Jobs;
  /** In worker-seconds that arrive by the second. */
  readonly workload: Workload;
  /** Of a message. */
  readonly meanSeconds: number;
}

export type QueueReading =
  | { readonly kind: 'arena'; readonly arena: QueueArena }
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Makes messages, sent at epoch seconds, ready for any number of runs, or says why they cannot be
 * scored. The span ends when the promise of the last one does.
 */
export function prepareQueue(jobs: Jobs, conditions: QueueConditions): QueueReading {
  const { promiseSeconds, slotsPerInstance = 1, warmupSeconds } = conditions;
  // Whole blocks, so that no message is lost at either end.
  const startSeconds = blockSeconds * Math.floor((jobs.sentAt[0] ?? 0) / blockSeconds);
  const lastSeconds = Math.floor(jobs.sentAt.at(-1) ?? startSeconds);
  const endSeconds = blockSeconds * Math.ceil((lastSeconds + promiseSeconds + 1) / blockSeconds);
  const workPerSecond = new Float64Array(endSeconds - startSeconds);
  let work = 0;
  for (const [index, at] of jobs.sentAt.entries()) {
    const seconds = jobs.durations[index] ?? 0;
    const second = Math.floor(at) - startSeconds;
    workPerSecond[second] = (workPerSecond[second] ?? 0) + seconds;
    work += seconds;
  }
  const reading = prepareWorkload(
    { startSeconds, workPerSecond, telemetryGaps: [] },
    { capacityPerInstance: 1, ...(warmupSeconds === undefined ? {} : { warmupSeconds }) },
  );
  if (reading.kind === 'refused') return { kind: 'refused', message: reading.message };
  const { workload } = reading;
  const sentAt = jobs.sentAt.map((at) => at - startSeconds);
  const { fromSecond, toSecond } = workload.scored;
  if (!sentAt.some((at) => at >= fromSecond && at <= toSecond - promiseSeconds)) {
    const message = `no message is sent after the warm-up of ${fromSecond} s; a shorter one has some`;
    return { kind: 'refused', message };
  }
  return {
    kind: 'arena',
    arena: {
      ...conditions,
      slotsPerInstance,
      jobs: { sentAt, durations: jobs.durations },
      workload,
      meanSeconds: work / jobs.durations.length,
    },
  };
}

/** Every rule starts with the least, and one at least: no metric per instance exists without one. */
function countStartInstances({ minInstances, maxInstances }: QueueArena): number {
  return Math.min(maxInstances, Math.max(1, minInstances));
}

function worldOf(arena: QueueArena): Omit<QueueWorldOptions, 'scaleInOrder' | 'seed'> {
  const { boot, jobs, slotsPerInstance } = arena;
  return {
    jobs,
    boot,
    slotsPerInstance,
    startInstances: countStartInstances(arena),
    launchFailureRatio: standardArena.launchFailureRatio,
    settleSeconds: 0,
  };
}

export interface QueueGroupOptions {
  readonly group: Group;
  readonly seed: number;
  readonly readCalendar?: (now: EpochMs) => CalendarReading;
  readonly pricePerInstanceHour?: number;
  readonly onChange?: (decision: Decision) => void;
  /** Told each second, for those who draw it. */
  readonly onSecond?: (seen: QueueSecond) => void;
}

/** Runs a group with a backlog policy within its own bounds, whatever those of the arena. */
export function simulateQueueGroup(arena: QueueArena, options: QueueGroupOptions): MessageResult {
  const { seed, readCalendar, pricePerInstanceHour, onChange, onSecond } = options;
  const group = actingGroup(options.group);
  const bounded = { ...arena, minInstances: group.min, maxInstances: group.max };
  const rule = createBacklogRule(group, {
    startSeconds: arena.workload.load.startSeconds,
    ...(readCalendar !== undefined && { readCalendar }),
    ...(pricePerInstanceHour !== undefined && { pricePerInstanceHour }),
    onDecision: (decision) => {
      if (decision.acts) onChange?.(decision);
    },
  });
  return runMessages({
    ...worldOf(bounded),
    rule,
    promiseSeconds: arena.promiseSeconds,
    minInstances: group.min,
    maxInstances: group.max,
    scaleInOrder: 'idle-first',
    seed,
    scored: arena.workload.scored,
    ...(onSecond !== undefined && { onSecond }),
  });
}

/** One run at a target, which is a share of promise / mean duration: AWS's own recipe is 1. */
export function simulateQueueRival(
  rival: Rival,
  arena: QueueArena,
  { targetRatio, seed }: { readonly targetRatio: number; readonly seed: number },
): MessageResult {
  const { workload, promiseSeconds, meanSeconds, minInstances, maxInstances } = arena;
  const target = (targetRatio * arena.slotsPerInstance * promiseSeconds) / meanSeconds;
  const { startSeconds } = workload.load;
  return runMessages({
    ...worldOf(arena),
    rule: createRivalRule(rival, target, { minInstances, maxInstances, startSeconds }),
    promiseSeconds,
    minInstances,
    maxInstances,
    // Elsewhere than on AWS instances on their way go first, and then idle ones: in their favour.
    scaleInOrder: rival.scaleInOrder === 'oldest-first' ? 'oldest-first' : 'idle-first',
    seed,
    scored: workload.scored,
  });
}

/** What a run came to; `violationShare` is that of the messages that were late. */
export function toTrial(result: MessageResult, targetRatio: number): Trial {
  const { late, messages, costInstanceSeconds, launches, scoredSeconds } = result;
  return {
    targetRatio,
    violationShare: late / messages,
    costInstanceSeconds,
    launchesPerHour: (launches * 3600) / scoredSeconds,
  };
}

/** So many targets in a row that keep the allowance, each dearer than the one before, are enough. */
const settledTargets = 3;

export interface QueueTuning {
  /** The share of the messages that may be late. */
  readonly allowance: number;
  readonly seed: number;
  /** Told how many targets have been run, of `targetRatios` at most. */
  readonly onTrial?: (count: number) => void;
}

/** The cheapest target that keeps the allowance of late messages; where none does, the least late. */
export function tuneQueueRival(
  rival: Rival,
  arena: QueueArena,
  { allowance, seed, onTrial }: QueueTuning,
): Trial {
  const trials: Trial[] = [];
  let settled = 0;
  for (const targetRatio of targetRatios.toReversed()) {
    if (settled === settledTargets) break;
    const trial = toTrial(simulateQueueRival(rival, arena, { targetRatio, seed }), targetRatio);
    const before = trials.at(-1)?.costInstanceSeconds ?? Number.POSITIVE_INFINITY;
    const isSettled = trial.violationShare <= allowance && trial.costInstanceSeconds > before;
    settled = isSettled ? settled + 1 : 0;
    trials.push(trial);
    onTrial?.(trials.length);
  }
  const leastLate = trials.toSorted((one, other) => one.violationShare - other.violationShare)[0];
  const best = cheapestWithin(trials, allowance) ?? leastLate;
  if (best === undefined) throw new Error('the grid of targets is empty');
  return best;
}
