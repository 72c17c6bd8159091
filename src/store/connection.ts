// The open file: opening it, noticing that it went away, and opening it anew after it failed.
//
//     closed ──opened──> open ──unreadable, damaged──> suspect
//       ^ ^                │                              │
//       │ └── file gone ───┘                              │
//       └──────── `retryAfterMs` after it was opened ─────┘
//
// A suspect file is still used: one damaged page does not keep the others from being written.

import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { migrate, readPragma } from './schema.ts';
import { describeFailure, FileGoneError, type StoreFailure } from './store-failure.ts';

export interface ConnectionOptions {
  readonly path: string;
  /**
   * What to do with a file that cannot be opened because it is damaged. `refuse` leaves it alone
   * and answers failures; `set-aside` renames it to `<path>.damaged-<time>` and starts a new one.
   */
  readonly onDamaged: 'refuse' | 'set-aside';
  /** How long a call waits for another process's transaction to end. */
  readonly busyTimeoutMs: number;
  /** A file that could not be opened is not tried again sooner. */
  readonly retryAfterMs: number;
  /** The file's greatest size; null leaves it to the disk. */
  readonly fileBytesMax: number | null;
}

export interface Connection {
  /** The open database; opens it if need be. */
  obtain(): Obtained;
  /** Takes in what a call threw: whether the connection can be kept is in the failure. */
  fail(error: unknown): StoreFailure;
  /** Where a damaged file was put, newest last. */
  readonly setAside: readonly string[];
  close(): void;
}

export type Obtained =
  /** `isNew`: since the last time; statements prepared before are of no use. */
  | { readonly ok: true; readonly database: DatabaseSync; readonly isNew: boolean }
  | { readonly ok: false; readonly failure: StoreFailure };

interface OpenFile {
  readonly database: DatabaseSync;
  readonly identity: string;
}

const walAutoCheckpointPages = 1000;
/** A checkpoint that could not run lets the log grow; afterwards it is cut to this. */
const walBytesKept = 16 * 1024 * 1024;
/** A disk that damages every file must not be filled with them. */
const setAsideMax = 16;

export function createConnection(options: ConnectionOptions): Connection {
  const setAside: string[] = [];
  let open: OpenFile | null = null;
  let failure: StoreFailure | null = null;
  let isSuspect = false;
  let triedAt = Number.NEGATIVE_INFINITY;

  const mayTry = (): boolean => performance.now() - triedAt >= options.retryAfterMs;

  const shut = (): void => {
    if (open !== null) closeQuietly(open.database);
    open = null;
  };

  const tryOpen = (): OpenFile => {
    triedAt = performance.now();
    try {
      return openFile(options);
    } catch (error) {
      const isRefused = options.onDamaged === 'refuse' || setAside.length >= setAsideMax;
      if (isRefused || !describeFailure(error, options.path).isDamaged) throw error;
      setAside.push(moveAside(options.path));
      return openFile(options);
    }
  };

  return {
    setAside,
    obtain: () => {
      if (open !== null && isSuspect && mayTry()) shut();
      try {
        if (open !== null) {
          if (identify(options.path) !== open.identity) throw new FileGoneError(goneMessage);
          return { ok: true, database: open.database, isNew: false };
        }
        if (failure !== null && !mayTry()) return { ok: false, failure };
        open = tryOpen();
        isSuspect = false;
        return { ok: true, database: open.database, isNew: true };
      } catch (error) {
        shut();
        failure = describeFailure(error, options.path);
        return { ok: false, failure };
      }
    },
    fail: (error) => {
      const described = describeFailure(error, options.path);
      if (described.connection === 'renew') isSuspect = true;
      return described;
    },
    close: shut,
  };
}

const goneMessage = 'was deleted or replaced while in use; what it held since is lost';

function openFile(options: ConnectionOptions): OpenFile {
  createPrivateFile(options.path);
  const database = new DatabaseSync(options.path);
  try {
    database.exec(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
    // Before the first table and before WAL: a file cannot be changed to it later.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
    if (mode !== 'wal') throw new Error(`its file system has no WAL (${String(mode)} instead)`);
    // Each commit reaches the disk: what is decided is recorded before it is done.
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${walAutoCheckpointPages}`);
    database.exec(`PRAGMA journal_size_limit = ${walBytesKept}`);
    if (options.fileBytesMax !== null) {
      const bytesPerPage = readPragma(database, 'page_size');
      const pages = Math.max(1, Math.floor(options.fileBytesMax / bytesPerPage));
      database.exec(`PRAGMA max_page_count = ${pages}`);
    }
    migrate(database);
    return { database, identity: identify(options.path) };
  } catch (error) {
    closeQuietly(database);
    throw error;
  }
}

/** The log and the index beside the file take its mode. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

/**
 * Which files are at the path. Also of the log: without it what was committed would be lost, and
 * SQLite does not notice. The log exists from the first read on, as long as the file is open.
 */
function identify(path: string): string {
  return [path, `${path}-wal`].map(identifyFile).join(' ');
}

function identifyFile(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined ? 'none' : `${status.dev}:${status.ino}`;
}

/**
 * The file, its log and its index keep their suffixes, so that SQLite can still repair them.
 * Nothing that was set aside before is overwritten.
 */
function moveAside(path: string): string {
  const time = new Date().toISOString().replaceAll(':', '-');
  let target = `${path}.damaged-${time}`;
  for (let number = 2; existsSync(target) && number <= setAsideMax; number += 1) {
    target = `${path}.damaged-${time}-${number}`;
  }
  for (const suffix of ['', '-wal', '-shm']) {
    if (statSync(path + suffix, { throwIfNoEntry: false }) === undefined) continue;
    renameSync(path + suffix, target + suffix);
  }
  return target;
}

/** What was committed is on the disk: what closing says adds nothing. */
function closeQuietly(database: DatabaseSync): void {
  try {
    database.close();
  } catch {
    // Given up either way.
  }
}
