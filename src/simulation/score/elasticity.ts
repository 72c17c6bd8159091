// The elasticity metrics of the SPEC Research Group (Herbst et al., "Ready for Rain? A View from
// SPEC Research on the Future of Cloud Metrics", 2016), as shares of 1 instead of percent.

export interface Elasticity {
  /** θ_U: mean over time of the missing share of the instances needed. */
  readonly underProvisionedShare: number;
  /** θ_O: mean over time of the surplus, as a share of the instances needed. */
  readonly overProvisionedShare: number;
  /** τ_U: share of the time with too few instances. */
  readonly underTimeShare: number;
  /** τ_O: share of the time with too many. */
  readonly overTimeShare: number;
  /** υ: share of the steps in which supply and demand did not move the same way. */
  readonly instability: number;
}

/** Running sums; feed it the seconds in their order. */
export interface ElasticityMeter {
  seconds: number;
  under: number;
  over: number;
  underSeconds: number;
  overSeconds: number;
  unlikeMoves: number;
  lastNeeded: number;
  lastSupplied: number;
}

export function createElasticityMeter(): ElasticityMeter {
  return {
    seconds: 0,
    under: 0,
    over: 0,
    underSeconds: 0,
    overSeconds: 0,
    unlikeMoves: 0,
    lastNeeded: 0,
    lastSupplied: 0,
  };
}

/** Takes in one second or more alike. `needed` is at least 1; both are whole instances. */
export function meterSeconds(
  meter: ElasticityMeter,
  span: { readonly needed: number; readonly supplied: number; readonly seconds: number },
): void {
  const { needed, supplied, seconds } = span;
  const missing = needed - supplied;
  if (missing > 0) {
    const share = missing / needed;
    for (let second = 0; second < seconds; second += 1) meter.under += share;
    meter.underSeconds += seconds;
  } else if (missing < 0) {
    const share = missing / needed;
    for (let second = 0; second < seconds; second += 1) meter.over -= share;
    meter.overSeconds += seconds;
  }
  // Within the span neither moves.
  if (meter.seconds > 0) {
    const neededMove = Math.sign(needed - meter.lastNeeded);
    if (neededMove !== Math.sign(supplied - meter.lastSupplied)) meter.unlikeMoves += 1;
  }
  meter.lastNeeded = needed;
  meter.lastSupplied = supplied;
  meter.seconds += seconds;
}

/** All zero for a span of no seconds; instability is 0 for a single one. */
export function readElasticity(meter: ElasticityMeter): Elasticity {
  const seconds = Math.max(1, meter.seconds);
  return {
    underProvisionedShare: meter.under / seconds,
    overProvisionedShare: meter.over / seconds,
    underTimeShare: meter.underSeconds / seconds,
    overTimeShare: meter.overSeconds / seconds,
    instability: meter.unlikeMoves / Math.max(1, meter.seconds - 1),
  };
}
