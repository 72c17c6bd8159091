// How far a warm pool may grow: the group's rate, its budget and failing launches come first to what
// the load needs, and the pool has what they leave.

import { meanHoursMin } from '../guardrails/budget.ts';
import type { GuardrailContext } from '../guardrails/guardrail.ts';
import { findWaitEnd } from '../guardrails/launch-failures.ts';
import { findMost } from '../guardrails/rate.ts';
import type { Reason } from '../reason.ts';
import type { WarmPoolMemory } from './warm-pool.ts';

const hourMs = 3_600_000;

export interface Growth {
  /** Sizes of the pool: what stands, and what is wanted. */
  readonly from: number;
  readonly to: number;
  readonly grown: WarmPoolMemory['grown'];
  /** What a waiting instance costs, as a share of one in service. */
  readonly waitingRatio: number;
}

/** The most that may wait, and why; null where nothing limits it. Never less than what stands. */
export function limitGrowth(
  context: GuardrailContext,
  growth: Growth,
): { readonly pool: number; readonly reason: Reason } | null {
  if (growth.to <= growth.from) return null;
  let tightest: { readonly pool: number; readonly reason: Reason } | null = null;
  for (const find of [limitByFailures, limitByRate, limitByHour, limitByMonth]) {
    const found = find(context, growth);
    if (found === null || found.pool >= growth.to) continue;
    const pool = Math.max(growth.from, found.pool);
    if (tightest === null || pool < tightest.pool) tightest = { pool, reason: found.reason };
  }
  return tightest;
}

type Limit = { readonly pool: number; readonly reason: Reason } | null;

function limitByFailures({ observation, now }: GuardrailContext, { from }: Growth): Limit {
  const { launchFailures } = observation;
  if (launchFailures === undefined) return null;
  const until = findWaitEnd(launchFailures);
  if (now >= until) return null;
  const { inARow, cause } = launchFailures;
  return { pool: from, reason: { code: 'launch-failures', inARow, cause, until } };
}

/** What the period's launches for the load have left. */
function limitByRate({ group, state, current, now }: GuardrailContext, growth: Growth): Limit {
  const limit = group.rate?.scaleOut;
  if (limit === undefined) return null;
  const { periodMs } = limit;
  const after = now - periodMs;
  let used = 0;
  for (const { at, added } of [...state.changes, ...growth.grown]) if (at > after) used += added;
  const most = findMost(limit, Math.max(0, current - used));
  const pool = growth.from + Math.max(0, most - used);
  return { pool, reason: { code: 'rate', direction: 'scale-out', most, used, periodMs } };
}

/** What the group in service leaves of the hour's dollars, at the price of waiting. */
function limitByHour({ group, observation, current, needed }: GuardrailContext, growth: Growth) {
  const perHour = group.budget?.perHour ?? null;
  const { spending } = observation;
  if (perHour === null || spending === undefined) return null;
  const { pricePerInstanceHour } = spending;
  const left = perHour - Math.max(current, needed) * pricePerInstanceHour;
  const pool = wholePart(left / (pricePerInstanceHour * growth.waitingRatio));
  return { pool, reason: { code: 'budget-hour', perHour, pricePerInstanceHour } } satisfies Limit;
}

/** The same of the month's, if it goes on as it has and the pool stays to its end. */
function limitByMonth({ group, observation, now }: GuardrailContext, growth: Growth): Limit {
  const perMonth = group.budget?.perMonth ?? null;
  const { spending } = observation;
  if (perMonth === null || spending === undefined) return null;
  const { pricePerInstanceHour, monthToDate, monthStartedAt, monthEndsAt } = spending;
  const hoursGone = Math.max(meanHoursMin, (now - monthStartedAt) / hourMs);
  const hoursLeft = Math.max(0, (monthEndsAt - now) / hourMs);
  const forecast = monthToDate + (hoursLeft * monthToDate) / hoursGone;
  const reason = { code: 'budget-month', perMonth, monthToDate, forecast } as const;
  const waiting = pricePerInstanceHour * growth.waitingRatio * hoursLeft;
  if (waiting === 0) return null;
  return { pool: growth.from + wholePart((perMonth - forecast) / waiting), reason };
}

function wholePart(value: number): number {
  return Math.max(0, Math.floor(value * (1 + 1e-12)));
}
