// Which number a policy looks at: one statistic over the instances of one signal, over a window.

import type { Expression } from './expression.ts';
import type { EpochMs } from './time.ts';

export const statistics = ['mean', 'sum', 'min', 'max', 'p50', 'p90', 'p95', 'p99'] as const;
export type Statistic = (typeof statistics)[number];

/** What is taken of a signal: its value, or by how much it grows in a second, where it is a counter. */
export const readKinds = ['value', 'rate'] as const;
/** How a window averages: all of its time alike, or what is newer more (exponentially weighted). */
export const smoothings = ['mean', 'ewma'] as const;

/** What is not said is the first of each. */
export interface SignalTreatment {
  readonly read?: 'rate';
  readonly smoothing?: 'ewma';
}

/** Selects one number per group. Made by `selectSignal`, so that equal selectors share a key. */
export interface SignalSelector extends SignalTreatment {
  readonly key: string;
  readonly signal: string;
  /** Over the reporting, warmed instances. */
  readonly statistic: Statistic;
  /**
   * The time over which that statistic is averaged; with `ewma` the time constant: an age of it
   * weighs 1/e. 1000 takes the newest value as it is.
   */
  readonly windowMs: number;
  /**
   * Where it is there, the number is not read but computed from the selectors in it, for one
   * instance; `signal` is then its text.
   */
  readonly expression?: Expression;
}

export function selectSignal(
  signal: string,
  statistic: Statistic,
  windowMs: number,
  { read, smoothing }: SignalTreatment = {},
): SignalSelector {
  const taken = read === undefined ? signal : `${read}(${signal})`;
  const averaged = smoothing === undefined ? '' : ` ${smoothing}`;
  return {
    key: `${statistic}(${taken})/${windowMs}ms${averaged}`,
    signal,
    statistic,
    windowMs,
    ...(read !== undefined && { read }),
    ...(smoothing !== undefined && { smoothing }),
  };
}

/** Selects what `expression`, written as `text`, comes to for one instance. */
export function selectExpression(text: string, expression: Expression): SignalSelector {
  return { key: text, signal: text, statistic: 'mean', windowMs: 1000, expression };
}

/** The number a selector found. A selector without any fresh value has no reading at all. */
export interface SignalReading {
  readonly value: number;
  /** When the newest sample in it was taken. */
  readonly at: EpochMs;
  /**
   * Warmed instances whose fresh samples are in it, at least 1. 0 for what no instance measures, such
   * as the length of a queue: it is there while no instance is.
   */
  readonly instances: number;
}

/** Readings by selector key. */
export type SignalReadings = Readonly<Record<string, SignalReading>>;
