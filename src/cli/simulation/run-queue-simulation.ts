// One group that works off a queue: the figures, the chart and the newest decisions. Prints nothing.

import type { GroupConfig } from '../../config/config.ts';
import { readCalendar } from '../../config/read-calendar.ts';
import type { Decision } from '../../core/decision.ts';
import type { BacklogPolicy } from '../../core/policies/policy.ts';
import { drawQueueChart } from '../../simulation/chart/queue-chart.ts';
import { createQueueRecorder } from '../../simulation/chart/queue-recorder.ts';
import type { QueueBound } from '../../simulation/optimum/queue-bound.ts';
import { createQueueOptimum } from '../../simulation/queue/bound-queue.ts';
import { simulateQueueGroup } from '../../simulation/queue/queue-arena.ts';
import type { MessageResult } from '../../simulation/queue/run-messages.ts';
import { violationAllowances } from '../../simulation/score/score.ts';
import { priceOf } from './make-arena.ts';
import type { ArenaOptions } from './options.ts';
import {
  describeQueue,
  describeTooLarge,
  makeQueueArena,
  type NamedMessages,
} from './read-queue.ts';
import { newestMax } from './run-simulation.ts';
import * as say from './say-figures.ts';

/** What `--json` prints of a queue: names and meanings stay. */
export interface QueueReport {
  /** Sent in the scored span, a promise before its end or earlier. */
  readonly messages: number;
  /** The share of them that was done within the promise, 0–1. */
  readonly keptShare: number;
  /** From sent to done, in milliseconds; null where so many were not done within the run. */
  readonly latency: {
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly p99Ms: number | null;
    readonly longestMs: number | null;
  };
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  /** All null where the queue is too large for the optimum. */
  readonly optimum: {
    readonly costInstanceSeconds: Readonly<Record<string, number | null>>;
    readonly costAtOwnLateShare: number | null;
  };
  /** Null where more messages were late than that, too. */
  readonly competitiveRatio: Readonly<Record<string, number | null>>;
  readonly launches: number;
  readonly launchesPerHour: number;
  /** The most instances in service, from the run's beginning on. */
  readonly peakInstances: number;
  readonly ticksPerSecond: number;
}

export interface QueueSimulationOptions extends ArenaOptions {
  readonly seed: number;
  /** Told what is computed, in a line. */
  readonly onProgress?: (line: string) => void;
}

export interface QueueOutcome {
  readonly title: string;
  readonly report: QueueReport;
  readonly notes: readonly string[];
  /** The newest changes, oldest first. */
  readonly newest: readonly Decision[];
  /** Drawn when it is asked for. */
  readonly svg: () => string;
}

export function runQueueSimulation(
  { group, calendar, pricePerInstanceHour }: GroupConfig,
  policy: BacklogPolicy,
  messages: NamedMessages,
  options: QueueSimulationOptions,
): QueueOutcome {
  const { workersPerInstance: slotsPerInstance, promiseMs } = policy;
  const { min, max } = group;
  const arena = makeQueueArena(messages, options, { promiseMs, slotsPerInstance, min, max });
  options.onProgress?.(`simulating ${group.name}`);
  const recorder = createQueueRecorder(arena);
  const newest: Decision[] = [];
  const before = performance.now();
  const result = simulateQueueGroup(arena, {
    group,
    seed: options.seed,
    readCalendar: (now) => readCalendar(calendar, now),
    pricePerInstanceHour: pricePerInstanceHour ?? options.price,
    onSecond: recorder.record,
    onChange: (decision) => {
      recorder.noteChange(decision);
      newest.push(decision);
      if (newest.length > newestMax) newest.shift();
    },
  });
  const elapsedMs = performance.now() - before;
  const findBound = createQueueOptimum(arena);
  const lateShare = result.late / result.messages;
  const bounds = [...violationAllowances, lateShare].map((allowance) =>
    findBound(allowance, {
      onTried: (search) => options.onProgress?.(say.saySearch(allowance, search)),
    }),
  );
  const report = makeReport(result, bounds, {
    costUsd: priceOf(result.costInstanceSeconds, options.price),
    ticksPerSecond: Math.round((arena.workload.scored.toSecond * 1000) / elapsedMs),
  });
  const title = `${group.name} on ${describeQueue(messages.name, arena)}`;
  const { scoredSeconds, doneAt } = result;
  const { promiseSeconds } = arena;
  const kept = `${say.sayShare(report.keptShare)} of ${say.sayWhole(report.messages)} messages`;
  const subtitle = `${kept} within ${promiseSeconds} s, cost ${say.sayUsd(report.costUsd)}`;
  const notes = describeTooLarge(bounds.find((bound) => bound.kind === 'too-large') ?? null);
  return {
    title,
    report,
    notes: [...messages.notes, ...(notes === null ? [] : [notes])],
    newest,
    svg: () =>
      drawQueueChart({
        title: `${group.name} on ${messages.name}`,
        subtitle,
        promiseSeconds,
        columns: recorder.columns(doneAt),
        scoredSeconds,
      }),
  };
}

/** `bounds`: at each allowance, and last at the run's own share of late messages. */
function makeReport(
  result: MessageResult,
  bounds: readonly QueueBound[],
  measured: Pick<QueueReport, 'costUsd' | 'ticksPerSecond'>,
): QueueReport {
  const { costInstanceSeconds, late, latencies, launches, messages, scoredSeconds } = result;
  const costs = bounds.map((bound) => (bound.kind === 'bound' ? bound.bound : null));
  const keys = violationAllowances.map(say.percentKey);
  const ratioAt = (index: number): number | null => {
    const least = costs[index] ?? null;
    const isKept = late / messages <= (violationAllowances[index] ?? 0);
    return isKept && least !== null && least > 0 ? costInstanceSeconds / least : null;
  };
  return {
    messages,
    keptShare: 1 - late / messages,
    latency: {
      p50Ms: toMilliseconds(latencies.p50),
      p95Ms: toMilliseconds(latencies.p95),
      p99Ms: toMilliseconds(latencies.p99),
      longestMs: toMilliseconds(latencies.most),
    },
    costInstanceSeconds,
    costUsd: measured.costUsd,
    optimum: {
      costInstanceSeconds: Object.fromEntries(
        keys.map((key, index) => [key, costs[index] ?? null]),
      ),
      costAtOwnLateShare: costs.at(-1) ?? null,
    },
    competitiveRatio: Object.fromEntries(keys.map((key, index) => [key, ratioAt(index)])),
    launches,
    launchesPerHour: (launches * 3600) / scoredSeconds,
    peakInstances: result.peakInstances,
    ticksPerSecond: measured.ticksPerSecond,
  };
}

function toMilliseconds(seconds: number): number | null {
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
}
