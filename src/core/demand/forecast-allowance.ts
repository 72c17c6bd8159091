// What a forecast that has not earned its keep may spend all the same: a token bucket that fills with a
// small share of what the reactive plan costs. It only ever adds to that plan.
import { blockSeconds, drainSeconds, billedSecondsMin } from './shadow-fleet.ts';

/** Of the reactive plan's cost. */
const allowedRatio = 0.02;
/** What is not spent is kept for a day. */
const keptSeconds = 86_400;

/** Only this file changes it. */
export interface ForecastAllowance {
  /** Instance-seconds. */
  tokens: number;
  /** Instances above the reactive plan that were granted and are still asked for. */
  ahead: number;
}

export function createForecastAllowance(): ForecastAllowance {
  return { tokens: 0, ahead: 0 };
}

/**
 * How many of the instances that a forecast wants above the reactive plan (`wanted`, ≥ 0) it gets in
 * this block. Each launch is charged its lead, its drain and the least that AWS bills, and each block
 * what then stands there; with nothing left it gets none.
 */
export function grantAhead(
  allowance: ForecastAllowance,
  {
    reactive,
    wanted,
    leadBlocks,
  }: { readonly reactive: number; readonly wanted: number; readonly leadBlocks: number },
): number {
  const filled = allowance.tokens + allowedRatio * blockSeconds * reactive;
  const left = filled - blockSeconds * allowance.ahead;
  const standing = left > 0 ? Math.min(allowance.ahead, wanted) : 0;
  const launchSeconds = leadBlocks * blockSeconds + drainSeconds + billedSecondsMin;
  const affordable = Math.max(0, Math.floor(left / launchSeconds));
  const launched = Math.min(wanted - standing, affordable);
  const most = allowedRatio * keptSeconds * reactive;
  allowance.tokens = Math.min(most, left - launched * launchSeconds);
  allowance.ahead = standing + launched;
  return allowance.ahead;
}
