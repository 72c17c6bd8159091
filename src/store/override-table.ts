// Overrides in SQLite: at most one of each kind for a group.

import type { DatabaseSync } from 'node:sqlite';

import type { Override } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';
import { DamagedRowError, readText } from './sqlite-row.ts';

export interface OverrideTable {
  list(group: string, now: EpochMs): Override[];
  put(group: string, override: Override, now: EpochMs): void;
  remove(group: string, kind: Override['kind'], now: EpochMs): boolean;
}

export function prepareOverrides(database: DatabaseSync): OverrideTable {
  const select = database.prepare(
    `SELECT body FROM overrides WHERE group_name = ? AND (until IS NULL OR until > ?)
     ORDER BY kind`,
  );
  const upsert = database.prepare('INSERT OR REPLACE INTO overrides VALUES (?, ?, ?, ?)');
  const removeEnded = database.prepare('DELETE FROM overrides WHERE group_name = ? AND until <= ?');
  const remove = database.prepare('DELETE FROM overrides WHERE group_name = ? AND kind = ?');
  return {
    list: (group, now) => select.all(group, now).map((row) => parseOverride(readText(row, 'body'))),
    put: (group, override, now) => {
      removeEnded.run(group, now);
      upsert.run(group, override.kind, override.until, JSON.stringify(override));
    },
    remove: (group, kind, now) => {
      removeEnded.run(group, now);
      return remove.run(group, kind).changes > 0;
    },
  };
}

function parseOverride(body: string): Override {
  try {
    // Written by `put` from an Override.
    return JSON.parse(body) as Override;
  } catch {
    throw new DamagedRowError('an override is not JSON');
  }
}
