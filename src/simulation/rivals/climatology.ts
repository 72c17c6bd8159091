// What a time of day has usually seen: the stand-in for the forecasters that vendors keep to
// themselves. Means of the same bin over the last days, the same weekday counting more.
import type { Observation } from '../fluid/scaler.ts';

const secondsPerDay = 86_400;

export interface ClimatologyParameters {
  /** Must divide a day. */
  readonly binSeconds: number;
  readonly historyDays: number;
  readonly sameWeekdayWeight: number;
  /** Each day back counts this much of the day after it. */
  readonly dailyDecay: number;
}

/** Our reading of "up to 14 days": the vendors publish no weights. */
export const climatologyDefaults = {
  binSeconds: 3600,
  historyDays: 14,
  sameWeekdayWeight: 3,
  dailyDecay: 0.9,
} as const satisfies ClimatologyParameters;

export interface Climatology {
  readonly parameters: ClimatologyParameters;
  readonly workSums: Float64Array;
  readonly seconds: Float64Array;
  /** Which bin since the epoch a cell holds. */
  readonly bins: Float64Array;
  firstSeconds: number;
  /** The cell being filled, and where its bin ends. */
  cell: number;
  cellEndSeconds: number;
  /** The bin asked for last, and its answer: past days do not change any more. */
  lastBin: number;
  lastExpected: number | undefined;
}

export function createClimatology(parameters: ClimatologyParameters): Climatology {
  const cells = ((parameters.historyDays + 1) * secondsPerDay) / parameters.binSeconds;
  return {
    parameters,
    workSums: new Float64Array(cells),
    seconds: new Float64Array(cells),
    bins: new Float64Array(cells).fill(Number.NaN),
    firstSeconds: Number.NaN,
    cell: 0,
    cellEndSeconds: Number.NaN,
    lastBin: Number.NaN,
    lastExpected: undefined,
  };
}

/** Takes in the sample of an observation that has one. */
export function recordSample(climatology: Climatology, observation: Observation): void {
  const { samplePeriodSeconds, sampleEndSeconds, load } = observation;
  const from = sampleEndSeconds - samplePeriodSeconds;
  if (!(from < climatology.cellEndSeconds)) openCell(climatology, from);
  const { workSums, seconds, cell } = climatology;
  workSums[cell] = (workSums[cell] ?? 0) + load * samplePeriodSeconds;
  seconds[cell] = (seconds[cell] ?? 0) + samplePeriodSeconds;
}

/** Samples come in order of time: what falls behind the open cell starts the next. */
function openCell(climatology: Climatology, fromSeconds: number): void {
  const { binSeconds } = climatology.parameters;
  if (Number.isNaN(climatology.firstSeconds)) climatology.firstSeconds = fromSeconds;
  const bin = Math.floor(fromSeconds / binSeconds);
  const cell = cellOf(climatology, bin);
  climatology.cell = cell;
  climatology.cellEndSeconds = (bin + 1) * binSeconds;
  climatology.bins[cell] = bin;
  climatology.workSums[cell] = 0;
  climatology.seconds[cell] = 0;
}

/** Mean load to expect in the bin of a moment; undefined where no day has seen that bin. */
export function expectLoad(climatology: Climatology, atSeconds: number): number | undefined {
  const bin = Math.floor(atSeconds / climatology.parameters.binSeconds);
  if (bin !== climatology.lastBin) {
    climatology.lastBin = bin;
    climatology.lastExpected = averageDays(climatology, bin);
  }
  return climatology.lastExpected;
}

function averageDays(climatology: Climatology, bin: number): number | undefined {
  const { binSeconds, historyDays, sameWeekdayWeight, dailyDecay } = climatology.parameters;
  const binsPerDay = secondsPerDay / binSeconds;
  let weightSum = 0;
  let loadSum = 0;
  let decay = 1;
  for (let day = 1; day <= historyDays; day += 1) {
    const past = bin - day * binsPerDay;
    const cell = cellOf(climatology, past);
    const seconds = climatology.seconds[cell] ?? 0;
    if (climatology.bins[cell] === past && seconds > 0) {
      const weight = decay * (day % 7 === 0 ? sameWeekdayWeight : 1);
      weightSum += weight;
      loadSum += (weight * (climatology.workSums[cell] ?? 0)) / seconds;
    }
    decay *= dailyDecay;
  }
  return weightSum > 0 ? loadSum / weightSum : undefined;
}

/** Bins count from the epoch; a load may lie before it. */
function cellOf(climatology: Climatology, bin: number): number {
  const cells = climatology.bins.length;
  return ((bin % cells) + cells) % cells;
}
