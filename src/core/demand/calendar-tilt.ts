// The forecast half: which changes of demand come at which time of the hour and of the day. It knows
// nothing of sizes; it tilts a distribution of what comes next by what the clock has said before.
//
// For each phase it counts how often a class of change came (observed) and how often the reactive
// half had expected it (expected). Their ratio is how much likelier the phase makes it: the mean of
// a gamma-Poisson rate (Clayton and Kaldor 1987, "Empirical Bayes estimates of age-standardized
// relative risks"), drawn to 1 until something has been seen.
import { binCount, binOf } from './ratio-bins.ts';

/** Logarithms of the change that part the classes: a fall, no change, a rise, a burst of some size. */
const classEdges = [-0.3, 0.15, 0.4, 0.8, 1.3] as const;
export const classCount = classEdges.length + 1;
/** Class `c` has the bins from `classStarts[c]` up to `classStarts[c + 1]`. */
export const classStarts: readonly number[] = [0, ...classEdges.map(binOf), binCount];

/** Ten-second phases of an hour: cron jobs and slots of 10, 15, 20, 30 and 60 minutes. */
const hourPhases = 360;
/** Minutes of a day: which of an hour's slots is used, and the daily rise. */
const dayPhases = 1440;
const blocksPerDay = 8640;

/** Expected counts that must be outweighed before a phase counts for something of its own. */
const doubt = 2;
/** Six blocks share a phase of the day, and they are no six witnesses: they see one burst. */
const dayDoubt = 6 * doubt;

export interface CalendarTilt {
  readonly observedHour: Float32Array;
  readonly expectedHour: Float32Array;
  readonly observedDay: Float32Array;
  readonly expectedDay: Float32Array;
}

export function createCalendarTilt(): CalendarTilt {
  return {
    observedHour: new Float32Array(hourPhases * classCount),
    expectedHour: new Float32Array(hourPhases * classCount),
    observedDay: new Float32Array(dayPhases * classCount),
    expectedDay: new Float32Array(dayPhases * classCount),
  };
}

export function classOf(bin: number): number {
  let found = 0;
  while (found < classCount - 1 && bin >= (classStarts[found + 1] ?? binCount)) found += 1;
  return found;
}

/** What came of a forecast: the class that came, and the shares that had been expected. */
export interface TiltOutcome {
  /** Ten-second block of the epoch at which it was made. */
  readonly block: number;
  readonly outcome: number;
  readonly weight: number;
  /** From `offset` on: the reactive half's shares, and those tilted by the hour. */
  readonly plain: Float64Array;
  readonly byHour: Float64Array;
  readonly offset: number;
}

/** Counts an outcome at its phase, and in full at the phases beside it: clocks and jobs drift. */
export function learnTilt(tilt: CalendarTilt, seen: TiltOutcome): void {
  const { block, outcome, weight, plain, byHour, offset } = seen;
  const hour = block % hourPhases;
  const day = Math.floor((block % blocksPerDay) / 6);
  for (let shift = -1; shift <= 1; shift += 1) {
    const hourRow = ((hour + shift + hourPhases) % hourPhases) * classCount;
    const dayRow = ((day + shift + dayPhases) % dayPhases) * classCount;
    add(tilt.observedHour, hourRow + outcome, weight);
    add(tilt.observedDay, dayRow + outcome, weight);
    for (let each = 0; each < classCount; each += 1) {
      add(tilt.expectedHour, hourRow + each, weight * (plain[offset + each] ?? 0));
      add(tilt.expectedDay, dayRow + each, weight * (byHour[offset + each] ?? 0));
    }
  }
}

/** How much likelier the time of the hour makes a class. > 0; 1 where nothing has been learned. */
export function hourFactor(
  tilt: CalendarTilt,
  block: number,
  each: number,
  weight: number,
): number {
  const cell = (block % hourPhases) * classCount + each;
  return rate(tilt.observedHour[cell] ?? 0, tilt.expectedHour[cell] ?? 0, doubt * weight);
}

/** The same for the time of the day, over and above that of the hour. */
export function dayFactor(tilt: CalendarTilt, block: number, each: number, weight: number): number {
  const cell = Math.floor((block % blocksPerDay) / 6) * classCount + each;
  return rate(tilt.observedDay[cell] ?? 0, tilt.expectedDay[cell] ?? 0, dayDoubt * weight);
}

/** Brings the weights down together, before they outgrow their precision. */
export function rescaleTilt(tilt: CalendarTilt, divisor: number): void {
  for (const counts of [tilt.observedHour, tilt.expectedHour, tilt.observedDay, tilt.expectedDay]) {
    for (let cell = 0; cell < counts.length; cell += 1) {
      counts[cell] = (counts[cell] ?? 0) / divisor;
    }
  }
}

function rate(observed: number, expected: number, prior: number): number {
  return (observed + prior) / (expected + prior);
}

function add(counts: Float32Array, cell: number, weight: number): void {
  counts[cell] = (counts[cell] ?? 0) + weight;
}
