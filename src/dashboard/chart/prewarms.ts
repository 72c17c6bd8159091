// Pre-warms: sizes that were raised for what a forecast says, before the load asked for them. Read from
// the decisions that did it and from the demand that was recorded after them.

import type { SeriesAnswer, ToldDecision } from '../contract.ts';
import type { Shade } from './shades.ts';

type Decision = ToldDecision['decision'];

interface Past {
  /** Changes only, newest first. */
  readonly decisions: readonly ToldDecision[];
  readonly series: SeriesAnswer;
}

/**
 * Each from its decision until the demand had risen by as many instances as were launched ahead, or
 * the next change; without an end where neither has come yet.
 */
export function findPrewarms({ decisions, series }: Past): readonly Shade[] {
  return decisions.flatMap(({ decision }, index) => {
    const needed = readNeeded(decision);
    if (needed === null) return [];
    const ahead = decision.to - needed;
    const nextAt = decisions[index - 1]?.decision.at ?? Number.POSITIVE_INFINITY;
    const end = Math.min(nextAt, findRise(series, decision.at, ahead) ?? nextAt);
    const label = `${decision.from} to ${decision.to} ahead of need, the load alone asked for ${needed}`;
    return [{ kind: 'prewarm', from: decision.at, to: Number.isFinite(end) ? end : null, label }];
  });
}

/** What the load alone asked for; null where the decision launched nothing for a forecast. */
export function readNeeded(decision: Decision): number | null {
  const { from, kind, needed, recommendations, to } = decision;
  if (kind !== 'scale-out') return null;
  if (needed !== undefined) return needed < to ? needed : null;
  // A forecast policy that recommends more than all others do.
  let forecast = 0;
  let others = from;
  for (const one of recommendations) {
    if (one.kind === 'bounds') others = Math.max(others, one.atLeast ?? 0);
    if (one.kind !== 'desired') continue;
    if (one.reason.code === 'forecast') forecast = Math.max(forecast, one.desired);
    else others = Math.max(others, one.desired);
  }
  return forecast > others && others < to ? others : null;
}

/** When the demand was first so many instances above what it was then; null: not within the series. */
function findRise({ demand, start, stepMs }: SeriesAnswer, at: number, by: number): number | null {
  const first = Math.max(0, Math.floor((at - start) / stepMs));
  const before = demand[first] ?? null;
  if (before === null) return null;
  const place = demand.findIndex((value, index) => {
    return index > first && value !== null && value >= before + by;
  });
  return place === -1 ? null : start + place * stepMs;
}
