// Which number a policy looks at: one statistic over the instances of one signal, over a window.

import type { Expression } from './expression.ts';
import type { EpochMs } from './time.ts';

export const statistics = ['mean', 'sum', 'min', 'max', 'p50', 'p90', 'p95', 'p99'] as const;
export type Statistic = (typeof statistics)[number];

/** Selects one number per group. Made by `selectSignal`, so that equal selectors share a key. */
export interface SignalSelector {
  readonly key: string;
  readonly signal: string;
  /** Over the reporting, warmed instances. */
  readonly statistic: Statistic;
  /** The time over which that statistic is averaged. 1000 takes the newest value as it is. */
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
): SignalSelector {
  return { key: `${statistic}(${signal})/${windowMs}ms`, signal, statistic, windowMs };
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
