// What forecasters have learnt, in SQLite: one compressed text for each group. It can be learnt anew
// from the history, so a text that cannot be read is none.

import type { DatabaseSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

export interface ForecastTable {
  save(group: string, text: string): void;
  load(group: string): string | null;
}

/** What a forecaster of two weeks comes to, several times over. */
const textBytesMax = 64 * 1024 * 1024;

export function prepareForecasts(database: DatabaseSync): ForecastTable {
  const upsert = database.prepare('INSERT OR REPLACE INTO forecasts VALUES (?, ?)');
  const select = database.prepare('SELECT body FROM forecasts WHERE group_name = ?');
  return {
    save: (group, text) => {
      // Mostly numbers in base64: more effort gains next to nothing.
      upsert.run(group, deflateRawSync(text, { level: 1 }));
    },
    load: (group) => {
      const body = select.get(group)?.['body'];
      return body instanceof Uint8Array ? inflate(body) : null;
    },
  };
}

function inflate(body: Uint8Array): string | null {
  try {
    return inflateRawSync(body, { maxOutputLength: textBytesMax }).toString('utf8');
  } catch {
    return null;
  }
}
