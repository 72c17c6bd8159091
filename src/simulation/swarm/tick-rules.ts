// The rules about one decision: what it looked at must be true, and what it does must be allowed by
// what is true. Judged beside the core, from what the run itself knows.

import { explain } from '../../core/explain.ts';
import type { Decision } from '../../core/decision.ts';
import type { Group } from '../../core/group.ts';
import { findMost } from '../../core/guardrails/rate.ts';
import { tighterBounds } from '../../core/guardrails/size-bounds.ts';
import type { Observation } from '../../core/observation.ts';
import { listSelectors } from '../../core/policies/list-selectors.ts';
import { readsSignals } from '../../core/policies/policy.ts';
import type { TargetDescription } from '../../controller/ports/scaling-target.ts';
import type { ActLedger } from './act-ledger.ts';
import type { SampleRecord } from './sample-record.ts';
import type { Scenario } from './scenario.ts';
import type { Rule } from './violation.ts';

/** How much later than the truth the controller may see something: a tick and a call. */
const slackMs = 2000;
/** A value stands for at most so long in a window: `signal-window.ts`. */
const windowHoldMs = 5000;
/** The longest wait after a refusal: `conclude.ts`. */
const refusalWaitMaxMs = 60_000;
/** What `stale-signals` allows of a description. */
const descriptionAgeMaxMs = 60_000;

/** What is true at the moment of a decision. */
export interface Truth {
  readonly group: Group;
  readonly readCalendar: Scenario['readCalendar'];
  readonly staleAfterMs: number;
  readonly reportEveryMs: number;
  /** By the true clock. */
  readonly nowMs: number;
  readonly isConnected: boolean;
  readonly description: TargetDescription | null;
  /** When that was asked for, by the true clock. */
  readonly describedAtMs: number;
  /** When each instance was first described in service, by the true clock. */
  readonly inServiceSince: ReadonlyMap<string, number>;
  readonly inServiceMax: number;
  readonly samples: SampleRecord;
  readonly ledger: ActLedger;
}

export type Accuse = (rule: Rule, detail: string) => void;

export function judgeTick(
  observation: Observation,
  decision: Decision,
  truth: Truth,
  accuse: Accuse,
): void {
  judgeReadings(observation, truth, accuse);
  judgeWaits(decision, truth, accuse);
  judgeStart(decision, truth, accuse);
  if (decision.kind === 'hold') return;
  const { from, to } = decision;
  if (decision.recommendations.length === 0 || explain(decision).summary === '') {
    accuse('unexplained-change', `${from} → ${to} without a recommendation`);
  }
  judgeMode(decision, truth, accuse);
  judgeSize(observation, decision, truth, accuse);
  // The bounds of AWS are followed whatever the guardrails say.
  if (decision.adjustments.some(({ guardrail }) => guardrail === 'size-bounds')) return;
  const isWished = observation.overrides.some(({ kind }) => kind !== 'pause');
  if (isWished) return;
  judgeFreeze(decision, truth, accuse);
  if (decision.acts) judgePace(decision, truth, accuse);
  const isPlanned = decision.recommendations.some(({ kind }) => kind === 'bounds');
  if (decision.kind === 'scale-in' && !isPlanned) judgeSight(decision, truth, accuse);
}

/** A mean between the smallest and the largest report; a sum of no more than all. */
function judgeReadings(observation: Observation, truth: Truth, accuse: Accuse): void {
  const { group, samples, nowMs, inServiceMax } = truth;
  for (const { key, signal, statistic, windowMs } of listSelectors(group.policies)) {
    const reading = observation.signals[key];
    if (reading === undefined) continue;
    const sinceMs = boundOf(truth) + windowMs + windowHoldMs + slackMs;
    const range = samples.rangeSince(signal, nowMs - sinceMs);
    const low = statistic === 'sum' ? 0 : (range?.low ?? Number.NaN);
    const high = (range?.high ?? Number.NaN) * (statistic === 'sum' ? inServiceMax : 1);
    const { value } = reading;
    if (value >= low - 1e-6 && value <= high + 1e-6) continue;
    accuse('invented-reading', `${key} read as ${value}; reported were ${low} to ${high}`);
  }
}

function judgeWaits({ at, adjustments }: Decision, { group, ledger }: Truth, accuse: Accuse): void {
  for (const { reason, from, to } of adjustments) {
    if (reason.code === 'refused-recently' && reason.retryAt > at + refusalWaitMaxMs) {
      accuse('wait-too-long', `the next try waits for ${reason.retryAt - at} ms`);
    }
    if (reason.code !== 'cooldown') continue;
    // From the size that was wanted back to the one that is.
    const cooldownMs = from < to ? group.cooldown.scaleInMs : group.cooldown.scaleOutMs;
    if (reason.until > at + cooldownMs) {
      accuse('wait-too-long', `a cooldown of ${cooldownMs} ms lasts ${reason.until - at} ms more`);
    }
    if (!ledger.isOnlyRefusedAt(reason.until - cooldownMs)) continue;
    accuse('cooldown-unfounded', `the cooldown until ${reason.until} began with a refusal`);
  }
}

