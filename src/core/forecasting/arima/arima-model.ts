// What an ARIMA model is, and the one-step errors that a series has under it: conditional, with nothing
// before the series' start (G. Box, G. Jenkins, G. Reinsel, "Time Series Analysis", ch. 7 and 9).

/** (p, d, q)(P, D, Q)[s] in words; `season` in steps, 0 where there is none. */
export interface ArimaOrder {
  readonly ar: number;
  readonly differences: number;
  readonly ma: number;
  readonly seasonalAr: number;
  readonly seasonalDifferences: number;
  readonly seasonalMa: number;
  readonly season: number;
}

/** (1 − Σφ B^i)(1 − ΣΦ B^si)(w − mean) = (1 + Σθ B^i)(1 + ΣΘ B^si) e, of the differenced series w. */
export interface ArimaModel {
  readonly order: ArimaOrder;
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  readonly seasonalAr: Float64Array;
  readonly seasonalMa: Float64Array;
  /** 0 where the series was differenced: no drift, which over two days would be mostly noise. */
  readonly mean: number;
  /** Of the one-step errors. */
  readonly variance: number;
}

export function nameOrder(order: ArimaOrder): string {
  const { ar, differences, ma, seasonalAr, seasonalDifferences, seasonalMa, season } = order;
  const plain = `ARIMA(${ar},${differences},${ma})`;
  if (season === 0) return plain;
  return `${plain}(${seasonalAr},${seasonalDifferences},${seasonalMa})[${season}]`;
}

/** x_t − x_{t−lag}; shorter by `lag`. */
export function difference(series: Float64Array, lag: number): Float64Array {
  const result = new Float64Array(Math.max(0, series.length - lag));
  for (let index = 0; index < result.length; index += 1) {
    result[index] = (series[index + lag] ?? 0) - (series[index] ?? 0);
  }
  return result;
}

export function differenceFor(series: Float64Array, order: ArimaOrder): Float64Array {
  let result = series;
  for (let count = 0; count < order.seasonalDifferences; count += 1) {
    result = difference(result, order.season);
  }
  for (let count = 0; count < order.differences; count += 1) result = difference(result, 1);
  return result;
}

/** Into `out`, as long as `differenced`. */
export function findErrors(
  differenced: Float64Array,
  model: Omit<ArimaModel, 'variance'>,
  out: Float64Array,
): void {
  const { order, mean } = model;
  for (let index = 0; index < differenced.length; index += 1) {
    out[index] = (differenced[index] ?? 0) - mean;
  }
  // Backwards, so that what is read is still the input.
  applyAr(out, model.seasonalAr, order.season);
  applyAr(out, model.ar, 1);
  divideByMa(out, model.ma, 1);
  divideByMa(out, model.seasonalMa, order.season);
}

function applyAr(series: Float64Array, coefficients: Float64Array, step: number): void {
  const order = coefficients.length;
  if (order === 0) return;
  for (let index = series.length - 1; index >= 0; index -= 1) {
    let value = series[index] ?? 0;
    for (let term = 0; term < order; term += 1) {
      const at = index - (term + 1) * step;
      if (at >= 0) value -= (coefficients[term] ?? 0) * (series[at] ?? 0);
    }
    series[index] = value;
  }
}

function divideByMa(series: Float64Array, coefficients: Float64Array, step: number): void {
  const order = coefficients.length;
  if (order === 0) return;
  for (let index = 0; index < series.length; index += 1) {
    let value = series[index] ?? 0;
    for (let term = 0; term < order; term += 1) {
      const at = index - (term + 1) * step;
      if (at >= 0) value -= (coefficients[term] ?? 0) * (series[at] ?? 0);
    }
    series[index] = value;
  }
}
