// The demand policy: launch what is likely enough to be needed once it is up, keep what is likely
// enough to be missed. The likelihoods come with the reading; here they meet the present size.

import { abstainBlindly, type Opinion, type PolicyContext } from './opinion.ts';
import type { DemandReading } from '../demand/demand-reading.ts';
import type { Reason } from '../reason.ts';
import type { DemandPolicy } from './policy.ts';

/**
 * Recommends `add` where the group is smaller, `keep` where it is larger, and the present size in
 * between: what is not worth launching may well be worth keeping. Never below the reactive floor.
 * Without a fresh reading it abstains, blocking scale-in, and so it does with a promise of latency
 * that no number of instances keeps.
 */
export function followDemand(policy: DemandPolicy, context: PolicyContext): Opinion {
  const { demand: reading, current, now } = context;
  const { name, staleAfterMs } = policy;
  if (reading === undefined) return abstainBlindly(name, explainUnknown(policy));
  const ageMs = now - reading.at;
  if (ageMs > staleAfterMs) return abstainBlindly(name, { code: 'demand-stale', ageMs });
  const { latency } = reading;
  if (latency?.isReachable === false) {
    const { promiseMs, tailRatio, serviceMs } = latency;
    return abstainBlindly(name, { code: 'latency-unreachable', promiseMs, tailRatio, serviceMs });
  }
  const { add, keep, floor, reactive } = reading;
  const desired = sizeByDemand(reading, current);
  const needed = Math.max(floor, sizeFrom(current, reactive));
  return {
    recommendation: {
      kind: 'desired',
      policy: name,
      desired,
      ...(needed < desired && { needed }),
      reason: {
        code: 'demand',
        demand: reading.demand,
        capacityPerInstance: reading.capacityPerInstance,
        leadMs: reading.leadMs,
        add,
        keep,
        riskRatio: reading.riskRatio,
        isForecast: reading.isForecast,
        ...(latency !== undefined && {
          latency: {
            promiseMs: latency.promiseMs,
            tailRatio: latency.tailRatio,
            serviceMs: latency.serviceMs,
          },
        }),
        ...(reading.pool !== undefined && { pool: reading.pool }),
      },
    },
    // The reading changes once in ten seconds, with the block: there is nothing to wake early for.
    wakes: [],
  };
}

/** What a reading asks of a group of the `current` size, if it is fresh. */
export function sizeByDemand(reading: DemandReading, current: number): number {
  return Math.max(reading.floor, sizeFrom(current, reading));
}

/** Without a service time no size keeps a promise of latency, and none is made up. */
function explainUnknown({ latency }: DemandPolicy): Reason {
  if (latency === undefined) return { code: 'demand-unknown' };
  const { service } = latency;
  return { code: 'latency-unknown', signal: service.kind === 'signal' ? service.signal : null };
}

function sizeFrom(
  current: number,
  { add, keep }: { readonly add: number; readonly keep: number },
): number {
  return Math.min(Math.max(current, add), Math.max(add, keep));
}
