// The journal of `memory-store.ts`. Pure.

import type { JournalEntry, JournalQuery, Recovery } from '../controller/ports/store.ts';
import type { EpochMs } from '../core/time.ts';
import { journalLimits } from './journal-limits.ts';

export interface MemoryJournal {
  append(entries: readonly JournalEntry[]): null;
  read(query: JournalQuery): readonly JournalEntry[];
  recover(group: string): Recovery | null;
}

interface Row {
  readonly entry: JournalEntry;
  readonly sequence: number;
}

/** The rows of one group, by time and then by sequence; those before `start` are removed. */
interface Shelf {
  rows: Row[];
  start: number;
  snapshot: Row | null;
}

/** Removed rows are dropped from the array in stretches of at least this, not one by one. */
const removedRowsMin = 1024;

export function createMemoryJournal(entriesPerGroupMax: number): MemoryJournal {
  const shelves = new Map<string, Shelf>();
  let sequence = 0;

  const shelfOf = (group: string): Shelf => {
    const shelf = shelves.get(group) ?? { rows: [], start: 0, snapshot: null };
    shelves.set(group, shelf);
    return shelf;
  };

  return {
    append: (entries) => {
      for (const entry of entries) {
        sequence += 1;
        const shelf = shelfOf(entry.group);
        const row = { entry, sequence };
        insert(shelf, row);
        if (entry.kind === 'snapshot') shelf.snapshot = row;
        removeOld(shelf, entriesPerGroupMax);
      }
      return null;
    },
    read: (query) => {
      const shelf = shelves.get(query.group);
      return shelf === undefined ? [] : readShelf(shelf, query);
    },
    recover: (group) => {
      const shelf = shelves.get(group);
      const snapshot = shelf?.snapshot;
      if (shelf === undefined || snapshot?.entry.kind !== 'snapshot') return null;
      const rows = shelf.rows.slice(shelf.start);
      // Too old: gone with what was as old.
      if (!rows.includes(snapshot)) return null;
      const { state, fleet, at, controller } = snapshot.entry;
      const since = rows.filter(
        (row) => row.sequence > snapshot.sequence && row.entry.controller === controller,
      );
      return {
        snapshot: { state, fleet },
        snapshotAt: at,
        since: since.toSorted((one, other) => one.sequence - other.sequence).map(entryOf),
      };
    },
  };
}

function insert(shelf: Shelf, row: Row): void {
  const last = shelf.rows.at(-1);
  if (last === undefined || last.entry.at <= row.entry.at) {
    shelf.rows.push(row);
    return;
  }
  // The clock was set back: behind all that is as old.
  shelf.rows.splice(findStart(shelf, row.entry.at, 'after'), 0, row);
}

function removeOld(shelf: Shelf, entriesMax: number): void {
  const newest = shelf.rows.at(-1)?.entry.at ?? 0;
  const horizon = newest - journalLimits.keptMs;
  const isTooMany = (): boolean => shelf.rows.length - shelf.start > entriesMax;
  while (isTooMany() || (shelf.rows[shelf.start]?.entry.at ?? newest) < horizon) shelf.start += 1;
  if (shelf.start < removedRowsMin) return;
  shelf.rows = shelf.rows.slice(shelf.start);
  shelf.start = 0;
}

function readShelf(shelf: Shelf, query: JournalQuery): readonly JournalEntry[] {
  const from = findStart(shelf, query.from, 'at');
  const to = findStart(shelf, query.to, 'at');
  const isOldestFirst = query.order === 'oldest-first';
  const found: JournalEntry[] = [];
  for (let step = 0; step < to - from && found.length < Math.floor(query.limit); step += 1) {
    const row = shelf.rows[isOldestFirst ? from + step : to - 1 - step];
    if (row !== undefined && isWanted(row.entry, query)) found.push(row.entry);
  }
  return found;
}

function isWanted(entry: JournalEntry, query: JournalQuery): boolean {
  if (query.kinds !== undefined && !query.kinds.includes(entry.kind)) return false;
  if (query.decisionKinds === undefined) return true;
  return entry.kind === 'tick' && query.decisionKinds.includes(entry.decision.kind);
}

/** The position of the first row at or after a time, or of the first after it. */
function findStart(shelf: Shelf, at: EpochMs, side: 'at' | 'after'): number {
  let low = shelf.start;
  let high = shelf.rows.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = shelf.rows[middle]?.entry.at ?? Number.POSITIVE_INFINITY;
    if (found < at || (side === 'after' && found === at)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function entryOf(row: Row): JournalEntry {
  return row.entry;
}
