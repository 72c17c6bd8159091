// Removing what is older than it is kept for, a bounded step at a time, and giving the room back to
// the file system. One step follows each batch of writes and never holds the next one up for long.

import type { DatabaseSync } from 'node:sqlite';

import type { HistoryPoint, JournalEntry } from '../controller/ports/store.ts';
import { prepareHistoryRetention } from './history-retention.ts';
import type { JournalLimits } from './journal-limits.ts';
import { prepareJournalRetention } from './journal-retention.ts';
import type { JournalTable } from './journal-table.ts';
import { readPragma } from './schema.ts';

/** What a step does at least: looking at a group or series costs 1, and so does a row that goes. */
const workPerStepMin = 500;
/** A step may do twice what was written, so that it catches up whatever comes in. */
const workPerWrittenRow = 2;
/** Less than this stays in the file for the next rows: 4 MiB of pages of 4 KiB. */
const freePagesKept = 1024;
const freePagesReturnedPerStep = 256;

export interface Retention {
  noteAppended(entries: readonly JournalEntry[]): void;
  noteRecorded(points: readonly HistoryPoint[]): void;
  /** Whether anything was noted since the last step. */
  isDue(): boolean;
  /** One bounded step for what was noted since the last one. Within a transaction. */
  prune(): void;
  /** Gives some of the free pages back. Outside of any transaction. */
  returnFreePages(): void;
}

export function prepareRetention(
  database: DatabaseSync,
  journal: Pick<JournalTable, 'countUses'>,
  limits: JournalLimits,
): Retention {
  const journalRetention = prepareJournalRetention(database, journal, limits);
  const historyRetention = prepareHistoryRetention(database);
  let appended = 0;
  let recorded = 0;
  return {
    noteAppended: (entries) => {
      appended += entries.length;
      for (const entry of entries) journalRetention.note(entry.group, entry.at);
    },
    noteRecorded: (points) => {
      recorded += points.length;
      for (const point of points) historyRetention.note(point.group, point.start);
    },
    isDue: () => appended > 0 || recorded > 0,
    prune: () => {
      if (appended > 0) journalRetention.prune(workFor(appended));
      if (recorded > 0) historyRetention.prune(workFor(recorded));
      appended = 0;
      recorded = 0;
    },
    returnFreePages: () => {
      if (readPragma(database, 'freelist_count') <= freePagesKept) return;
      database.exec(`PRAGMA incremental_vacuum(${freePagesReturnedPerStep})`);
    },
  };
}

function workFor(writtenRows: number): number {
  return Math.max(workPerStepMin, writtenRows * workPerWrittenRow);
}
