// The numbers that stand for group names in journal rows.

import type { DatabaseSync } from 'node:sqlite';

import { readInteger } from './sqlite-row.ts';

export interface GroupNames {
  /** The number of a group, new or known. Within a transaction. */
  idOf(name: string): number;
  /** Null for a group that has no rows yet. */
  findId(name: string): number | null;
  /** After a rollback: a number that is remembered may not be in the file. */
  forget(): void;
}

/** Remembers as many names as there are groups in the file: as many as were ever configured. */
export function prepareGroupNames(database: DatabaseSync): GroupNames {
  const select = database.prepare('SELECT id FROM groups WHERE name = ?');
  const insert = database.prepare('INSERT INTO groups (name) VALUES (?) RETURNING id');
  const idByName = new Map<string, number>();

  const findId = (name: string): number | null => {
    const remembered = idByName.get(name);
    if (remembered !== undefined) return remembered;
    const row = select.get(name);
    if (row === undefined) return null;
    const id = readInteger(row, 'id');
    idByName.set(name, id);
    return id;
  };

  return {
    findId,
    idOf: (name) => {
      const known = findId(name);
      if (known !== null) return known;
      const id = readInteger(insert.get(name) ?? {}, 'id');
      idByName.set(name, id);
      return id;
    },
    forget: () => idByName.clear(),
  };
}
