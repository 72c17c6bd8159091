// Modes set by hand, in SQLite: at most one for a group.

import type { DatabaseSync } from 'node:sqlite';

import type { HandMode } from '../controller/ports/store.ts';
import { DamagedRowError, readText } from './sqlite-row.ts';

export interface HandModeTable {
  /** Null forgets. */
  put(group: string, mode: HandMode | null): void;
  get(group: string): HandMode | null;
}

export function prepareHandModes(database: DatabaseSync): HandModeTable {
  const upsert = database.prepare('INSERT OR REPLACE INTO hand_modes VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM hand_modes WHERE group_name = ?');
  const select = database.prepare('SELECT body FROM hand_modes WHERE group_name = ?');
  return {
    put: (group, mode) => {
      if (mode === null) remove.run(group);
      else upsert.run(group, JSON.stringify(mode));
    },
    get: (group) => {
      const row = select.get(group);
      return row === undefined ? null : parse(readText(row, 'body'));
    },
  };
}

function parse(body: string): HandMode {
  try {
    // Written by `put` from a HandMode.
    return JSON.parse(body) as HandMode;
  } catch {
    throw new DamagedRowError('a mode set by hand is not JSON');
  }
}
