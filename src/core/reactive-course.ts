// What the month would have cost without forecasts: a group beside the real one that does what the load
// alone asks for, under the same guardrails, and costs nothing. A budget of the month counts it, so that
// what was spent ahead is not missing where the load needs it.

import { countChange } from './changes.ts';
import { combineNeeded, combine } from './combine.ts';
import { findClosedGate } from './gates.ts';
import { applyGuardrails } from './guardrails/apply.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import type { Spending } from './observation.ts';
import type { PolicyContext } from './policies/opinion.ts';
import { recommend } from './policies/recommend.ts';
import { clampTo } from './range.ts';
import { markChanged } from './settle.ts';
import type { GroupState, ReactiveCourse } from './state.ts';

const hourMs = 3_600_000;

/** Where the course stands now; null for groups that have no use for one. */
export function followReactive(
  context: GuardrailContext,
  seen: PolicyContext,
): ReactiveCourse | null {
  const { group, observation, now } = context;
  const { spending } = observation;
  const perMonth = group.budget?.perMonth ?? null;
  if (perMonth === null || spending === undefined || !isForecasting(context)) return null;
  const course = spend(context, spending);
  const virtual = standBeside(context, course, spending);
  const opinions = group.policies.map(
    (policy) => recommend(policy, { ...seen, current: course.size }).recommendation,
  );
  const wanted = clampTo(
    context.wished,
    combineNeeded(opinions, course.size, combine(opinions, course.size)),
  );
  const size = applyGuardrails({ ...virtual, opinions, needed: wanted }, wanted, []);
  if (size === course.size || findClosedGate(virtual, size) !== null) return course;
  const { changes, scaledOutAt, scaledInAt } = markChanged(
    countChange(virtual.state, course.size, size, now),
    course.size,
    size,
    now,
  );
  return { ...course, size, changes, scaledOutAt, scaledInAt };
}

function isForecasting({ group }: GuardrailContext): boolean {
  return group.policies.some((policy) => policy.type === 'demand' && policy.isForecasting);
}

/** The course up to now; one that has not begun stands where the group stands. */
function spend(
  { state, current, now }: GuardrailContext,
  { monthToDate, monthStartedAt, pricePerInstanceHour }: Spending,
): ReactiveCourse {
  const { reactive: before, changes, scaledOutAt, scaledInAt } = state;
  if (before === undefined) {
    const times = { at: now, monthStartedAt };
    return { ...times, size: current, spent: monthToDate, changes, scaledOutAt, scaledInAt };
  }
  if (before.monthStartedAt !== monthStartedAt) {
    return { ...before, at: now, monthStartedAt, spent: monthToDate };
  }
  const hours = Math.max(0, now - before.at) / hourMs;
  return { ...before, at: now, spent: before.spent + before.size * pricePerInstanceHour * hours };
}

/** The guardrails' view of it. Its own changes are done at once. */
function standBeside(
  context: GuardrailContext,
  { size, spent, changes, scaledOutAt, scaledInAt }: ReactiveCourse,
  spending: Spending,
): GuardrailContext {
  const { aheadOutAt: _ahead, ...remembered } = context.state;
  const state: GroupState = {
    ...remembered,
    changes,
    scaledOutAt,
    scaledInAt,
    accepted: null,
    inFlight: null,
    refusals: null,
  };
  const observation = { ...context.observation, spending: { ...spending, monthToDate: spent } };
  return { ...context, state, observation, current: size };
}
