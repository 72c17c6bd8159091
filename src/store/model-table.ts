// Learned models in SQLite: one of each kind for a group, apart from the journal, which they would fill.

import type { DatabaseSync } from 'node:sqlite';

import type { ModelKind } from '../controller/ports/store.ts';
import { DamagedRowError } from './sqlite-row.ts';

export interface ModelTable {
  put(group: string, kind: ModelKind, model: Uint8Array): void;
  get(group: string, kind: ModelKind): Uint8Array | null;
}

export function prepareModels(database: DatabaseSync): ModelTable {
  const select = database.prepare('SELECT body FROM learned WHERE group_name = ? AND kind = ?');
  const upsert = database.prepare('INSERT OR REPLACE INTO learned VALUES (?, ?, ?)');
  return {
    put: (group, kind, model) => {
      upsert.run(group, kind, model);
    },
    get: (group, kind) => {
      const row = select.get(group, kind);
      if (row === undefined) return null;
      const body = row['body'];
      if (!(body instanceof Uint8Array)) throw new DamagedRowError('a model is no bytes');
      return body;
    },
  };
}
