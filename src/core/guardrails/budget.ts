// Budget: nothing is added that would cost more than allowed in an hour, or that the month could not
// carry to its end. What is there is never removed for money: requests go first. What the load alone asks
// for comes before what a forecast does: the one is limited by what it would have spent by itself.

import type { Budget } from '../group.ts';
import type { Spending } from '../observation.ts';
import type { EpochMs } from '../time.ts';
import type { Correction, Guardrail, GuardrailContext } from './guardrail.ts';

const hourMs = 3_600_000;
/** What is added now is reckoned to stay for so long; after that the month goes on as it has. */
export const additionStaysHours = 24;
/** The month's mean is taken over at least this long: its first hours say little. */
export const meanHoursMin = 24;

export const budget: Guardrail = {
  name: 'budget',
  lets: 'people',
  correct(context, size) {
    const { group, observation, current, leaving, needed, now } = context;
    const { spending } = observation;
    if (group.budget === undefined || spending === undefined || size <= current) return null;
    const byHour = limitByHour(group.budget, spending);
    const byMonth = limitByMonth(group.budget, spending, now);
    const tighter = byHour.size <= byMonth.size ? byHour : byMonth;
    // Those that drain are paid for until they end.
    const most = tighter.size - leaving;
    if (most >= size) return null;
    const need = Math.min(needed, limitNeed(context, group.budget, spending) - leaving);
    const allowed = Math.max(current, most, need);
    return allowed >= size ? null : { size: allowed, reason: tighter.reason };
  },
};

/** Of what the load alone asks for: what was spent ahead of it is not held against it. */
function limitNeed(
  { neededSpent, now }: GuardrailContext,
  budgetOf: Budget,
  spending: Spending,
): number {
  const monthToDate = Math.min(spending.monthToDate, neededSpent ?? spending.monthToDate);
  const byMonth = limitByMonth(budgetOf, { ...spending, monthToDate }, now);
  return Math.min(limitByHour(budgetOf, spending).size, byMonth.size);
}

/** $12 an hour at $0.50 an instance-hour: 24 instances. */
function limitByHour({ perHour }: Budget, { pricePerInstanceHour }: Spending): Correction {
  const limit = perHour ?? Number.POSITIVE_INFINITY;
  const reason = { code: 'budget-hour', perHour: limit, pricePerInstanceHour } as const;
  return { size: wholePart(limit / pricePerInstanceHour), reason };
}

/**
 * The most instances with which the month's cost stays within the budget, if they stay for a day and
 * the rest of the month costs as much an hour as it has so far. $720 a month, $360 of it spent in
 * the first 360 of 720 hours, at $0.10: (720 − 360 − 336 × 1) / (24 × 0.10) = 10. Infinite once the
 * month is over: the next one is not known yet.
 */
function limitByMonth({ perMonth }: Budget, spending: Spending, now: EpochMs): Correction {
  const { pricePerInstanceHour, monthToDate, monthStartedAt, monthEndsAt } = spending;
  const hoursGone = Math.max(meanHoursMin, (now - monthStartedAt) / hourMs);
  const hoursLeft = Math.max(0, (monthEndsAt - now) / hourMs);
  const perHour = monthToDate / hoursGone;
  const stays = Math.min(additionStaysHours, hoursLeft);
  const limit = perMonth ?? Number.POSITIVE_INFINITY;
  const rest = limit - monthToDate - (hoursLeft - stays) * perHour;
  const forecast = monthToDate + hoursLeft * perHour;
  const reason = { code: 'budget-month', perMonth: limit, monthToDate, forecast } as const;
  if (stays === 0) return { size: Number.POSITIVE_INFINITY, reason };
  return { size: wholePart(rest / (stays * pricePerInstanceHour)), reason };
}

/** Rounded down but for the noise of a division. */
function wholePart(size: number): number {
  return Math.max(0, Math.floor(size * (1 + 1e-12)));
}
