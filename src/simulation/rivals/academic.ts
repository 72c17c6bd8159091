// React, Reg and Adapt: three rules of the literature, once a minute on the instances needed. Where
// the papers leave a constant open it is ours; each is named.
import type { Scaler } from '../fluid/scaler.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';
import { wholeInstances } from './rival.ts';

export interface MinuteParameters {
  /** Work per second and instance that the rule plans for. */
  readonly target: number;
  readonly intervalSeconds: number;
}

const minuteDefaults = { intervalSeconds: 60 } as const;

/** Answers once an interval from the instances needed for its mean load. */
function eachInterval(
  parameters: MinuteParameters,
  decide: (need: number, current: number) => number,
): Scaler {
  const window = createMetricWindow(parameters.intervalSeconds);
  return (observation) => {
    if (!completesPeriod(window, observation)) return observation.desired;
    return decide(window.load / parameters.target, observation.desired);
  };
}

export interface ReactParameters extends MinuteParameters {
  readonly upFactor: number;
  readonly downFactor: number;
  readonly downMargin: number;
}

export const reactDefaults = {
  ...minuteDefaults,
  upFactor: 1.2,
  downFactor: 1.2,
  downMargin: 1.1,
} as const;

/** React (Chieu et al. 2009): up by 1.2 × the shortfall; down to 1.2 × the need when far above. */
export function createReact(parameters: ReactParameters): Scaler {
  const { upFactor, downFactor, downMargin } = parameters;
  return eachInterval(parameters, (need, current) => {
    if (need > current) return wholeInstances(current + upFactor * (need - current));
    if (need * downMargin >= current) return current;
    return Math.min(current, wholeInstances(downFactor * need));
  });
}

export interface RegParameters extends MinuteParameters {
  readonly upFactor: number;
  readonly downFactor: number;
  readonly historyPoints: number;
}

export const regDefaults = {
  ...minuteDefaults,
  upFactor: 1.05,
  downFactor: 1.2,
  historyPoints: 60,
} as const;

/**
 * Reg (Iqbal et al. 2011): up to 1.05 × the need at once; down to 1.2 × what a quadratic
 * regression over the last hour says of the next minute, never below the need.
 */
export function createReg(parameters: RegParameters): Scaler {
  const { upFactor, downFactor, historyPoints } = parameters;
  const history: number[] = [];
  return eachInterval(parameters, (need, current) => {
    history.push(need);
    if (history.length > historyPoints) history.shift();
    if (need > current) return wholeInstances(upFactor * need);
    const expected = extrapolateQuadratic(history);
    return Math.min(current, wholeInstances(Math.max(need, downFactor * expected)));
  });
}

/**
 * The value one step past the end of the least-squares parabola through evenly spaced values; the
 * last value itself for fewer than three. 1, 4, 9 → 16.
 */
export function extrapolateQuadratic(values: readonly number[]): number {
  const count = values.length;
  if (count < 3) return values.at(-1) ?? 0;
  // Centred abscissae make the odd sums vanish: x = −m … m with m = (count − 1) / 2.
  const m = (count - 1) / 2;
  let x2 = 0;
  let x4 = 0;
  let y0 = 0;
  let y1 = 0;
  let y2 = 0;
  for (const [index, y] of values.entries()) {
    const x = index - m;
    x2 += x * x;
    x4 += x * x * x * x;
    y0 += y;
    y1 += x * y;
    y2 += x * x * y;
  }
  const quadratic = (count * y2 - x2 * y0) / (count * x4 - x2 * x2);
  const constant = (y0 - quadratic * x2) / count;
  const next = m + 1;
  return constant + (y1 / x2) * next + quadratic * next * next;
}

export interface AdaptParameters extends MinuteParameters {
  readonly upFactor: number;
  readonly downShare: number;
  readonly smoothing: number;
  /** What the rule takes a boot to last; it is not told. */
  readonly assumedBootSeconds: number;
}

export const adaptDefaults = {
  ...minuteDefaults,
  upFactor: 1.1,
  downShare: 0.25,
  smoothing: 0.5,
  assumedBootSeconds: 120,
} as const;

/**
 * Adapt (Ali-Eldin et al. 2012): up to 1.1 × the need plus its growth over a boot; down by a
 * quarter of the rate at which it falls, never below the need. The downward part keeps its
 * fractions from minute to minute, else a small group would never shrink.
 */
export function createAdapt(parameters: AdaptParameters): Scaler {
  const { upFactor, downShare, smoothing, assumedBootSeconds, intervalSeconds } = parameters;
  let lastNeed = Number.NaN;
  let ratePerSecond = 0;
  let level = Number.NaN;
  return eachInterval(parameters, (need, current) => {
    const change = Number.isNaN(lastNeed) ? 0 : (need - lastNeed) / intervalSeconds;
    ratePerSecond = smoothing * ratePerSecond + (1 - smoothing) * change;
    lastNeed = need;
    if (need > current) {
      level = upFactor * need + Math.max(0, ratePerSecond) * assumedBootSeconds;
      return wholeInstances(level);
    }
    // Bounds and failed launches may have left the group elsewhere.
    if (!(wholeInstances(level) === current)) level = current;
    level += downShare * Math.min(0, ratePerSecond) * intervalSeconds;
    level = Math.max(level, need);
    return wholeInstances(level);
  });
}
