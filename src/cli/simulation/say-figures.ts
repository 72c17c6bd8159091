// Figures of simulations in words for a table, and the lines that say under what conditions.

import type { Arena } from '../../simulation/arena.ts';
import type { SearchState } from '../../simulation/optimum/dual-bound.ts';
import type { NamedLoad } from './read-load.ts';

/** `0.5%`: an allowance as a key of JSON and the head of a column. */
export function percentKey(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(6))}%`;
}

/** Three significant digits for what is small, whole percents never shown as less than they are. */
export function sayPercent(ratio: number): string {
  const percent = ratio * 100;
  if (percent === 0) return '0%';
  return percent < 0.001 ? '<0.001%' : `${Number(percent.toPrecision(3))}%`;
}

/** A difference of shares: from 0.5% to 0.7% is `0.2 points`, which no one takes for a fifth. */
export function sayPoints(difference: number): string {
  const points = difference * 100;
  if (points < 0.001) return 'less than 0.001 points';
  return `${Number(points.toPrecision(3))} points`;
}

/** A share that is nearly all, down to the hundredth of a percent: 99.999 % is not all. */
export function sayShare(ratio: number): string {
  return `${Math.floor(ratio * 10_000 + 1e-9) / 100}%`;
}

export function sayWhole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Three digits in the unit that reads best; null is above an hour. */
export function sayMilliseconds(value: number | null): string {
  if (value === null) return 'over 1 h';
  if (value < 1000) return `${Number(value.toPrecision(3))} ms`;
  return `${Number((value / 1000).toPrecision(3))} s`;
}

export function sayUsd(value: number): string {
  return `$${value.toFixed(2)}`;
}

export function sayRatio(ratio: number | null): string {
  return ratio === null ? '-' : ratio.toFixed(3);
}

/** How far the search for the least cost of a queue is. */
export function saySearch(allowance: number, { evaluations, gapRatio }: SearchState): string {
  const plans = evaluations === 1 ? '1 plan' : `${evaluations} plans`;
  const near = Number.isFinite(gapRatio) ? `, ${sayPercent(gapRatio)} may be missing` : '';
  return `the optimum at ${sayPercent(allowance)} late: ${plans} priced${near}`;
}

/** What was run, in a line. */
export function describeArena({ name, load }: NamedLoad, arena: Arena): string {
  const { scored, capacity } = arena.workload;
  const total = sayDuration(load.workPerSecond.length);
  const scoredFor = sayDuration(scored.toSecond - scored.fromSecond);
  const unit = Number(capacity.perInstance.toPrecision(4));
  const boot = arena.boot.kind === 'fixed' ? arena.boot.seconds : arena.boot.medianSeconds;
  return `${name}: ${total}, scored ${scoredFor}; an instance does ${unit} a second and boots ${boot} s`;
}

/** Seconds in the unit that reads best. */
export function sayDuration(seconds: number): string {
  if (seconds < 7200) return `${Number((seconds / 60).toPrecision(3))} min`;
  if (seconds < 259_200) return `${Number((seconds / 3600).toPrecision(3))} h`;
  return `${Number((seconds / 86_400).toPrecision(3))} d`;
}
