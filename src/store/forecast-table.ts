// What forecasters have learnt, in SQLite: one compressed body for each group. It can be learnt anew
// from the history, so a body that cannot be read, or of an older version, is none.

import type { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export interface ForecastTable {
  /** Null forgets. */
  save(group: string, learnt: unknown): void;
  load(group: string): unknown;
}

/** What a forecaster of five weeks comes to, several times over. */
const bodyBytesMax = 64 * 1024 * 1024;

export function prepareForecasts(database: DatabaseSync): ForecastTable {
  const upsert = database.prepare('INSERT OR REPLACE INTO forecasts VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM forecasts WHERE group_name = ?');
  const select = database.prepare('SELECT body FROM forecasts WHERE group_name = ?');
  return {
    save: (group, learnt) => {
      // Mostly floats: more effort gains next to nothing.
      if (learnt === null) remove.run(group);
      else upsert.run(group, deflateRawSync(serialize(learnt), { level: 1 }));
    },
    load: (group) => {
      const body = select.get(group)?.['body'];
      return body instanceof Uint8Array ? read(body) : null;
    },
  };
}

function read(body: Uint8Array): unknown {
  try {
    return deserialize(inflateRawSync(body, { maxOutputLength: bodyBytesMax }));
  } catch {
    return null;
  }
}
