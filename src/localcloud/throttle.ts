// Request buckets as AWS throttles with. The real sizes are unpublished; these are reported ones.

import type { Fault } from '../cloud/fault.ts';
import type { EpochMs } from '../cloud/time.ts';

/** Calls a second that one account may make to one service; a burst of as many is allowed. */
export interface RequestRates {
  readonly describePerSecond: number;
  readonly mutatePerSecond: number;
}

/** Rates by signing name; a service that is not named is never throttled. */
export type Throttling = 'off' | Readonly<Record<string, RequestRates>>;

const REPORTED_RATES: RequestRates = { describePerSecond: 20, mutatePerSecond: 5 };

export const DEFAULT_THROTTLING: Throttling = {
  autoscaling: REPORTED_RATES,
  ec2: REPORTED_RATES,
};

interface Bucket {
  tokens: number;
  filledAt: EpochMs;
}

/** Returns a function that takes a token for a call, or says how AWS refuses it. */
export function createThrottle(
  throttling: Throttling,
): (call: { signingName: string; operation: string }, now: EpochMs) => Fault | undefined {
  // At most two for each service named in `throttling`.
  const buckets = new Map<string, Bucket>();
  return ({ signingName, operation }, now) => {
    const rates = throttling === 'off' ? undefined : throttling[signingName];
    if (rates === undefined) return undefined;
    const isDescribe = /^(?:Describe|Get|List)/u.test(operation);
    const perSecond = isDescribe ? rates.describePerSecond : rates.mutatePerSecond;
    const key = `${signingName}/${isDescribe ? 'describe' : 'mutate'}`;
    const bucket = buckets.get(key) ?? { tokens: perSecond, filledAt: now };
    buckets.set(key, bucket);
    const earned = ((now - bucket.filledAt) / 1000) * perSecond;
    bucket.tokens = Math.min(perSecond, bucket.tokens + earned);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return throttlingFault(signingName);
    bucket.tokens -= 1;
    return undefined;
  };
}

/** Returns the service's own refusal of a call too many. */
export function throttlingFault(signingName: string): Fault {
  if (signingName === 'ec2') {
    return { code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 };
  }
  return { code: 'Throttling', message: 'Rate exceeded', status: 400 };
}
