// What a read trace is, and how a reader says what it found wrong. Nothing here parses.

/** A series of values at a fixed step, oldest first, without holes. */
export interface Trace {
  /** Epoch seconds of the first value (or seconds from 0, where the source hides the date). */
  readonly startSeconds: number;
  /** Whole seconds from one value to the next, 1 to 3600. */
  readonly stepSeconds: number;
  /** Finite and at least 0. At least two of them. */
  readonly values: Float64Array;
}

/** What to do with steps that have no value: refuse them, repeat the last value, or put 0. */
export type GapRule = 'refuse' | 'hold' | 'zero';

/** Steps that had no value and were filled because the gap rule said so. */
export interface FilledGap {
  readonly fromSeconds: number;
  readonly steps: number;
}

export type TraceProblemCode =
  | 'empty'
  | 'too-short'
  | 'too-long'
  | 'line-too-long'
  | 'missing-column'
  | 'missing-field'
  | 'blank-line'
  | 'bad-timestamp'
  | 'bad-value'
  | 'negative-value'
  | 'duplicate'
  | 'unsorted'
  | 'bad-step'
  | 'irregular'
  | 'gap'
  | 'bad-json'
  | 'unknown-shape'
  | 'partial'
  | 'choose-series';

export interface TraceProblem {
  readonly code: TraceProblemCode;
  /** One line for a person: where, what was found, what is allowed. */
  readonly message: string;
}

/** What came of reading: a trace, or every reason (the first few in full) why there is none. */
export type TraceReading =
  | {
      readonly kind: 'trace';
      readonly trace: Trace;
      /** The first `gapsMax` filled gaps; `gapCount` counts them all. */
      readonly gaps: readonly FilledGap[];
      readonly gapCount: number;
    }
  | {
      readonly kind: 'refused';
      /** The first `problemsMax` problems; `problemCount` counts them all. */
      readonly problems: readonly TraceProblem[];
      readonly problemCount: number;
    };

export const problemsMax = 20;
export const gapsMax = 1000;
export const stepSecondsMax = 3600;
/** 400 days: a year at one second is 250 MB of values, and no backtest needs more at once. */
export const spanSecondsMax = 400 * 86_400;

/** A reading that is refused for one reason. */
export function refuseTrace(code: TraceProblemCode, message: string): TraceReading {
  return { kind: 'refused', problems: [{ code, message }], problemCount: 1 };
}
