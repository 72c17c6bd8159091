// How many instances a group has ready beside those in service: what the demand makes worth it, within
// what the config allows, what money, rates and freezes leave, and what AWS was asked already.
//
//   plan ──▶ cap ──▶ hold surplus ──▶ limits on growing ──▶ gates ──▶ put

import { findClosedGate } from '../gates.ts';
import { capacityStaleAfterMs } from '../guardrails/stale-signals.ts';
import type { GuardrailContext } from '../guardrails/guardrail.ts';
import type { Reason } from '../reason.ts';
import type { EpochMs } from '../time.ts';
import { limitGrowth } from './limit-growth.ts';
import {
  initialWarmPoolMemory,
  type PoolPlan,
  type WarmPool,
  type WarmPoolDecision,
  type WarmPoolMemory,
  type WarmPoolReading,
  type WarmPoolTerms,
} from './warm-pool.ts';

/** AWS is not asked for another size more often than this. */
const putEveryMs = 10_000;
/** The same again waits twice as long each time. */
const putAgainMaxMs = 600_000;
/** Surplus is held for at least and at most so long. */
const holdMinMs = 600_000;
const holdMaxMs = 21_600_000;
/** A plan older than this says nothing of now. */
const planStaleMs = 60_000;

export interface PoolDecided {
  readonly memory: WarmPoolMemory;
  readonly decision: WarmPoolDecision;
}

/** The size of a pool under a bound on all that is prepared. ≥ 0. */
export function poolSize(prepared: number, minSize: number, size: number): number {
  return Math.max(minSize, prepared - size, 0);
}

/**
 * Decides about the pool of a group that is to have one. `size` is the desired capacity that this
 * tick leaves: a pool never grows past its maximum because the group shrinks.
 */
export function decideWarmPool(
  context: GuardrailContext,
  terms: WarmPoolTerms,
  { size, before }: { readonly size: number; readonly before: WarmPoolMemory | undefined },
): PoolDecided {
  const memory = before ?? initialWarmPoolMemory;
  const { observation, now } = context;
  const reading = observation.warmPool;
  const plan = reading?.plan;
  if (reading === undefined || plan === undefined || now - plan.at > planStaleMs) {
    return hold(memory, { terms, pool: reading?.pool ?? null }, { code: 'warm-pool-unknown' });
  }
  const { pool } = reading;
  const reason = describePlan(terms, reading, plan);
  if (pool?.isBeingDeleted === true) {
    return hold(memory, { terms, pool }, reason, { code: 'warm-pool-ending' });
  }
  const bounds = findBounds(context, terms, size);
  const standing = pool === null ? bounds.least : (pool.prepared ?? bounds.most);
  const held = holdSurplus(memory, { terms, plan, standing, bounds, now });
  const wanted = { prepared: held.prepared, minSize: bounds.minSize };
  const most = limitGrowth(context, {
    from: poolSize(standing, pool?.minSize ?? 0, size),
    to: poolSize(wanted.prepared, wanted.minSize, size),
    grown: memory.grown,
    waitingRatio: plan.costRatio,
  });
  const grown = Math.min(wanted.prepared, most === null ? wanted.prepared : size + most.pool);
  const next = {
    prepared: Math.max(grown, Math.min(standing, wanted.prepared)),
    minSize: most === null ? wanted.minSize : Math.min(wanted.minSize, most.pool),
  };
  const kept = { ...memory, surplus: held.surplus };
  const from = pool === null ? null : pool.prepared;
  const limit = most?.reason;
  const proposal = { from, next, pool, terms, reason, ...(limit !== undefined && { limit }) };
  return settlePut(context, kept, { ...proposal, size, standing });
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly minSize: number;
}

/** At `least` the pool is empty whatever the size; `most` keeps to the maximum of pool and group. */
function findBounds({ group, capacity }: GuardrailContext, terms: WarmPoolTerms, size: number) {
  const groupMost = Math.min(group.max, capacity.max);
  const least = Math.min(groupMost, Math.max(group.min, capacity.min, 1));
  const most = Math.max(least, Math.min(groupMost, size + terms.max));
  const minSize = Math.max(0, Math.min(terms.min, groupMost - size));
  return { least, most, minSize } satisfies Bounds;
}

/**
 * Surplus waits as long as the boot that it cost is worth (ski rental): a cold lead over what waiting
 * costs. 120 s at 2 % are 100 minutes. Never above the bounds.
 */
function holdSurplus(
  { surplus }: WarmPoolMemory,
  seen: {
    readonly terms: WarmPoolTerms;
    readonly plan: PoolPlan;
    readonly standing: number;
    readonly bounds: Bounds;
    readonly now: EpochMs;
  },
): { readonly prepared: number; readonly surplus: WarmPoolMemory['surplus'] } {
  const { plan, standing, bounds, now } = seen;
  const worth = plan.isCheaper ? plan.prepared : bounds.least;
  const wanted = Math.min(bounds.most, Math.max(bounds.least, worth));
  const capped = Math.min(bounds.most, standing);
  if (wanted >= capped) return { prepared: wanted, surplus: null };
  const holdMs = Math.min(holdMaxMs, Math.max(holdMinMs, plan.coldLeadMs / plan.costRatio));
  const since = Math.min(surplus?.since ?? now, now);
  const most = Math.max(surplus?.most ?? 0, wanted);
  if (now - since < holdMs) return { prepared: capped, surplus: { since, most } };
  return { prepared: Math.min(capped, most), surplus: null };
}

