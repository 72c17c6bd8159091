// What a group would have been by its decisions, beside what it was: sizes over time, changes, and the
// time above its targets. Counts what the journal shows; what is estimated is called so.

import type { Decision } from './decision.ts';
import type { Group, Mode } from './group.ts';
import { findIntendedSize } from './intended-size.ts';
import type { Observation } from './observation.ts';
import { standsMsMax } from './reconsider.ts';
import type { RecordedEntry } from './replay.ts';
import type { EpochMs } from './time.ts';

/** Of one of the two: as it was, or as it would have been. */
export interface Course {
  /** Instances times milliseconds. */
  readonly instanceMs: number;
  readonly changes: number;
  /** Milliseconds with less than was needed, of `estimatedMs`. */
  readonly shortMs: number;
  /** Instances missing times milliseconds. */
  readonly missingMs: number;
  readonly size: number | null;
}

export interface ShadowReport {
  /** Time with a decision and a known capacity. A decision stands for 10 s at most. */
  readonly ms: number;
  /** Time in which nothing was decided: the capacity unknown, or the mode `observe`. */
  readonly undecidedMs: number;
  readonly modes: readonly Mode[];
  readonly was: Course;
  readonly wouldBe: Course;
  /** Time in which the need could be estimated from the targets of the group's policies. */
  readonly estimatedMs: number;
  /** Instances needed times milliseconds. */
  readonly neededMs: number;
  /** The newest known; null: none was. */
  readonly pricePerInstanceHour: number | null;
}

export interface Reporting {
  readonly group: Group | null;
  readonly report: ShadowReport;
  readonly open: (RecordedEntry & { readonly kind: 'tick' }) | null;
  /** Sizes meant within the warm-up, smallest last-standing first: the first of them is ready. */
  readonly meant: readonly { readonly at: EpochMs; readonly size: number }[];
}

const emptyCourse: Course = { instanceMs: 0, changes: 0, shortMs: 0, missingMs: 0, size: null };

export function beginReporting(group: Group | null): Reporting {
  const report: ShadowReport = {
    ms: 0,
    undecidedMs: 0,
    modes: group === null ? [] : [group.mode],
    was: emptyCourse,
    wouldBe: emptyCourse,
    estimatedMs: 0,
    neededMs: 0,
    pricePerInstanceHour: null,
  };
  return { group, report, open: null, meant: [] };
}

/** Goes on by one entry, oldest first. A tick counts once the next shows how long it stood. */
export function reportEntry(reporting: Reporting, entry: RecordedEntry): Reporting {
  if (entry.kind === 'config') {
    const { modes } = reporting.report;
    const { mode } = entry.config;
    const known = modes.includes(mode) ? modes : [...modes, mode];
    const report = { ...reporting.report, modes: known };
    return { ...reporting, group: entry.config, report };
  }
  if (entry.kind !== 'tick') return reporting;
  const { open } = reporting;
  if (open === null) return { ...reporting, open: entry };
  const ms = Math.min(standsMsMax, entry.at - open.at);
  return { ...countTick(reporting, open, ms), open: entry };
}

function countTick(
  reporting: Reporting,
  { at, observation, decision }: { readonly at: EpochMs } & TickPart,
  ms: number,
): Reporting {
  const { group, report } = reporting;
  const intended = findIntendedSize(decision);
  const { capacity } = observation;
  if (intended === null || capacity === null || group === null) {
    return { ...reporting, report: { ...report, undecidedMs: report.undecidedMs + ms } };
  }
  const meant = remember(reporting.meant, { at, size: intended }, group.warmupMs);
  const needed = estimateNeed(group, observation);
  // Nothing is short of a share that its policies tolerate.
  const ready = { was: observation.fleet.warmed, wouldBe: meant[0]?.size ?? intended };
  const price = observation.spending?.pricePerInstanceHour ?? report.pricePerInstanceHour;
  return {
    ...reporting,
    meant,
    report: {
      ...report,
      ms: report.ms + ms,
      estimatedMs: report.estimatedMs + (needed === null ? 0 : ms),
      neededMs: report.neededMs + (needed?.instances ?? 0) * ms,
      was: countCourse(report.was, { size: capacity.desired, ready: ready.was, needed, ms }),
      wouldBe: countCourse(report.wouldBe, { size: intended, ready: ready.wouldBe, needed, ms }),
      pricePerInstanceHour: price,
    },
  };
}

interface TickPart {
  readonly observation: Observation;
  readonly decision: Decision;
}

interface Need {
  readonly instances: number;
  /** How much more than there is, as a ratio, is still no reason to add. */
  readonly toleranceRatio: number;
}

interface Moment {
  readonly size: number;
  readonly ready: number;
  readonly needed: Need | null;
  readonly ms: number;
}

function countCourse(course: Course, { size, ready, needed, ms }: Moment): Course {
  const isShort = needed !== null && needed.instances > ready * (1 + needed.toleranceRatio);
  const missing = isShort ? needed.instances - ready : 0;
  return {
    instanceMs: course.instanceMs + size * ms,
    changes: course.changes + (course.size === null || course.size === size ? 0 : 1),
    shortMs: course.shortMs + (isShort ? ms : 0),
    missingMs: course.missingMs + missing * ms,
    size,
  };
}

/**
 * What it would take to have every tracked signal at its target: readings × instances ÷ target, as
 * target tracking computes it. Null without one that was read. Expressions are left out.
 */
function estimateNeed(group: Group, { fleet, signals }: Observation): Need | null {
  let need: Need | null = null;
  for (const policy of group.policies) {
    if (policy.type !== 'target-tracking') continue;
    for (const { selector, target } of [policy, ...(policy.others ?? [])]) {
      const reading = selector.expression === undefined ? signals[selector.key] : undefined;
      if (reading === undefined) continue;
      const share = reading.value / target;
      const instances = selector.statistic === 'sum' ? share : fleet.warmed * share;
      if (need !== null && need.instances >= instances) continue;
      need = { instances, toleranceRatio: policy.tolerance.scaleOutRatio };
    }
  }
  return need;
}

/** What is added is ready after the warm-up; what is removed is gone at once. Ascending sizes. */
function remember(
  meant: Reporting['meant'],
  now: Reporting['meant'][number],
  warmupMs: number,
): Reporting['meant'] {
  const standing = meant.filter(({ at, size }) => size < now.size && at > now.at - warmupMs);
  return [...standing, now];
}
