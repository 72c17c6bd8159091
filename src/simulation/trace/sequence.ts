// Checks that points form a regular series: sorted, one value per step, no holes, nothing below 0.
// Every reader feeds it; it never mends anything but holes, and those only when told how.
import type { FilledGap, GapRule, TraceProblem, TraceProblemCode, TraceReading } from './trace.ts';
import { gapsMax, problemsMax, spanSecondsMax, stepSecondsMax } from './trace.ts';

export interface SequenceOptions {
  /** What one point is called in a message: `line` of a file, `point` of a list. */
  readonly placeName: 'line' | 'point';
  readonly gaps: GapRule;
  /** Whole seconds between points; left out, the first two points say it. */
  readonly stepSeconds?: number | undefined;
}

/** A series under construction. Only this file changes it. */
export interface Sequence {
  readonly options: SequenceOptions;
  readonly problems: TraceProblem[];
  readonly gaps: FilledGap[];
  problemCount: number;
  gapCount: number;
  values: Float64Array<ArrayBuffer>;
  count: number;
  startSeconds: number;
  /** 0 until two points are known. */
  stepSeconds: number;
  lastSeconds: number;
  lastPlace: number;
  /** Too long, or without a usable step: nothing more is taken in. */
  isClosed: boolean;
}

const firstCapacity = 4096;

export function createSequence(options: SequenceOptions): Sequence {
  return {
    options,
    problems: [],
    gaps: [],
    problemCount: 0,
    gapCount: 0,
    values: new Float64Array(firstCapacity),
    count: 0,
    startSeconds: 0,
    stepSeconds: 0,
    lastSeconds: Number.NaN,
    lastPlace: 0,
    isClosed: false,
  };
}

/** Notes a problem at a place; the text says what was found and what is allowed. */
export function noteProblem(
  sequence: Sequence,
  code: TraceProblemCode,
  place: number,
  text: string,
): void {
  sequence.problemCount += 1;
  if (sequence.problems.length >= problemsMax) return;
  const message = `${sequence.options.placeName} ${place}: ${text}`;
  sequence.problems.push({ code, message });
}

/** Takes in the next point. `place` is its line or its position, counted from 1. */
export function addPoint(sequence: Sequence, seconds: number, value: number, place: number): void {
  if (sequence.isClosed || !isValueSound(sequence, value, place)) return;
  if (!Number.isInteger(seconds)) {
    noteProblem(sequence, 'bad-timestamp', place, `timestamp ${seconds} is not a whole second`);
    return;
  }
  if (sequence.count === 0) {
    sequence.startSeconds = seconds;
  } else if (!fillUpTo(sequence, seconds, place)) {
    return;
  }
  append(sequence, value);
  sequence.lastSeconds = seconds;
  sequence.lastPlace = place;
}

/** The trace, or what was wrong with it. */
export function finishSequence(sequence: Sequence): TraceReading {
  if (sequence.problemCount > 0) {
    const { problems, problemCount } = sequence;
    return { kind: 'refused', problems, problemCount };
  }
  if (sequence.count < 2) return refuseShort(sequence);
  const { startSeconds, stepSeconds, gaps, gapCount } = sequence;
  // Shortened, not copied: a trace may be hundreds of megabytes.
  const bytes = sequence.count * Float64Array.BYTES_PER_ELEMENT;
  const values = new Float64Array(sequence.values.buffer.transfer(bytes));
  return { kind: 'trace', trace: { startSeconds, stepSeconds, values }, gaps, gapCount };
}

function refuseShort(sequence: Sequence): TraceReading {
  const problem: TraceProblem =
    sequence.count === 0
      ? { code: 'empty', message: 'the trace is empty: it has no value' }
      : { code: 'too-short', message: 'the trace has one value, and a step takes at least two' };
  return { kind: 'refused', problems: [problem], problemCount: 1 };
}