interface Proposal {
  readonly from: number | null;
  readonly next: { readonly prepared: number; readonly minSize: number };
  readonly pool: WarmPool | null;
  readonly terms: WarmPoolTerms;
  readonly reason: Reason;
  readonly limit?: Reason;
  readonly size: number;
  readonly standing: number;
}

function settlePut(
  context: GuardrailContext,
  memory: WarmPoolMemory,
  proposal: Proposal,
): PoolDecided {
  const { next, pool, terms, reason, limit, size, standing } = proposal;
  const { now, group } = context;
  const before = poolSize(standing, pool?.minSize ?? 0, size);
  const after = poolSize(next.prepared, next.minSize, size);
  if (isAsWanted(pool, terms, next, after)) {
    const { asked } = memory;
    const settled = asked === null || asked.tries === 0 ? asked : { ...asked, tries: 0 };
    return hold({ ...memory, asked: settled }, proposal, reason, limit);
  }
  const closed = findObstacle(context, memory, { next, growth: after - before });
  if (closed !== null) return hold(memory, proposal, reason, closed);
  const { asked } = memory;
  const isSame = asked?.prepared === next.prepared && asked.minSize === next.minSize;
  const acts = group.mode !== 'advise';
  if (!acts && isSame) {
    return hold(memory, proposal, reason, { code: 'already-advised', size: next.prepared });
  }
  const again = { at: now, ...next, tries: isSame ? asked.tries + 1 : 1 };
  const added = Math.max(0, after - before);
  const grown = acts && added > 0 ? [...memory.grown, { at: now, added }] : memory.grown;
  const decision: WarmPoolDecision = {
    kind: 'put',
    acts,
    from: proposal.from,
    to: next.prepared,
    minSize: next.minSize,
    state: terms.state,
    reusesOnScaleIn: pool?.reusesOnScaleIn ?? false,
    reason,
    ...(limit !== undefined && { limit }),
  };
  return { memory: { ...memory, asked: again, grown: grown.slice(-grownMax) }, decision };
}

/** As many growths are remembered. */
const grownMax = 32;

/** No pool is as good as one that nothing shall wait in. */
function isAsWanted(
  pool: WarmPool | null,
  terms: WarmPoolTerms,
  next: Proposal['next'],
  after: number,
): boolean {
  if (pool === null) return after === 0;
  const isSameSize = pool.prepared === next.prepared && pool.minSize === next.minSize;
  return isSameSize && pool.state === terms.state;
}

function findObstacle(
  context: GuardrailContext,
  { asked }: WarmPoolMemory,
  { next, growth }: { readonly next: Proposal['next']; readonly growth: number },
): Reason | null {
  const { capacity, current, group, now, observation } = context;
  const closed = findClosedGate(context, growth < 0 ? current - 1 : current + 1, 'backoff');
  if (closed !== null) return closed.reason;
  const ageMs = now - capacity.describedAt;
  if (ageMs > capacityStaleAfterMs) return { code: 'capacity-stale', ageMs };
  if (!observation.isJournalWritable) return { code: 'journal-unwritable' };
  if (growth < 0 && group.mode === 'scale-out-only') return { code: 'scale-out-only' };
  const direction = growth < 0 ? 'scale-in' : 'scale-out';
  for (const freeze of observation.freezes ?? []) {
    const isMeant = freeze.direction === 'both' || freeze.direction === direction;
    if (isMeant && now < freeze.until) {
      return { code: 'freeze', name: freeze.name, direction, until: freeze.until };
    }
  }
  if (asked === null || group.mode === 'advise') return null;
  const isSame = asked.prepared === next.prepared && asked.minSize === next.minSize;
  // What no description can show yet is not asked for again; a pool that must shrink does not wait.
  const doublings = isSame ? Math.min(asked.tries, 6) : 0;
  const waitMs = Math.min(putAgainMaxMs, putEveryMs * (1 << doublings));
  if (now >= asked.at + waitMs || (growth < 0 && !isSame)) return null;
  return { code: 'warm-pool-asked', prepared: asked.prepared, tries: asked.tries, at: asked.at };
}

function hold(
  memory: WarmPoolMemory,
  { terms, pool }: Pick<Proposal, 'terms' | 'pool'>,
  reason: Reason,
  limit?: Reason,
): PoolDecided {
  const decision: WarmPoolDecision = {
    kind: 'hold',
    acts: false,
    from: pool?.prepared ?? null,
    to: pool?.prepared ?? null,
    minSize: pool?.minSize ?? 0,
    state: pool?.state ?? terms.state,
    reusesOnScaleIn: pool?.reusesOnScaleIn ?? false,
    reason,
    ...(limit !== undefined && { limit }),
  };
  return { memory, decision };
}

function describePlan(
  { state }: WarmPoolTerms,
  { ready, preparing }: WarmPoolReading,
  plan: PoolPlan,
): Reason {
  const { at: _, ...said } = plan;
  return { code: 'warm-pool', state, ready, preparing, ...said };
}
