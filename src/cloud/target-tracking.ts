// Target tracking: the shape of its two alarms and what it does when they fire. Where metrics come
// from is the caller's: see `MetricSource`.

import { SECOND_MS } from './calendar.ts';
import { CAPACITY_REASONS } from './cause.ts';
import { changeDesired } from './desired-capacity.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';
import type { PolicyRule, ScalingPolicy, TrackedMetric } from './scaling-policy.ts';
import { isSuspended } from './suspension.ts';
import type { EpochMs } from './time.ts';
import { countWarmedUp, warmupSecondsOf } from './warm-up.ts';

type TargetTrackingRule = Extract<PolicyRule, { kind: 'target-tracking' }>;

/** Where target tracking reads its metrics. */
export interface MetricSource {
  /**
   * Returns the metric's statistic over [startAt, endAt), taken over the group's instances that
   * have warmed up; `undefined` if there is no data.
   */
  read(query: {
    readonly groupName: string;
    readonly metric: TrackedMetric;
    readonly startAt: EpochMs;
    readonly endAt: EpochMs;
    readonly warmupSeconds: number;
  }): number | undefined;
}

/** One policy's reading that says something. */
export interface TargetReading {
  readonly policy: ScalingPolicy;
  readonly rule: TargetTrackingRule;
  readonly direction: 'out' | 'in';
  readonly metricValue: number;
}

/**
 * Evaluates the alarms of all of the group's target tracking policies at the model's present and
 * acts. "Scales out if any policy is ready to, in only if all are": user guide.
 */
export function evaluateTargetTracking(model: Model, group: Group, source: MetricSource): void {
  if (isSuspended(group, 'AlarmNotification') || group.isBeingDeleted) return;
  const readings: TargetReading[] = [];
  let scaleInVotes = 0;
  let scaleInVoters = 0;
  for (const { policy, rule } of trackingPolicies(group)) {
    const reading = readAlarms(model, group, { policy, rule }, source);
    if (!rule.disablesScaleIn) scaleInVoters += 1;
    if (reading?.direction === 'in') scaleInVotes += 1;
    if (reading !== undefined) readings.push(reading);
  }
  const out = readings.filter(({ direction }) => direction === 'out');
  if (out.length > 0) trackTarget(model, group, out);
  else if (scaleInVotes > 0 && scaleInVotes === scaleInVoters) trackTarget(model, group, readings);
}

/**
 * Sets desired capacity by readings that all have one direction: the largest that any asks for.
 * Out: max(desired, ⌈warmed · m / T⌉). In: ⌈capacity · m / T⌉, and only when nothing warms up.
 */
export function trackTarget(model: Model, group: Group, readings: readonly TargetReading[]): void {
  let best: { readonly reading: TargetReading; readonly desired: number } | undefined;
  for (const reading of readings) {
    const desired = desiredBy(model, group, reading);
    if (desired === undefined) return;
    if (best === undefined || desired > best.desired) best = { reading, desired };
  }
  if (best === undefined || best.desired === group.desired) return;
  const { policy, direction } = best.reading;
  const alarmName = policy.alarmNames[direction === 'out' ? 0 : 1] ?? policy.name;
  const reason = CAPACITY_REASONS.alarm(alarmName, policy.name);
  changeDesired(model, group, { desired: best.desired, reason });
}

/** Returns the group's enabled target tracking policies in the order of their names. */
export function trackingPolicies(
  group: Group,
): { readonly policy: ScalingPolicy; readonly rule: TargetTrackingRule }[] {
  return [...group.policies.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((policy) => {
      const { rule } = policy;
      return rule.kind === 'target-tracking' && policy.isEnabled ? [{ policy, rule }] : [];
    });
}

/** Returns when the next period of a metric has been published. */
export function nextEvaluationAt(model: Model, rule: TargetTrackingRule): EpochMs {
  const { periodMs, delayMs } = cadenceOf(model, rule);
  return (Math.floor((model.now - delayMs) / periodMs) + 1) * periodMs + delayMs;
}

/** `undefined` blocks every reading of that direction: nothing may go in while something warms up. */
function desiredBy(
  model: Model,
  group: Group,
  { rule, direction, metricValue }: TargetReading,
): number | undefined {
  const { min, max } = group.settings;
  const warmed = countWarmedUp(model, group, warmupSecondsOf(group, rule.warmupSeconds));
  if (direction === 'out') {
    const wanted = Math.max(group.desired, Math.ceil((warmed * metricValue) / rule.target));
    return Math.min(max, Math.max(min, wanted));
  }
  if (warmed < group.desired) return undefined;
  const wanted = Math.ceil((group.desired * metricValue) / rule.target);
  return Math.min(group.desired, Math.max(min, wanted));
}

/** Metrics with a period below a minute are published sooner: high resolution. */
export function cadenceOf(
  model: Model,
  { metric }: TargetTrackingRule,
): { readonly periodMs: number; readonly delayMs: number } {
  const periodMs = metric.periodSeconds * SECOND_MS;
  const { metricDelayMs, highResolutionMetricDelayMs } = model.options.targetTracking;
  return { periodMs, delayMs: periodMs < 60_000 ? highResolutionMetricDelayMs : metricDelayMs };
}

/** Alarm high: every one of the last periods above the target. Low: every one below its share. */
function readAlarms(
  model: Model,
  group: Group,
  { policy, rule }: { readonly policy: ScalingPolicy; readonly rule: TargetTrackingRule },
  source: MetricSource,
): TargetReading | undefined {
  const { highPeriods, lowPeriods, lowRatio } = model.options.targetTracking;
  const { periodMs, delayMs } = cadenceOf(model, rule);
  const lastEnd = Math.floor((model.now - delayMs) / periodMs) * periodMs;
  const warmupSeconds = warmupSecondsOf(group, rule.warmupSeconds);
  const readPeriod = (age: number): number | undefined => {
    const endAt = lastEnd - age * periodMs;
    const { name: groupName } = group;
    return source.read({
      groupName,
      metric: rule.metric,
      startAt: endAt - periodMs,
      endAt,
      warmupSeconds,
    });
  };
  const metricValue = readPeriod(0);
  if (metricValue === undefined) return undefined;
  const isEvery = (periods: number, test: (value: number) => boolean): boolean => {
    for (let age = 0; age < periods; age += 1) {
      const value = readPeriod(age);
      if (value === undefined || !test(value)) return false;
    }
    return true;
  };
  if (isEvery(highPeriods, (value) => value > rule.target)) {
    return { policy, rule, direction: 'out', metricValue };
  }
  const isLow =
    !rule.disablesScaleIn && isEvery(lowPeriods, (value) => value < lowRatio * rule.target);
  return isLow ? { policy, rule, direction: 'in', metricValue } : undefined;
}
