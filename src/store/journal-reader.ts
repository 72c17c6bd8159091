// Reading the journal in SQLite: by time and kind, and from the newest snapshot on. Every query goes
// along an index, in the order that is asked for.

import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { JournalEntry, JournalQuery, Recovery } from '../controller/ports/store.ts';
import type { GroupNames } from './group-names.ts';
import type { JournalHeader } from './journal-header.ts';
import { decodeEntry, rowKinds, rowKindsOf, type RowKind } from './journal-row.ts';
import type { JournalShapes } from './journal-shapes.ts';
import {
  DamagedRowError,
  readBytes,
  readInteger,
  readNullableNumber,
  readNumber,
  readText,
  type SqliteRow,
} from './sqlite-row.ts';

/** SQLite takes a row count up to this; nobody asks for more. */
const limitMax = 2 ** 31 - 1;

/** Entries that were written one after the other while the clock went on: from one number up to another. */
export interface WrittenStretch {
  readonly first: number;
  /** Exclusive. */
  readonly until: number;
}

const everWritten: WrittenStretch = { first: 0, until: Number.MAX_SAFE_INTEGER };

export interface JournalReader {
  read(query: JournalQuery, written?: WrittenStretch): JournalEntry[];
  /** In the order of writing; one, unless the clock was set back among these times. */
  stretches(range: Pick<JournalQuery, 'group' | 'from' | 'to'>): WrittenStretch[];
  recover(group: string): Recovery | null;
  headers(group: string): JournalHeader[];
}

export function prepareJournalReader(
  database: DatabaseSync,
  names: { readonly groups: GroupNames; readonly shapes: JournalShapes },
): JournalReader {
  const { groups, shapes } = names;
  // One for each set of kinds and each order: at most 2 × 2⁶.
  const statements = new Map<string, StatementSync>();
  const selectMark = database.prepare(
    'SELECT snapshot_at, snapshot_sequence, since_at FROM groups WHERE id = ?',
  );
  const selectSnapshot = database.prepare(
    'SELECT * FROM journal WHERE group_id = ? AND at = ? AND sequence = ?',
  );
  const selectSince = database.prepare(
    'SELECT * FROM journal WHERE group_id = ? AND at >= ? AND sequence > ? ORDER BY sequence',
  );
  const selectHeaders = database.prepare(
    `SELECT foretide, node, state, first, last, entries FROM writers JOIN (
       SELECT writer, min(at) AS first, max(at) AS last, count(*) AS entries
       FROM journal WHERE group_id = ? GROUP BY writer
     ) ON writer = id ORDER BY first, id`,
  );

  const selectSetbacks = database.prepare(
    `SELECT sequence FROM (
       SELECT sequence, at, lag(at) OVER (ORDER BY sequence) AS before
       FROM journal WHERE group_id = ? AND at >= ? AND at < ?
     ) WHERE at < before ORDER BY sequence`,
  );

  const statementFor = (kinds: readonly RowKind[], order: JournalQuery['order']): StatementSync => {
    const key = `${kinds.join()} ${order}`;
    const prepared = statements.get(key) ?? database.prepare(selectOf(kinds, order));
    statements.set(key, prepared);
    return prepared;
  };

  const entryOf = (group: string, row: SqliteRow): JournalEntry => {
    const shape = row['shape'];
    return decodeEntry(group, readNumber(row, 'at'), {
      kind: readInteger(row, 'kind'),
      shape: typeof shape === 'number' ? shapes.textOf(shape) : readText(row, 'own_shape'),
      numbers: readBytes(row, 'numbers'),
    });
  };

  return {
    read: (query, { first, until } = everWritten) => {
      const id = groups.findId(query.group);
      const kinds = rowKindsOf(query);
      const limit = Math.min(Math.floor(query.limit), limitMax);
      if (id === null || kinds.length === 0 || !(limit > 0)) return [];
      const statement = statementFor(kinds, query.order);
      const rows = statement.all(id, query.from, query.to, limit, first, until);
      return rows.map((row) => entryOf(query.group, row));
    },
    stretches: ({ group, from, to }) => {
      const setbacks = selectSetbacks.all(groups.findId(group), from, to);
      const firsts = [0, ...setbacks.map((row) => readInteger(row, 'sequence'))];
      return firsts.map((first, index) => ({
        first,
        until: firsts[index + 1] ?? everWritten.until,
      }));
    },
    recover: (group) => {
      const id = groups.findId(group);
      const mark = id === null ? undefined : selectMark.get(id);
      if (id === null || mark === undefined) return null;
      const snapshotAt = readNullableNumber(mark, 'snapshot_at');
      const sequence = readNullableNumber(mark, 'snapshot_sequence');
      const sinceAt = readNullableNumber(mark, 'since_at');
      const row = selectSnapshot.get(id, snapshotAt, sequence);
      // None yet, or so old that it is gone.
      if (row === undefined || snapshotAt === null) return null;
      const snapshot = entryOf(group, row);
      if (snapshot.kind !== 'snapshot') throw new DamagedRowError('a snapshot is something else');
      const { state, fleet, controller } = snapshot;
      const since = selectSince
        .all(id, sinceAt, sequence)
        .map((later) => entryOf(group, later))
        .filter((later) => later.controller === controller);
      return { snapshot: { state, fleet }, snapshotAt, since };
    },
    headers: (group) => selectHeaders.all(groups.findId(group)).map(headerOf),
  };
}

/**
 * Ticks that hold are nearly all rows: where they are wanted, the primary key is walked and the
 * others are left out. Else each kind is walked along its index, and SQLite merges the walks.
 */
export function selectOf(kinds: readonly RowKind[], order: JournalQuery['order']): string {
  const direction = order === 'oldest-first' ? 'ASC' : 'DESC';
  const ending = `ORDER BY at ${direction}, sequence ${direction} LIMIT ?4`;
  const columns = 'SELECT at, sequence, kind, shape, own_shape, numbers FROM journal';
  const range = 'WHERE group_id = ?1 AND at >= ?2 AND at < ?3 AND sequence >= ?5 AND sequence < ?6';
  if (kinds.includes(rowKinds.hold)) {
    return `${columns} ${range} AND kind IN (${kinds.join()}) ${ending}`;
  }
  // `kind < 5` tells SQLite that the partial index has all that is asked for; left to itself it
  // takes the primary key.
  const walks = kinds.map(
    (kind) => `${columns} INDEXED BY journal_rare ${range} AND kind = ${kind} AND kind < 5`,
  );
  return `${walks.join(' UNION ALL ')} ${ending}`;
}

function headerOf(row: SqliteRow): JournalHeader {
  return {
    foretideVersion: readText(row, 'foretide'),
    nodeVersion: readText(row, 'node'),
    stateVersion: readInteger(row, 'state'),
    from: readNumber(row, 'first'),
    to: readNumber(row, 'last'),
    entries: readInteger(row, 'entries'),
  };
}
