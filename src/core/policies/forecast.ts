// Forecast: as many instances as the demand soon to come needs, in the manner of AWS's predictive
// scaling. It only ever adds: what is measured decides what is removed.

import type { Recommendation } from '../decision.ts';
import type { Reason } from '../reason.ts';
import type { EpochMs } from '../time.ts';
import type { Opinion, PolicyContext } from './opinion.ts';
import type { ForecastPolicy } from './policy.ts';

/** What is forecast for one policy. Made at the edge once a minute, so that a replay sees the same. */
export interface ForecastReading {
  readonly at: EpochMs;
  /** `ok`, or why the forecast is not to be used. */
  readonly code: string;
  /** The highest ten seconds from then to the end of the policy's lead, as likely exceeded as not. */
  readonly demand: number;
}

/** Plans are made every minute; after so many that were missed there is none. */
const staleAfterMs = 300_000;
/** So that 5.4 at 0.6 are 9 instances, not 10: the quotient of the two is a little above 9. */
const roundingRatio = 1e-9;

/**
 * Demand over what one instance is to carry, rounded up: 540 at 100 are 6 instances. Never fewer than
 * there are, and no opinion (which blocks nothing) without a usable forecast, or where it only tells.
 */
export function followForecast(policy: ForecastPolicy, context: PolicyContext): Opinion {
  const { name, leadMs, mode, target } = policy;
  const reading = context.forecasts?.[name];
  if (reading === undefined) return pass(name, { code: 'forecast-unknown' });
  const ageMs = context.now - reading.at;
  if (ageMs > staleAfterMs) return pass(name, { code: 'forecast-stale', ageMs });
  const { code, demand } = reading;
  if (code !== 'ok') return pass(name, { code: 'forecast-unusable', cause: code });
  const size = Math.ceil((demand / target) * (1 - roundingRatio));
  if (mode === 'forecast-only') {
    return pass(name, { code: 'forecast-only', demand, target, size, aheadMs: leadMs });
  }
  const max = findRaisedMax(policy, size);
  const reason = { code: 'forecast', demand, target, aheadMs: leadMs, raisesMaxTo: max } as const;
  const recommendation: Recommendation = {
    kind: 'desired',
    policy: name,
    desired: size,
    ...(size < context.current && { forbidden: 'scale-in' as const }),
    reason,
  };
  return { recommendation, wakes: [] };
}

/** What the group may grow to for the forecast's sake; null where its own maximum stays. */
function findRaisedMax({ maxBreach }: ForecastPolicy, size: number): number | null {
  if (maxBreach.kind === 'honor-max') return null;
  return Math.ceil(size * (1 + maxBreach.bufferRatio) * (1 - roundingRatio));
}

function pass(policy: string, reason: Reason): Opinion {
  return { recommendation: { kind: 'abstain', policy, blocksScaleIn: false, reason }, wakes: [] };
}
