// Spans of the chart in which someone or something held the group: overrides, pauses, freezes. Those
// in which it was ahead of its load are in `prewarms.ts`.

import type { AuditEntry, Override, ToldDecision } from '../contract.ts';

export interface Shade {
  readonly kind: 'set' | 'hold' | 'pause' | 'freeze' | 'prewarm';
  readonly from: number;
  /** Null: it has no end yet. */
  readonly to: number | null;
  readonly label: string;
}

interface Held {
  readonly overrides: readonly Override[];
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly group: string;
}

export function findShades({ entries, group, overrides }: Held): readonly Shade[] {
  const acts = entries
    .filter((entry) => entry.group === group && entry.outcome === 'done')
    .toSorted((one, other) => one.at - other.at);
  return shadeActs(acts, overrides);
}

/** What a person did lasts until it is given back, done anew, or ends by itself. */
function shadeActs(acts: readonly AuditEntry[], overrides: readonly Override[]): Shade[] {
  return acts.flatMap(({ action, at, what, who }, index) => {
    if (action !== 'set' && action !== 'hold' && action !== 'pause') return [];
    const end = acts.find((later, place) => {
      return place > index && (later.action === 'resume' || later.action === action);
    });
    const inForce = overrides.find(({ kind }) => kind === action);
    const ownEnd = readEnd(what ?? '') ?? inForce?.until ?? null;
    // It ended, and the record does not tell when.
    if (end === undefined && inForce === undefined && ownEnd === null) return [];
    const to = end === undefined ? ownEnd : Math.min(end.at, ownEnd ?? end.at);
    return [{ kind: action, from: at, to, label: `${who ?? 'somebody'}: ${what ?? action}` }];
  });
}

/** The record tells it in a sentence: `set to 8 until 2026-01-15T10:00:00.000Z (…)`. */
function readEnd(what: string): number | null {
  const [, written] = /\buntil (\d{4}-\d\d-\d\dT[\d:.]+Z)/.exec(what) ?? [];
  return written === undefined ? null : Date.parse(written);
}

const freezesMax = 50;

/**
 * With a freeze that holds a change now, from when it was first seen to do so. Only looking tells: a
 * held change is no change, and the past is asked for those alone. The same array where none is new.
 */
export function noteFreezes(known: readonly Shade[], now: ToldDecision | null): readonly Shade[] {
  const seen = (now?.decision.adjustments ?? []).flatMap(({ reason }): Shade[] => {
    if (reason.code !== 'freeze' || now === null) return [];
    const label = `freeze ${reason.name}`;
    return [{ kind: 'freeze', from: now.decision.at, to: reason.until, label }];
  });
  const others = seen.filter(
    ({ label, to }) => !known.some((one) => one.label === label && one.to === to),
  );
  return others.length === 0 ? known : [...known, ...others].slice(-freezesMax);
}
