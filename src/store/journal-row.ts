// A journal entry as a row's columns, and back. The group and the time are columns of their own;
// the rest is a shape and its numbers.

import type { JournalEntry, JournalQuery } from '../controller/ports/store.ts';
import type { Decision } from '../core/decision.ts';
import { decodeNumbers, encodeNumbers } from './number-codec.ts';
import { joinValue, splitValue } from './shape.ts';
import { DamagedRowError } from './sqlite-row.ts';

/**
 * The column `kind`: an entry's kind, and for ticks the decision's, so that one index finds both.
 * Written into files: a number once given is never given again.
 */
export const rowKinds = {
  config: 0,
  actuation: 1,
  snapshot: 2,
  'scale-out': 3,
  'scale-in': 4,
  hold: 5,
} as const;

export type RowKind = (typeof rowKinds)[keyof typeof rowKinds];

const entryKinds: readonly JournalEntry['kind'][] = ['config', 'tick', 'actuation', 'snapshot'];
const decisionKinds: readonly Decision['kind'][] = ['hold', 'scale-in', 'scale-out'];

export interface EncodedEntry {
  readonly kind: RowKind;
  readonly shape: string;
  readonly numbers: Uint8Array;
}

export function encodeEntry(entry: JournalEntry): EncodedEntry {
  // Ordered as written, so that equal entries have equal shapes.
  const { group: _group, at, kind: _kind, ...content } = entry;
  const split = splitValue(content);
  return {
    kind: rowKindOf(entry),
    shape: split.shape,
    numbers: encodeNumbers(split.numbers, at),
  };
}

function rowKindOf(entry: JournalEntry): RowKind {
  return rowKinds[entry.kind === 'tick' ? entry.decision.kind : entry.kind];
}

/** The entry that was encoded. Throws for a damaged row. */
export function decodeEntry(
  group: string,
  at: number,
  row: { readonly kind: number; readonly shape: string; readonly numbers: Uint8Array },
): JournalEntry {
  const numbers = decodeNumbers(row.numbers, at);
  const content = joinValue({ shape: row.shape, numbers });
  if (typeof content !== 'object' || content === null) {
    throw new DamagedRowError('an entry holds no object');
  }
  const kind = entryKindOf(row.kind);
  // The row was made from a JournalEntry of this kind by `encodeEntry`, which is exact.
  return { group, at, kind, ...content } as JournalEntry;
}

function entryKindOf(kind: number): JournalEntry['kind'] {
  switch (kind) {
    case rowKinds.config:
      return 'config';
    case rowKinds.actuation:
      return 'actuation';
    case rowKinds.snapshot:
      return 'snapshot';
    case rowKinds.hold:
    case rowKinds['scale-in']:
    case rowKinds['scale-out']:
      return 'tick';
    default:
      throw new DamagedRowError(`no entry has the kind ${kind}`);
  }
}

/** The row kinds that a query asks for, ascending. `decisionKinds` leaves only ticks. */
export function rowKindsOf(query: Pick<JournalQuery, 'kinds' | 'decisionKinds'>): RowKind[] {
  const wanted: RowKind[] = [];
  for (const kind of entryKinds) {
    if (query.kinds !== undefined && !query.kinds.includes(kind)) continue;
    if (kind === 'tick') {
      for (const decided of query.decisionKinds ?? decisionKinds) wanted.push(rowKinds[decided]);
    } else if (query.decisionKinds === undefined) {
      wanted.push(rowKinds[kind]);
    }
  }
  return [...new Set(wanted)].toSorted((one, other) => one - other);
}
