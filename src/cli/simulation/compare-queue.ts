// `foretide compare` on a queue: configs as they are, and the rules of other autoscalers for queues,
// each at its best on these very messages, beside the least that any fleet of workers could cost.

import { basename } from 'node:path';
import type { GroupConfig } from '../../config/config.ts';
import { readCalendar } from '../../config/read-calendar.ts';
import type { BacklogPolicy } from '../../core/policies/policy.ts';
import { standardArena } from '../../simulation/arena.ts';
import { drawRatioChart } from '../../simulation/chart/ratio-chart.ts';
import { createQueueOptimum } from '../../simulation/queue/bound-queue.ts';
import {
  simulateQueueGroup,
  toTrial,
  tuneQueueRival,
  type QueueArena,
} from '../../simulation/queue/queue-arena.ts';
import { rivals } from '../../simulation/rivals/index.ts';
import type { Rival } from '../../simulation/rivals/rival.ts';
import type { Trial } from '../../simulation/tune-in-hindsight.ts';
import { StartError } from '../start-error.ts';
import { priceOf } from './make-arena.ts';
import type { ArenaOptions } from './options.ts';
import {
  describeQueue,
  describeTooLarge,
  makeQueueArena,
  type NamedMessages,
  type QueueTerms,
} from './read-queue.ts';
import * as say from './say-figures.ts';

export interface QueueComparisonOptions extends ArenaOptions {
  /** From a message's sending to its deletion, in milliseconds; left out, that of the configs. */
  readonly promise?: number;
  /** The share of the messages that may be late. */
  readonly epsilon: number;
  readonly seed: number;
  /** Told what is computed, in a line. */
  readonly onProgress?: (line: string) => void;
}

export interface QueueEntrant {
  readonly path: string;
  readonly config: GroupConfig;
  readonly backlog: BacklogPolicy;
}

/** One row, as `--json` prints it. */
export interface QueueCandidate {
  readonly name: string;
  readonly kind: 'config' | 'rival';
  /** Share of promise / mean duration that the target of messages for each worker is; null: none. */
  readonly targetRatio: number | null;
  readonly lateShare: number;
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  /** Null above the allowance, or where the bound is too large to compute. */
  readonly ratio: number | null;
  readonly launchesPerHour: number;
}

export interface QueueComparison {
  readonly head: string;
  /** Null where the queue is too large for it. */
  readonly optimum: {
    readonly costInstanceSeconds: number | null;
    readonly costUsd: number | null;
  };
  /** By ratio. */
  readonly candidates: readonly QueueCandidate[];
  readonly notes: readonly string[];
  /** Drawn when it is asked for. */
  readonly svg: () => string;
}

const promiseDefaultMs = 300_000;

export function compareQueue(
  entrants: readonly QueueEntrant[],
  chosen: readonly Rival[],
  messages: NamedMessages,
  options: QueueComparisonOptions,
): QueueComparison {
  const { epsilon, price, seed, onProgress: tell } = options;
  const arena = makeQueueArena(messages, options, agreeOnTerms(entrants, options));
  const bound = createQueueOptimum(arena)(epsilon, {
    onTried: (search) => tell?.(say.saySearch(epsilon, search)),
  });
  const least = bound.kind === 'bound' ? bound.bound : null;
  const judge = ({ violationShare, costInstanceSeconds, launchesPerHour }: Trial) => ({
    lateShare: violationShare,
    costInstanceSeconds,
    costUsd: priceOf(costInstanceSeconds, price),
    ratio:
      violationShare <= epsilon && least !== null && least > 0 ? costInstanceSeconds / least : null,
    launchesPerHour,
  });
  const configs = entrants.map((entrant): QueueCandidate => {
    const name = `${entrant.config.group.name} (${basename(entrant.path)})`;
    tell?.(`running ${name}`);
    const trial = runEntrant(arena, entrant, options);
    return { name, kind: 'config', targetRatio: null, ...judge(trial) };
  });
  const others = chosen.map((rival): QueueCandidate => {
    tell?.(`tuning ${rival.name}`);
    const onTrial = (count: number): void => tell?.(`tuning ${rival.name}, ${count} targets tried`);
    const trial = tuneQueueRival(rival, arena, { allowance: epsilon, seed, onTrial });
    return {
      name: rival.name,
      kind: 'rival',
      targetRatio: trial.targetRatio,
      ...judge(trial),
    };
  });
  const candidates = [...configs, ...others].toSorted(byRatio);
  const note = describeTooLarge(bound.kind === 'too-large' ? bound : null);
  const allowed = `at most ${say.percentKey(epsilon)} of them late`;
  const head = `${describeQueue(messages.name, arena)}; ${allowed}`;
  return {
    head,
    optimum: {
      costInstanceSeconds: least,
      costUsd: least === null ? null : priceOf(least, price),
    },
    candidates,
    notes: [...messages.notes, ...(note === null ? [] : [note])],
    svg: () => drawComparison(candidates, head),
  };
}

export function chooseQueueRivals(against: string): readonly Rival[] {
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

/**
 * All are judged by one promise, on instances that take as many messages at a time; rivals and the
 * optimum get the widest bounds.
 */
function agreeOnTerms(
  entrants: readonly QueueEntrant[],
  { promise }: QueueComparisonOptions,
): QueueTerms {
  const promises = new Set(entrants.map(({ backlog }) => backlog.promiseMs));
  const slots = new Set(entrants.map(({ backlog }) => backlog.workersPerInstance));
  const [promiseMs = promiseDefaultMs] = promise === undefined ? promises : [promise];
  const [slotsPerInstance = 1] = slots;
  if (promise === undefined && promises.size > 1) {
    const found = [...promises].map((ms) => `${ms / 1000} s`).join(' and ');
    const line = `configs promise ${found}; allowed: one promise, or --promise for what all are`;
    throw new StartError(`${line} judged by`, 2);
  }
  if (slots.size > 1) {
    const found = [...slots].join(' and ');
    throw new StartError(`configs with workersPerInstance ${found}; allowed: one for all`, 2);
  }
  if (entrants.length === 0) {
    const { minInstances, maxInstances } = standardArena;
    return { promiseMs, slotsPerInstance, min: minInstances, max: maxInstances };
  }
  return {
    promiseMs,
    slotsPerInstance,
    min: Math.min(...entrants.map(({ config }) => config.group.min)),
    max: Math.max(...entrants.map(({ config }) => config.group.max)),
  };
}

function runEntrant(
  arena: QueueArena,
  { config }: QueueEntrant,
  { price, seed }: QueueComparisonOptions,
): Trial {
  const result = simulateQueueGroup(arena, {
    group: config.group,
    seed,
    readCalendar: (now) => readCalendar(config.calendar, now),
    pricePerInstanceHour: config.pricePerInstanceHour ?? price,
  });
  return toTrial(result, Number.NaN);
}

function byRatio(one: QueueCandidate, other: QueueCandidate): number {
  if (one.ratio !== null && other.ratio !== null) return one.ratio - other.ratio;
  if (one.ratio === null && other.ratio === null) return one.lateShare - other.lateShare;
  return one.ratio === null ? 1 : -1;
}

function drawComparison(candidates: readonly QueueCandidate[], subtitle: string): string {
  const bars = candidates.map(({ name, kind, ratio, lateShare }) => ({
    name,
    isOwn: kind === 'config',
    ratio,
    note: ratio === null ? `${say.sayPercent(lateShare)} late` : say.sayRatio(ratio),
  }));
  return drawRatioChart('Cost over the optimum’s; rivals tuned in hindsight', subtitle, bars);
}
