// What went wrong with the file, in one line for a person, and what to do about the connection.
// The only place that knows SQLite's result codes.

import { DamagedNumbersError } from './number-codec.ts';
import { ForeignSchemaError } from './schema.ts';
import { DamagedShapeError } from './shape.ts';
import { DamagedRowError } from './sqlite-row.ts';

export interface StoreFailure {
  readonly message: string;
  /**
   * `keep`: the connection still works, and the next call may succeed. `busy`: so it does, but
   * trying again at once would wait as long again. `renew`: opening the file anew may help.
   */
  readonly connection: 'keep' | 'busy' | 'renew';
  /** Whether the file itself is broken: such a file may be set aside when it is opened. */
  readonly isDamaged: boolean;
}

/** A file that went away, or was replaced, while it was open. */
export class FileGoneError extends Error {
  override readonly name = 'FileGoneError';
}

// https://www.sqlite.org/rescode.html: the low byte is the primary code.
const resultCodes = {
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;
const primaryCodeMask = 0xff;

/** Null unless SQLite itself, by `node:sqlite`, threw it. */
function sqliteCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & primaryCodeMask : null;
}

/** Whatever was thrown while working on the file at `path`. */
export function describeFailure(error: unknown, path: string): StoreFailure {
  const cause = error instanceof Error ? error.message : String(error);
  const store = `the store ${path}`;
  if (error instanceof ForeignSchemaError || error instanceof FileGoneError) {
    return { message: `${store} ${cause}`, connection: 'renew', isDamaged: false };
  }
  if (isDamagedContent(error)) return damaged(store, cause, 'keep');
  // From the file system itself, before SQLite has the file.
  if (error instanceof Error && 'syscall' in error) {
    return failure(`${store} cannot be opened: ${cause}`, 'renew');
  }
  switch (sqliteCodeOf(error)) {
    case resultCodes.busy:
    case resultCodes.locked:
      return failure(`${store} is locked by another process`, 'busy');
    case resultCodes.full:
      return failure(`${store} is full: its disk, or its size limit, has no room left`, 'keep');
    case resultCodes.readOnly:
      return failure(`${store} is read-only: its file or folder may not be written`, 'renew');
    case resultCodes.permission:
    case resultCodes.cannotOpen:
      return failure(`${store} cannot be opened: ${cause}`, 'renew');
    case resultCodes.inputOutput:
      return failure(`${store} cannot be read or written: ${cause}`, 'renew');
    case resultCodes.corrupt:
    case resultCodes.notADatabase:
      return damaged(store, cause, 'renew');
    default:
      return failure(`${store} failed: ${cause}`, 'keep');
  }
}

function isDamagedContent(error: unknown): boolean {
  return (
    error instanceof DamagedRowError ||
    error instanceof DamagedShapeError ||
    error instanceof DamagedNumbersError ||
    // What `node:sqlite` throws for an integer beyond 2^53, which is never written.
    (error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE')
  );
}

function failure(message: string, connection: StoreFailure['connection']): StoreFailure {
  return { message, connection, isDamaged: false };
}

function damaged(
  store: string,
  cause: string,
  connection: StoreFailure['connection'],
): StoreFailure {
  const remedy = 'put a backup in its place, or start with it set aside';
  return { message: `${store} is damaged (${cause}); ${remedy}`, connection, isDamaged: true };
}
