// What is left of a state whose times lie ahead: the machine's clock was set back while no controller
// ran. Taken as they are, a cooldown or a wait would last as long as the clock was ahead.

import { refusalWaitMaxMs } from './refusal-wait.ts';
import type { Drain, GroupState, ReactiveCourse } from './state.ts';
import type { EpochMs } from './time.ts';
import type { WarmPoolMemory } from './warm-pool/warm-pool.ts';

/**
 * The state with no time after `now`: what was done counts as done just now, so that its cooldown
 * and its share of a rate begin anew. What was recommended is forgotten, as after any pause.
 */
export function rewind(state: GroupState, now: EpochMs): GroupState {
  const { decidedAt, scaledOutAt, scaledInAt, aheadOutAt, accepted, refusals, changes } = state;
  const isAhead = decidedAt !== null && decidedAt > now;
  const earlier = (at: EpochMs): EpochMs => Math.min(at, now);
  const retryAtMax = now + (refusals === null ? 0 : refusalWaitMaxMs[refusals.code]);
  return {
    ...state,
    ...(isAhead && { decidedAt: null, largest: [], smallest: [] }),
    scaledOutAt: scaledOutAt === null ? null : earlier(scaledOutAt),
    scaledInAt: scaledInAt === null ? null : earlier(scaledInAt),
    ...(aheadOutAt !== undefined && { aheadOutAt: earlier(aheadOutAt) }),
    // Whatever is described from now on was asked for after it.
    accepted: accepted !== null && accepted.at > now ? null : accepted,
    refusals:
      refusals === null ? null : { ...refusals, retryAt: Math.min(refusals.retryAt, retryAtMax) },
    // As long as it was given, from now on.
    ...(state.draining !== undefined && {
      draining: state.draining.map((drain) => rewindDrain(drain, now)),
    }),
    changes: changes.map((change) => ({ ...change, at: earlier(change.at) })),
    ...(state.reactive !== undefined && { reactive: rewindReactive(state.reactive, now) }),
    ...(state.warmPool !== undefined && { warmPool: rewindWarmPool(state.warmPool, now) }),
  };
}

function rewindReactive(course: ReactiveCourse, now: EpochMs): ReactiveCourse {
  const earlier = (at: EpochMs | null): EpochMs | null => (at === null ? null : Math.min(at, now));
  return {
    ...course,
    at: Math.min(course.at, now),
    changes: course.changes.map((change) => ({ ...change, at: Math.min(change.at, now) })),
    scaledOutAt: earlier(course.scaledOutAt),
    scaledInAt: earlier(course.scaledInAt),
  };
}

function rewindWarmPool({ asked, surplus, grown }: WarmPoolMemory, now: EpochMs): WarmPoolMemory {
  return {
    asked: asked === null ? null : { ...asked, at: Math.min(asked.at, now) },
    surplus: surplus === null ? null : { ...surplus, since: Math.min(surplus.since, now) },
    grown: grown.map((one) => ({ ...one, at: Math.min(one.at, now) })),
  };
}

function rewindDrain(drain: Drain, now: EpochMs): Drain {
  const aheadMs = Math.max(0, drain.since - now);
  const { saidAt } = drain;
  return {
    ...drain,
    since: drain.since - aheadMs,
    until: drain.until - aheadMs,
    saidAt: saidAt === null ? null : Math.min(saidAt, now),
  };
}
