// Learned models in SQLite: one for a group, apart from the journal, which they would fill.

import type { DatabaseSync } from 'node:sqlite';

import { DamagedRowError } from './sqlite-row.ts';

export interface ModelTable {
  put(group: string, model: Uint8Array): void;
  get(group: string): Uint8Array | null;
}

export function prepareModels(database: DatabaseSync): ModelTable {
  const select = database.prepare('SELECT body FROM models WHERE group_name = ?');
  const upsert = database.prepare('INSERT OR REPLACE INTO models VALUES (?, ?)');
  return {
    put: (group, model) => {
      upsert.run(group, model);
    },
    get: (group) => {
      const row = select.get(group);
      if (row === undefined) return null;
      const body = row['body'];
      if (!(body instanceof Uint8Array)) throw new DamagedRowError('a model is no bytes');
      return body;
    },
  };
}
