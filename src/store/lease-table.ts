// Leases in SQLite: which controller may act on a group, until when.

import type { DatabaseSync } from 'node:sqlite';

import type { LeaseRequest } from '../controller/ports/store.ts';
import { readText } from './sqlite-row.ts';

export interface LeaseTable {
  /** Null: held now; else who holds it. Within a transaction, so that no other can come between. */
  hold(request: LeaseRequest): string | null;
  release(group: string, controller: string): void;
}

export function prepareLeases(database: DatabaseSync): LeaseTable {
  const selectOther = database.prepare(
    'SELECT controller FROM leases WHERE group_name = ? AND controller <> ? AND until > ?',
  );
  const upsert = database.prepare('INSERT OR REPLACE INTO leases VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM leases WHERE group_name = ? AND controller = ?');
  return {
    hold: ({ group, controller, now, durationMs }) => {
      const other = selectOther.get(group, controller, now);
      if (other !== undefined) return readText(other, 'controller');
      upsert.run(group, controller, now + durationMs);
      return null;
    },
    release: (group, controller) => {
      remove.run(group, controller);
    },
  };
}
