// The shapes of journal rows, each kept once and counted, so that one that no row has any more goes.

import type { DatabaseSync } from 'node:sqlite';

import { DamagedRowError, readInteger, readText } from './sqlite-row.ts';

/**
 * A group whose overrides' texts or signals change all the time would fill the file with shapes;
 * past this many a new one stays in its own row.
 */
export const shapesMax = 20_000;
const shapesRememberedMax = 4096;

export interface JournalShapes {
  /** The number of a shape, new or known. Null: there are too many. Within a transaction. */
  idOf(text: string): number | null;
  textOf(id: number): string;
  /** Within the transaction that adds (or, negative, removes) so many rows of the shape. */
  countUses(id: number, change: number): void;
  /** After a rollback, or when another process has written: what is remembered may be wrong. */
  forget(): void;
}

export function prepareJournalShapes(database: DatabaseSync): JournalShapes {
  const select = database.prepare('SELECT id FROM shapes WHERE text = ?');
  const selectText = database.prepare('SELECT text FROM shapes WHERE id = ?');
  const count = database.prepare('SELECT count(*) AS shapes FROM shape_uses');
  const insert = database.prepare('INSERT INTO shapes (id, text) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM shapes WHERE id = ?');
  const addUses = database.prepare(
    `INSERT INTO shape_uses VALUES (?, ?)
     ON CONFLICT DO UPDATE SET uses = uses + excluded.uses RETURNING uses`,
  );
  const removeUses = database.prepare('DELETE FROM shape_uses WHERE shape = ?');
  // Never the number of a shape that is gone: another process may remember that one's text.
  const nextId = database.prepare(
    "UPDATE counters SET value = value + 1 WHERE name = 'shape-id' RETURNING value",
  );
  const idByText = new Map<string, number>();
  const textById = new Map<number, string>();

  const remember = (id: number, text: string): void => {
    if (idByText.size >= shapesRememberedMax) idByText.clear();
    if (textById.size >= shapesRememberedMax) textById.clear();
    idByText.set(text, id);
    textById.set(id, text);
  };

  const insertShape = (text: string): number | null => {
    if (readInteger(count.get() ?? {}, 'shapes') >= shapesMax) return null;
    const id = readInteger(nextId.get() ?? {}, 'value');
    insert.run(id, text);
    return id;
  };

  return {
    idOf: (text) => {
      const remembered = idByText.get(text);
      if (remembered !== undefined) return remembered;
      const row = select.get(text);
      const id = row === undefined ? insertShape(text) : readInteger(row, 'id');
      if (id !== null) remember(id, text);
      return id;
    },
    textOf: (id) => {
      const remembered = textById.get(id);
      if (remembered !== undefined) return remembered;
      const row = selectText.get(id);
      if (row === undefined) throw new DamagedRowError(`the shape ${id} is missing`);
      const text = readText(row, 'text');
      remember(id, text);
      return text;
    },
    countUses: (id, change) => {
      const uses = readInteger(addUses.get(id, change) ?? {}, 'uses');
      if (uses > 0) return;
      removeUses.run(id);
      remove.run(id);
      idByText.clear();
    },
    forget: () => {
      idByText.clear();
      textById.clear();
    },
  };
}
