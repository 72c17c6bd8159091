// Recorded journals as files: lines of JSON, gzipped; the first says who recorded.

import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { WriterVersions } from '../../src/store/journal-header.ts';
import type { JournalEntry } from '../../src/controller/ports/store.ts';

export interface RecordedJournal {
  readonly versions: WriterVersions;
  readonly entries: readonly JournalEntry[];
}

export function writeJournal(path: string, { versions, entries }: RecordedJournal): void {
  const lines = [versions, ...entries].map((line) => JSON.stringify(line));
  writeFileSync(path, gzipSync(lines.join('\n'), { level: 9 }));
}

export function readJournal(path: string): RecordedJournal {
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  // Files of ours, in this very repository: taken at their word.
  const versions = JSON.parse(head) as WriterVersions;
  const entries = lines.map((line) => JSON.parse(line) as JournalEntry);
  return { versions, entries };
}
