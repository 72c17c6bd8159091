// The tables of the store and how an older file becomes a newer one. A file of a newer schema, or
// of another program, is refused and left as it is.

import type { DatabaseSync } from 'node:sqlite';

import { readInteger } from './sqlite-row.ts';

/** Written into the file's header: says that a SQLite file is one of ours ("4eTd"). */
export const applicationId = 0x34_65_54_64;

/**
 * One step for each version, oldest first: a file at version n still needs those from position n
 * on. Steps that were released are never edited; a change is a new step.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   INSERT INTO counters VALUES ('sequence', 0), ('journal-bytes', 0), ('shape-id', 0);

   -- Who wrote a journal row: a replay is exact only under these.
   CREATE TABLE writers (
     id INTEGER PRIMARY KEY, foretide TEXT NOT NULL, node TEXT NOT NULL, state INTEGER NOT NULL,
     UNIQUE (foretide, node, state)
   ) STRICT;

   -- since_at: the earliest time of anything appended after the newest snapshot, so that recovery
   -- starts at the right place even if the clock was set back.
   CREATE TABLE groups (
     id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
     snapshot_at REAL, snapshot_sequence INTEGER, since_at REAL
   ) STRICT;

   CREATE TABLE shapes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
   -- Apart from the texts, which are long, because a count changes with every append.
   CREATE TABLE shape_uses (shape INTEGER PRIMARY KEY, uses INTEGER NOT NULL) STRICT;

   -- A row has its shape by number, or with it (own_shape) where it is hardly ever the same.
   CREATE TABLE journal (
     group_id INTEGER NOT NULL, at REAL NOT NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL,
     writer INTEGER NOT NULL, shape INTEGER, numbers BLOB NOT NULL, own_shape TEXT,
     PRIMARY KEY (group_id, at, sequence)
   ) STRICT, WITHOUT ROWID;
   -- Kind 5 is a tick that holds: nearly every row, and found by the primary key.
   CREATE INDEX journal_rare ON journal (group_id, kind, at, sequence) WHERE kind < 5;

   CREATE TABLE series (
     id INTEGER PRIMARY KEY, group_name TEXT NOT NULL, signal TEXT NOT NULL,
     UNIQUE (group_name, signal)
   ) STRICT;
   CREATE TABLE ten_seconds (
     series INTEGER NOT NULL, start INTEGER NOT NULL, mean REAL NOT NULL,
     PRIMARY KEY (series, start)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE minutes (
     series INTEGER NOT NULL, start INTEGER NOT NULL,
     count INTEGER NOT NULL, sum REAL NOT NULL, highest REAL NOT NULL,
     PRIMARY KEY (series, start)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE overrides (
     group_name TEXT NOT NULL, kind TEXT NOT NULL, until REAL, body TEXT NOT NULL,
     PRIMARY KEY (group_name, kind)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE leases (
     group_name TEXT PRIMARY KEY, controller TEXT NOT NULL, until REAL NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  // Compressed; a row is overwritten whole, and one that is lost is learnt anew.
  `CREATE TABLE forecasts (group_name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;`,
  'CREATE TABLE models (group_name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT;',
  // A group may have learned models of several kinds.
  `CREATE TABLE learned (
     group_name TEXT NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL,
     PRIMARY KEY (group_name, kind)
   ) STRICT;
   INSERT INTO learned SELECT group_name, 'demand', body FROM models;
   DROP TABLE models;`,
  'CREATE TABLE hand_modes (group_name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;',
];

/** A file that this version must not write to; `message` goes on from "the store <path> ". */
export class ForeignSchemaError extends Error {
  override readonly name = 'ForeignSchemaError';
}

/**
 * Brings the file up to the newest of `steps` in one transaction, and does nothing to one that is
 * there already. Throws `ForeignSchemaError` for a newer one and for another program's.
 */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrations): void {
  if (versionOf(database, steps) === steps.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Again, now that no other process can be doing the same.
    for (const step of steps.slice(versionOf(database, steps))) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}`);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Throws `ForeignSchemaError` for a file that cannot be read as it stands. Writes nothing. */
export function requireNewest(database: DatabaseSync): void {
  const version = versionOf(database, migrations);
  if (version === 0) throw new ForeignSchemaError('is empty: no controller has written to it');
  if (version < migrations.length) {
    throw new ForeignSchemaError(
      `was written by an older Foretide (schema ${version}; this one reads ${migrations.length}); ` +
        'a controller of this version brings it up to date when it starts',
    );
  }
}

function versionOf(database: DatabaseSync, steps: readonly string[]): number {
  const version = readPragma(database, 'user_version');
  const owner = readPragma(database, 'application_id');
  const isEmpty = readPragma(database, 'schema_version') === 0;
  if (owner !== applicationId && !(isEmpty && owner === 0 && version === 0)) {
    throw new ForeignSchemaError('is a SQLite file of another program; choose another store.path');
  }
  if (version > steps.length) {
    throw new ForeignSchemaError(
      `was written by a newer Foretide (schema ${version}; this one knows up to ${steps.length}); ` +
        'run that version, or choose another store.path',
    );
  }
  return version;
}

/** A pragma that has one whole number, such as `page_count`. */
export function readPragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return readInteger(row ?? {}, name);
}
