// The journal of a store file for those who only read it, while a controller may be writing. Opens
// the file read-only: makes no file, changes no schema, takes no lease.

import { DatabaseSync } from 'node:sqlite';

import type { JournalEntry, JournalQuery, StoreOutcome } from '../controller/ports/store.ts';
import { prepareGroupNames } from './group-names.ts';
import type { JournalHeader } from './journal-header.ts';
import { prepareJournalReader, type WrittenStretch } from './journal-reader.ts';
import { prepareJournalShapes } from './journal-shapes.ts';
import { requireNewest } from './schema.ts';
import { readText } from './sqlite-row.ts';
import { describeFailure } from './store-failure.ts';

export interface JournalFile {
  /** The names of all groups that were ever written to it, sorted. */
  readGroups(): StoreOutcome<readonly string[]>;
  readHeaders(group: string): StoreOutcome<readonly JournalHeader[]>;
  /** Of all that was written, or of one stretch of it. */
  read(query: JournalQuery, written?: WrittenStretch): StoreOutcome<readonly JournalEntry[]>;
  /** In the order of writing; one, unless the clock was set back among these times. */
  readStretches(
    range: Pick<JournalQuery, 'group' | 'from' | 'to'>,
  ): StoreOutcome<readonly WrittenStretch[]>;
  close(): void;
}

/** How long a read waits for another process. */
const busyTimeoutMs = 1000;

/** Opens the store in `path`, which must be there. Answers from then on, in this thread. */
export function openJournalFile(path: string): StoreOutcome<JournalFile> {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    requireNewest(database);
    return { ok: true, value: prepareFile(database, path) };
  } catch (error) {
    database?.close();
    return { ok: false, message: describeFailure(error, path).message };
  }
}

function prepareFile(database: DatabaseSync, path: string): JournalFile {
  const shapes = prepareJournalShapes(database);
  const groups = prepareGroupNames(database);
  const reader = prepareJournalReader(database, { shapes, groups });
  const selectGroups = database.prepare('SELECT name FROM groups ORDER BY name');

  /** In one transaction: a row and its shape are read apart, and the writer may remove both. */
  const answer = <T>(read: () => T): StoreOutcome<T> => {
    try {
      database.exec('BEGIN');
      return { ok: true, value: read() };
    } catch (error) {
      return { ok: false, message: describeFailure(error, path).message };
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK');
    }
  };

  return {
    readGroups: () => answer(() => selectGroups.all().map((row) => readText(row, 'name'))),
    readHeaders: (group) => answer(() => reader.headers(group)),
    read: (query, written) => answer(() => reader.read(query, written)),
    readStretches: (range) => answer(() => reader.stretches(range)),
    close: () => database.close(),
  };
}
