// The forecast half: which changes of demand come at which time of the hour and of the day. It knows
// nothing of sizes; it tilts a distribution of what comes next by what the clock has said before.
//
// For each phase it counts how often a class of change came (observed) and how often the reactive
// half had expected it (expected). Their ratio is how much likelier the phase makes it: the mean of
// a gamma-Poisson rate (Clayton and Kaldor 1987, "Empirical Bayes estimates of age-standardized
// relative risks"), drawn to 1 until something has been seen.
//
// Each stage starts from what the one before it expects:
//   plain ──time of the hour──▶ ──half an hour of the day──▶ ──a quarter of an hour of the day──▶ goals
import { binCount, binOf } from './ratio-bins.ts';

/**
 * Logarithms of the change that part the classes: a fall, no change, a small rise, a burst. Bursts of
 * all sizes are one class: how high they are the reactive half knows, and each tells when they come.
 */
const classEdges = [-0.3, 0.15, 0.4] as const;
export const classCount = classEdges.length + 1;
/** Class `c` has the bins from `classStarts[c]` up to `classStarts[c + 1]`. */
export const classStarts: readonly number[] = [0, ...classEdges.map(binOf), binCount];

/** Ten-second phases of an hour: cron jobs and slots of 10, 15, 20, 30 and 60 minutes. */
const hourPhases = 360;
/** An outcome counts in full at the phases beside its own too: clocks and jobs drift. */
const hourReach = 1;
/** Expected counts that must be outweighed before a phase counts for something of its own. */
const hourDoubt = 4;

const dayPhases = 1440;
const blocksPerPhase = 6;
const blocksPerDay = dayPhases * blocksPerPhase;
/**
 * Which of an hour's slots is used, and the daily rise: minutes of the day, taken together with so many
 * before and after. A week has but seven witnesses for each; wide windows find what narrow ones are
 * then to refine.
 */
const dayReaches = [15, 7] as const;
/** One burst is seen from each block of a lead, which are no twelve witnesses: it counts for two. */
const dayDoubt = 25;

/** Shares of the classes that are kept of a forecast until its outcome is known: one set a stage. */
export const stageCount = 1 + dayReaches.length;

export interface CalendarTilt {
  readonly observedHour: Float32Array;
  readonly expectedHour: Float32Array;
  readonly observedDay: Float32Array;
  /** One for each of `dayReaches`: expected by what is known of wider ones. */
  readonly expectedDay: readonly Float32Array[];
}

export function createCalendarTilt(): CalendarTilt {
  return {
    observedHour: new Float32Array(hourPhases * classCount),
    expectedHour: new Float32Array(hourPhases * classCount),
    observedDay: new Float32Array(dayPhases * classCount),
    expectedDay: dayReaches.map(() => new Float32Array(dayPhases * classCount)),
  };
}

export function classOf(bin: number): number {
  let found = 0;
  while (found < classCount - 1 && bin >= (classStarts[found + 1] ?? binCount)) found += 1;
  return found;
}

/** What a tilt looks at and where it writes. */
export interface TiltStages {
  /** Ten-second block of the epoch at which the forecast is made. */
  readonly block: number;
  /** Of a count made now. */
  readonly weight: number;
  /** From `offset` on: `classCount` shares for each of `stageCount` stages; the first is given. */
  readonly stages: Float64Array;
  readonly offset: number;
}

/** Fills in the later stages and, into `goals`, the shares after the last; their sum is not 1. */
export function tiltShares(tilt: CalendarTilt, at: TiltStages, goals: Float64Array): void {
  const { block, weight, stages, offset } = at;
  sumHour(tilt, block);
  raiseShares(stages, offset, hourDoubt * weight, goals);
  for (let each = 0; each < dayReaches.length; each += 1) {
    const from = offset + (1 + each) * classCount;
    scaleShares(goals, stages, from);
    sumDay(tilt, block, each);
    raiseShares(stages, from, dayDoubt * weight, goals);
  }
}

/** Counts what came of a forecast against what each stage had expected. */
export function learnTilt(tilt: CalendarTilt, at: TiltStages, outcome: number): void {
  const { block, weight, stages, offset } = at;
  const hour = block % hourPhases;
  for (let shift = -hourReach; shift <= hourReach; shift += 1) {
    const row = ((hour + shift + hourPhases) % hourPhases) * classCount;
    add(tilt.observedHour, row + outcome, weight);
    for (let each = 0; each < classCount; each += 1) {
      add(tilt.expectedHour, row + each, weight * (stages[offset + each] ?? 0));
    }
  }
  const row = dayPhaseOf(block) * classCount;
  add(tilt.observedDay, row + outcome, weight);
  for (const [window, expected] of tilt.expectedDay.entries()) {
    const from = offset + (1 + window) * classCount;
    for (let each = 0; each < classCount; each += 1) {
      add(expected, row + each, weight * (stages[from + each] ?? 0));
    }
  }
}

/** Brings the weights down together, before they outgrow their precision. */
export function rescaleTilt(tilt: CalendarTilt, divisor: number): void {
  const { observedHour, expectedHour, observedDay, expectedDay } = tilt;
  for (const counts of [observedHour, expectedHour, observedDay, ...expectedDay]) {
    for (let cell = 0; cell < counts.length; cell += 1) {
      counts[cell] = (counts[cell] ?? 0) / divisor;
    }
  }
}

/** Of a phase or a window, class by class: made anew for each question. */
const observed = new Float64Array(classCount);
const expected = new Float64Array(classCount);

function sumHour({ observedHour, expectedHour }: CalendarTilt, block: number): void {
  const row = (block % hourPhases) * classCount;
  for (let each = 0; each < classCount; each += 1) {
    observed[each] = observedHour[row + each] ?? 0;
    expected[each] = expectedHour[row + each] ?? 0;
  }
}

function sumDay({ observedDay, expectedDay }: CalendarTilt, block: number, window: number): void {
  const reach = dayReaches[window] ?? 0;
  const counts = expectedDay[window] ?? observedDay;
  const phase = dayPhaseOf(block);
  observed.fill(0);
  expected.fill(0);
  for (let shift = -reach; shift <= reach; shift += 1) {
    const row = ((phase + shift + dayPhases) % dayPhases) * classCount;
    for (let each = 0; each < classCount; each += 1) {
      add(observed, each, observedDay[row + each] ?? 0);
      add(expected, each, counts[row + each] ?? 0);
    }
  }
}

/** Shares times how much likelier what was summed up makes their class: 1 where it says nothing. */
function raiseShares(stages: Float64Array, from: number, prior: number, goals: Float64Array): void {
  for (let each = 0; each < classCount; each += 1) {
    const rate = ((observed[each] ?? 0) + prior) / ((expected[each] ?? 0) + prior);
    goals[each] = (stages[from + each] ?? 0) * rate;
  }
}

/** Copies shares so that they come to 1. */
function scaleShares(shares: Float64Array, into: Float64Array, from: number): void {
  let total = 0;
  for (let each = 0; each < classCount; each += 1) total += shares[each] ?? 0;
  for (let each = 0; each < classCount; each += 1) into[from + each] = (shares[each] ?? 0) / total;
}

function dayPhaseOf(block: number): number {
  return Math.floor((block % blocksPerDay) / blocksPerPhase);
}

function add(counts: Float32Array | Float64Array, cell: number, weight: number): void {
  counts[cell] = (counts[cell] ?? 0) + weight;
}
