// The journal in SQLite: appending and reading. What is too old goes in `retention.ts`; when a
// transaction begins and ends is the engine's business.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import type { JournalEntry, JournalQuery, Recovery } from '../controller/ports/store.ts';
import { prepareGroupNames } from './group-names.ts';
import { prepareJournalReader } from './journal-reader.ts';
import { encodeEntry, type EncodedEntry } from './journal-row.ts';
import type { JournalHeader, WriterVersions } from './journal-header.ts';
import { prepareJournalShapes } from './journal-shapes.ts';
import { readInteger, readNullableNumber } from './sqlite-row.ts';

/** What a row takes in the file beside its contents: key, header, its share of the index. */
export const rowOverheadBytes = 32;

export interface JournalTable {
  append(entries: readonly JournalEntry[]): void;
  read(query: JournalQuery): JournalEntry[];
  recover(group: string): Recovery | null;
  headers(group: string): JournalHeader[];
  countUses(shape: number, change: number): void;
  forget(): void;
}

/** The rows of one group within one append: where its newest snapshot is. */
interface GroupMark {
  readonly id: number;
  snapshotAt: number | null;
  snapshotSequence: number | null;
  sinceAt: number | null;
  isChanged: boolean;
}

export function prepareJournal(database: DatabaseSync, writer: WriterVersions): JournalTable {
  const shapes = prepareJournalShapes(database);
  const groups = prepareGroupNames(database);
  const reader = prepareJournalReader(database, { shapes, groups });
  const versions = prepareWriter(database, writer);
  const selectMark = database.prepare(
    'SELECT snapshot_at, snapshot_sequence, since_at FROM groups WHERE id = ?',
  );
  const updateMark = database.prepare(
    'UPDATE groups SET snapshot_at = ?, snapshot_sequence = ?, since_at = ? WHERE id = ?',
  );
  const advance = database.prepare(
    "UPDATE counters SET value = value + ? WHERE name = 'sequence' RETURNING value",
  );
  const addBytes = database.prepare(
    "UPDATE counters SET value = value + ? WHERE name = 'journal-bytes'",
  );
  const insert = database.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)');

  const markOf = (marks: Map<string, GroupMark>, group: string): GroupMark => {
    const known = marks.get(group);
    if (known !== undefined) return known;
    const id = groups.idOf(group);
    const row = selectMark.get(id) ?? {};
    const mark: GroupMark = {
      id,
      snapshotAt: readNullableNumber(row, 'snapshot_at'),
      snapshotSequence: readNullableNumber(row, 'snapshot_sequence'),
      sinceAt: readNullableNumber(row, 'since_at'),
      isChanged: false,
    };
    marks.set(group, mark);
    return mark;
  };

  return {
    append: (entries) => {
      const marks = new Map<string, GroupMark>();
      const uses = new Map<number, number>();
      const writerId = versions.id();
      let sequence = readInteger(advance.get(entries.length) ?? {}, 'value') - entries.length;
      let bytes = 0;
      for (const entry of entries) {
        sequence += 1;
        const mark = markOf(marks, entry.group);
        noteEntry(mark, entry, sequence);
        const encoded = encodeEntry(entry);
        const shape = entry.kind === 'tick' ? shapes.idOf(encoded.shape) : null;
        if (shape !== null) uses.set(shape, (uses.get(shape) ?? 0) + 1);
        const ownShape = shape === null ? encoded.shape : null;
        insert.run(...columns(mark, entry, { encoded, sequence, writerId, shape, ownShape }));
        bytes += rowOverheadBytes + encoded.numbers.length + Buffer.byteLength(ownShape ?? '');
      }
      for (const [shape, count] of uses) shapes.countUses(shape, count);
      for (const mark of marks.values()) {
        if (!mark.isChanged) continue;
        updateMark.run(mark.snapshotAt, mark.snapshotSequence, mark.sinceAt, mark.id);
      }
      addBytes.run(bytes);
    },
    read: reader.read,
    recover: reader.recover,
    headers: reader.headers,
    countUses: shapes.countUses,
    forget: () => {
      shapes.forget();
      groups.forget();
      versions.forget();
    },
  };
}

function columns(
  mark: GroupMark,
  entry: JournalEntry,
  row: {
    readonly encoded: EncodedEntry;
    readonly sequence: number;
    readonly writerId: number;
    readonly shape: number | null;
    readonly ownShape: string | null;
  },
): SQLInputValue[] {
  const { encoded, sequence, writerId, shape, ownShape } = row;
  const { kind, numbers } = encoded;
  return [mark.id, entry.at, sequence, kind, writerId, shape, numbers, ownShape];
}

function noteEntry(mark: GroupMark, entry: JournalEntry, sequence: number): void {
  if (entry.kind === 'snapshot') {
    mark.snapshotAt = entry.at;
    mark.snapshotSequence = sequence;
    mark.sinceAt = entry.at;
    mark.isChanged = true;
  } else if (mark.sinceAt !== null && entry.at < mark.sinceAt) {
    // The clock was set back.
    mark.sinceAt = entry.at;
    mark.isChanged = true;
  }
}

/** The number of this process's versions, found or made at the first row that it writes. */
function prepareWriter(
  database: DatabaseSync,
  writer: WriterVersions,
): { id(): number; forget(): void } {
  const upsert = database.prepare(
    `INSERT INTO writers (foretide, node, state) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET state = excluded.state RETURNING id`,
  );
  const { foretideVersion, nodeVersion, stateVersion } = writer;
  let remembered: number | null = null;
  return {
    id: () => {
      remembered ??= readInteger(
        upsert.get(foretideVersion, nodeVersion, stateVersion) ?? {},
        'id',
      );
      return remembered;
    },
    forget: () => {
      remembered = null;
    },
  };
}