/** A size of our own counts from its acceptance to the next description, and no longer. */
function judgeStart({ from, recommendations }: Decision, truth: Truth, accuse: Accuse): void {
  const { description, describedAtMs, ledger } = truth;
  if (description === null || recommendations.length === 0 || from === description.desired) return;
  const isOurs = ledger
    .concluded()
    .some(({ decision, concludedMs }) => decision.to === from && concludedMs >= describedAtMs);
  if (isOurs) return;
  accuse('invented-capacity', `decided from ${from} though AWS has ${description.desired}`);
}

/** Only the bounds remove instances where a mode does not. */
function judgeMode(decision: Decision, { group, description }: Truth, accuse: Accuse): void {
  const { kind, acts, from, to } = decision;
  const isMute = group.mode === 'observe' || group.mode === 'advise';
  const { max } = tighterBounds(group, description ?? group);
  const isForbidden =
    (isMute && acts) ||
    group.mode === 'observe' ||
    (group.mode === 'scale-out-only' && kind === 'scale-in' && from <= max);
  if (isForbidden) accuse('mode-broken', `${from} → ${to} in the mode ${group.mode}`);
}

function judgeSize(
  { capacity }: Observation,
  { cancels, from, to }: Decision,
  { group, description }: Truth,
  accuse: Accuse,
): void {
  if (capacity === null || description === null) {
    accuse('invented-capacity', `a size of ${to} decided without a description`);
    return;
  }
  const isSeen =
    capacity.desired === description.desired &&
    capacity.min === description.min &&
    capacity.max === description.max;
  if (!isSeen) {
    const { desired, min, max } = description;
    accuse('invented-capacity', `seen ${JSON.stringify(capacity)}; is ${desired} (${min}–${max})`);
  }
  const { min, max } = tighterBounds(group, description);
  // Launches are cancelled a few at a time, on the way to the bound.
  const isOnTheWay = cancels !== undefined && to < from && to >= min;
  if (to < min || (to > max && !isOnTheWay)) {
    accuse('size-bounds', `${to} is outside ${min} to ${max}`);
  }
}

function judgeFreeze({ at, kind, from, to }: Decision, truth: Truth, accuse: Accuse): void {
  const { freezes } = truth.readCalendar(at);
  const broken = freezes.find(({ direction }) => direction === 'both' || direction === kind);
  if (broken !== undefined) accuse('freeze-broken', `${from} → ${to} during ${broken.name}`);
}

function judgePace({ at, kind, from, to }: Decision, truth: Truth, accuse: Accuse): void {
  const { group, ledger } = truth;
  const isOut = kind === 'scale-out';
  const limit = isOut ? group.rate?.scaleOut : group.rate?.scaleIn;
  let used = 0;
  for (const { decision, concludedAt } of ledger.accepted()) {
    const wasOut = decision.to > decision.from;
    const isWaitedFor = isOut ? wasOut : true;
    const cooldownMs = isOut ? group.cooldown.scaleOutMs : group.cooldown.scaleInMs;
    if (isWaitedFor && at < concludedAt + cooldownMs) {
      accuse('cooldown-broken', `${from} → ${to} ${at - concludedAt} ms after a change`);
    }
    const isRecent = limit !== undefined && concludedAt > at - limit.periodMs;
    if (isRecent && wasOut === isOut) used += Math.abs(decision.to - decision.from);
  }
  if (limit === undefined) return;
  const most = findMost(limit, isOut ? Math.max(0, from - used) : from + used);
  const isWithin = used + Math.abs(to - from) <= most;
  if (!isWithin) accuse('rate-broken', `${from} → ${to} after ${used} of ${most} in the period`);
}

function judgeSight({ from, to }: Decision, truth: Truth, accuse: Accuse): void {
  const { group, nowMs, describedAtMs, description, inServiceSince, samples } = truth;
  const told = `${from} → ${to}`;
  const ageMs = nowMs - describedAtMs;
  if (ageMs > descriptionAgeMaxMs + slackMs) {
    accuse('blind-scale-in', `${told} on a description of ${ageMs} ms ago`);
  }
  if (!group.policies.some(readsSignals)) return;
  if (!truth.isConnected) accuse('blind-scale-in', `${told} without the broker`);
  let reporting = 0;
  let expected = 0;
  for (const { id, phase } of description?.instances ?? []) {
    if (phase !== 'in-service') continue;
    const heardAt = samples.newestAt(id) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - heardAt <= boundOf(truth) + slackMs) reporting += 1;
    const sinceMs = nowMs - (inServiceSince.get(id) ?? nowMs);
    if (sinceMs >= group.warmupMs + slackMs) expected += 1;
  }
  if (reporting >= group.minReportingRatio * expected) return;
  accuse('blind-scale-in', `${told} with reports of ${reporting} of ${expected} instances`);
}

function boundOf({ staleAfterMs, reportEveryMs }: Truth): number {
  return Math.max(staleAfterMs, 3 * reportEveryMs);
}