function isValueSound(sequence: Sequence, value: number, place: number): boolean {
  if (Number.isFinite(value) && value >= 0) return true;
  if (Number.isFinite(value)) {
    noteProblem(
      sequence,
      'negative-value',
      place,
      `value ${value} is negative; allowed is 0 or more`,
    );
  } else {
    noteProblem(sequence, 'bad-value', place, `value ${value} is not a finite number of 0 or more`);
  }
  return false;
}

/** Fills the steps before a point as the gap rule says; false if the point cannot be placed. */
function fillUpTo(sequence: Sequence, seconds: number, place: number): boolean {
  const { lastSeconds } = sequence;
  const elapsed = seconds - lastSeconds;
  if (elapsed <= 0) return noteDisorder(sequence, seconds, place);
  if (sequence.stepSeconds === 0 && !learnStep(sequence, elapsed, place)) return false;
  const steps = elapsed / sequence.stepSeconds;
  if (!Number.isInteger(steps)) {
    const text = `${elapsed} s after the value before it, and the step is ${sequence.stepSeconds} s`;
    noteProblem(sequence, 'irregular', place, text);
    return false;
  }
  if (seconds - sequence.startSeconds >= spanSecondsMax) {
    sequence.isClosed = true;
    const days = spanSecondsMax / 86_400;
    noteProblem(
      sequence,
      'too-long',
      place,
      `the trace is longer than ${days} days; cut it in parts`,
    );
    return false;
  }
  return steps === 1 || fillGap(sequence, steps - 1, place);
}

function noteDisorder(sequence: Sequence, seconds: number, place: number): false {
  const { lastSeconds, lastPlace, options } = sequence;
  const before = `${options.placeName} ${lastPlace}`;
  if (seconds === lastSeconds) {
    noteProblem(sequence, 'duplicate', place, `timestamp ${seconds} stands on ${before} already`);
  } else {
    const text = `timestamp ${seconds} is before ${lastSeconds} of ${before}; sort by time, oldest first`;
    noteProblem(sequence, 'unsorted', place, text);
  }
  return false;
}

/** The step is the one asked for, else the distance of the first two points. */
function learnStep(sequence: Sequence, elapsed: number, place: number): boolean {
  const step = sequence.options.stepSeconds ?? elapsed;
  if (Number.isInteger(step) && step >= 1 && step <= stepSecondsMax) {
    sequence.stepSeconds = step;
    return true;
  }
  sequence.isClosed = true;
  const hint = step % 1000 === 0 ? ' (are these milliseconds?)' : '';
  const text = `the step is ${step} s; allowed is 1 to ${stepSecondsMax}, whole seconds${hint}`;
  noteProblem(sequence, 'bad-step', place, text);
  return false;
}

function fillGap(sequence: Sequence, steps: number, place: number): boolean {
  const fromSeconds = sequence.lastSeconds + sequence.stepSeconds;
  const rule = sequence.options.gaps;
  if (rule === 'refuse') {
    const text = `${steps} values of ${sequence.stepSeconds} s are missing from ${fromSeconds} on; `;
    noteProblem(sequence, 'gap', place, `${text}mend the trace, or say to hold or zero its gaps`);
    // What follows the hole is checked for its own sake.
    return true;
  }
  const filler = rule === 'hold' ? (sequence.values[sequence.count - 1] ?? 0) : 0;
  for (let step = 0; step < steps; step += 1) append(sequence, filler);
  sequence.gapCount += 1;
  if (sequence.gaps.length < gapsMax) sequence.gaps.push({ fromSeconds, steps });
  return true;
}

/** Amortised growth; the span bound of `fillUpTo` bounds the count. */
function append(sequence: Sequence, value: number): void {
  if (sequence.count === sequence.values.length) {
    const wider = new Float64Array(sequence.values.length * 2);
    wider.set(sequence.values);
    sequence.values = wider;
  }
  sequence.values[sequence.count] = value;
  sequence.count += 1;
}
