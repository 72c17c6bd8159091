// A retry storm: what clients send again, added to what they send anyway.
import type { GeneratorOptions } from './generators.ts';
import { drawSeconds, shapeLoad } from './generators.ts';
import type { Load } from './load.ts';

export interface RetryStormOptions extends GeneratorOptions {
  /** The outage: this share of all attempts fails from one second to the other. */
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly failureRatio?: number;
  /** Attempts after the first; the k-th waits about `firstWaitSeconds` · 2^(k−1). */
  readonly retries?: number;
  readonly firstWaitSeconds?: number;
}

/**
 * Steady demand whose failed attempts come back with exponential back-off and full jitter of half
 * the wait either way. Open-loop: the outage is given, it does not follow from the capacity. Work
 * is conserved: each failed attempt is sent again exactly once, until the retries are used up or
 * the load ends.
 */
export function generateRetryStorm(options: RetryStormOptions): Load {
  const { retries = 5, firstWaitSeconds = 4, failureRatio = 1, noise, ...shape } = options;
  const load = shapeLoad(shape, () => 1);
  const total = load.workPerSecond;
  let attempts = total.slice();
  let waitSeconds = firstWaitSeconds;
  for (let retry = 0; retry < retries; retry += 1) {
    const again = new Float64Array(total.length);
    for (let second = options.fromSecond; second < options.toSecond; second += 1) {
      spread(again, second, (attempts[second] ?? 0) * failureRatio, waitSeconds);
    }
    for (let second = 0; second < total.length; second += 1) {
      total[second] = (total[second] ?? 0) + (again[second] ?? 0);
    }
    attempts = again;
    waitSeconds *= 2;
  }
  if (noise === 'poisson') drawSeconds(total, options.seed ?? 1);
  return load;
}

/** Spreads work evenly over [wait/2, 3·wait/2] seconds later. */
function spread(target: Float64Array, second: number, work: number, waitSeconds: number): void {
  const first = second + Math.max(1, Math.floor(waitSeconds / 2));
  const last = second + Math.max(1, Math.floor((3 * waitSeconds) / 2));
  const share = work / (last - first + 1);
  for (let at = first; at <= last && at < target.length; at += 1) {
    target[at] = (target[at] ?? 0) + share;
  }
}
