// What every collector is: something that reads the machine when asked and puts what it measured.

import type { agentSignals, connectionsAgeSignal, connectionsToPort } from '../../wire/signals.ts';

export type MeasuredSignal =
  | keyof typeof agentSignals
  | ReturnType<typeof connectionsToPort>
  | typeof connectionsAgeSignal;

/** Takes one measured signal, in the unit that its name says. */
export type PutSignal = (name: MeasuredSignal, value: number) => void;

export interface Collector {
  /** The signals that it may put, for the log. */
  readonly measures: string;
  /** Puts what it can. Rates need two readings, so the first time they are left out. */
  collect(nowMs: number, put: PutSignal): void;
  /** Why it puts nothing, in one line; null while all is well. */
  problem(): string | null;
  /** Somebody waits for what it counts: the next reading may come sooner. */
  hurry?(): void;
  close(): void;
}

/** Where the machine is read. Other folders than /proc and /sys are for tests. */
export interface SystemPaths {
  readonly proc: string;
  readonly sys: string;
}

/** Four decimals: finer than any collector measures, and short in JSON. Clamps to 0–1. */
export function roundRatio(ratio: number): number {
  return Math.round(Math.min(1, Math.max(0, ratio)) * 10_000) / 10_000;
}

/** The fields of a line of a table that is padded with spaces. Without a pattern: see `bench:agent`. */
export function splitFields(line: string): readonly string[] {
  return line.split(' ').filter((field) => field !== '');
}
