// The order of a model by itself: R. Hyndman, Y. Khandakar, "Automatic Time Series Forecasting: The
// forecast Package for R", Journal of Statistical Software 27(3), 2008. Differences by the KPSS test, then
// a stepwise search from four models by the corrected Akaike criterion.
// Apart from theirs: a season is differenced by how much of the series its other cycles explain, seasonal
// orders end at 1, and no differenced model has a drift.

import {
  prepareSeries,
  stepsPerDay,
  stepsPerWeek,
  type FitRefusal,
  type FitTask,
} from '../fit-series.ts';
import { differenceFor, nameOrder, type ArimaModel, type ArimaOrder } from './arima-model.ts';
import { findSeason } from './find-season.ts';
import { fitArima, type ArimaFit, type FitGround } from './fit-arima.ts';
import { countDifferences } from './kpss.ts';
import { findLongErrors } from './start-values.ts';

const orderMax = 5;
const seasonalOrderMax = 1;
/** Models that one search tries at most. */
const modelsMax = 12;
const searchIterations = 3;
const finalIterations = 10;
/** Where no season is longer than a day, two weeks say more of today than four. */
const plainStepsMax = 2 * stepsPerWeek;
/** Errors at the start that count for no order: they lack what went before. */
const startSkipped = orderMax;

export interface ArimaSearch {
  readonly model: ArimaModel;
  /** Models that were fitted. */
  readonly tried: number;
}

/** `known` is 1 where a value was measured. Null where not even the mean can be fitted. */
export function searchArima(
  series: Float64Array,
  known: Uint8Array,
  periods: readonly number[],
): ArimaSearch | null {
  const { season, differences: seasonalDifferences } = findSeason(series, periods);
  const base = { season, seasonalDifferences, seasonalAr: 0, seasonalMa: 0, ar: 0, ma: 0 };
  const seasoned = differenceFor(series, { ...base, differences: 0 });
  const differences = countDifferences(seasoned);
  const ground = prepareGround(series, known, { ...base, differences });
  if (ground === null) return null;
  const { best, tried } = searchStepwise(ground, { ...base, differences });
  if (best === null) return null;
  const final = fitArima(ground, best.model.order, finalIterations);
  return { model: final?.model ?? best.model, tried };
}

/** From the best of four to its best neighbour, as long as one is better. `plain` has no coefficients. */
function searchStepwise(
  ground: FitGround,
  plain: ArimaOrder,
): { readonly best: ArimaFit | null; readonly tried: number } {
  const tried = new Set<string>();
  const tryBetter = (orders: readonly ArimaOrder[], before: ArimaFit | null): ArimaFit | null => {
    for (const order of orders) {
      const name = nameOrder(order);
      if (!isAllowed(order) || tried.has(name) || tried.size >= modelsMax) continue;
      tried.add(name);
      const fit = fitArima(ground, order, searchIterations);
      if (fit !== null && (before === null || fit.aicc < before.aicc)) return fit;
    }
    return null;
  };
  let best: ArimaFit | null = null;
  for (const [ar, ma, seasonalAr, seasonalMa] of beginnings) {
    const seasonal = plain.season > 0 ? { seasonalAr, seasonalMa } : {};
    best = tryBetter([{ ...plain, ar, ma, ...seasonal }], best) ?? best;
  }
  while (best !== null) {
    const better = tryBetter(neighboursOf(best.model.order), best);
    if (better === null) break;
    best = better;
  }
  return { best, tried: tried.size };
}

/** p, q, P, Q. */
const beginnings: readonly (readonly [number, number, number, number])[] = [
  [2, 2, 1, 1],
  [0, 0, 0, 0],
  [1, 0, 1, 0],
  [0, 1, 0, 1],
];

function isAllowed({ ar, ma, seasonalAr, seasonalMa, season }: ArimaOrder): boolean {
  if (Math.min(ar, ma, seasonalAr, seasonalMa) < 0 || Math.max(ar, ma) > orderMax) return false;
  return Math.max(seasonalAr, seasonalMa) <= (season > 0 ? seasonalOrderMax : 0);
}

function neighboursOf(order: ArimaOrder): readonly ArimaOrder[] {
  const vary = (ar: number, ma: number, seasonalAr: number, seasonalMa: number): ArimaOrder => ({
    ...order,
    ar: order.ar + ar,
    ma: order.ma + ma,
    seasonalAr: order.seasonalAr + seasonalAr,
    seasonalMa: order.seasonalMa + seasonalMa,
  });
  return [-1, 1].flatMap((by) => [
    vary(0, 0, by, 0),
    vary(0, 0, 0, by),
    vary(0, 0, by, by),
    vary(by, 0, 0, 0),
    vary(0, by, 0, 0),
    vary(by, by, 0, 0),
  ]);
}

function prepareGround(
  series: Float64Array,
  known: Uint8Array,
  order: ArimaOrder,
): FitGround | null {
  const differenced = differenceFor(series, order);
  const cut = series.length - differenced.length;
  const skipped = Math.min(startSkipped, Math.floor(differenced.length / 10));
  const counts = known.slice(cut).fill(0, 0, skipped);
  const counted = counts.reduce((sum, one) => sum + one, 0);
  if (counted < 2 * orderMax) return null;
  const isPlain = order.differences + order.seasonalDifferences === 0;
  const mean = isPlain
    ? differenced.reduce((sum, value) => sum + value, 0) / differenced.length
    : 0;
  const longErrors = findLongErrors(differenced.map((value) => value - mean));
  return { differenced, counts, mean, longErrors };
}

/** Half an hour to half a day, a day, a week; in steps of five minutes. */
const periodsTried: readonly number[] = [6, 12, 24, 36, 48, 72, 144, stepsPerDay, stepsPerWeek];

export interface FittedArima {
  readonly model: ArimaModel;
  /** The end of the series that it was fitted to, and that series' logs. */
  readonly logs: Float64Array;
  readonly floor: number;
  readonly lowest: number;
  readonly highest: number;
}

/** A model of log demand in steps of five minutes, or why there is none. */
export function fitDemandArima({ means }: FitTask): FittedArima | FitRefusal {
  const prepared = prepareSeries(means);
  if (typeof prepared === 'string') return prepared;
  const { logs, known, floor, lowest, highest } = prepared;
  const { season } = findSeason(logs, periodsTried);
  const from = season > stepsPerDay ? 0 : Math.max(0, logs.length - plainStepsMax);
  const recent = logs.subarray(from);
  const found = searchArima(recent, known.subarray(from), season > 0 ? [season] : []);
  if (found === null) return 'too-little-history';
  return { model: found.model, logs: recent, floor, lowest, highest };
}
