// One group's journal in a store file, replayed page by page: where to begin, and when to count.

import type { JournalEntry, JournalQuery, StoreOutcome } from '../controller/ports/store.ts';
import {
  addReports,
  beginReplay,
  emptyReport,
  replayEntry,
  type Replay,
  type ReplayReport,
} from '../core/replay.ts';
import type { EpochMs } from '../core/time.ts';
import type { WrittenStretch } from '../store/journal-reader.ts';
import type { JournalFile } from '../store/read-journal.ts';
import { StartError } from './start-error.ts';

export interface Stretch {
  readonly group: string;
  /** Inclusive. */
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
}

/** Entries held at a time; also the most that may bear one and the same time. */
const pageEntries = 2000;

/**
 * Replays a stretch, each controller's entries apart. What lies between the last snapshot before it
 * and its beginning is replayed as well, to know the state, and not counted.
 */
export function replayJournal(file: JournalFile, stretch: Stretch): ReplayReport {
  const { group, from, to } = stretch;
  const snapshot = findLast(file, { group, kinds: ['snapshot'], to: from });
  const startAt = snapshot?.at ?? from;
  const configured = findLast(file, { group, kinds: ['config'], to: startAt });
  const begun = beginReplay(configured?.kind === 'config' ? configured.config : null);
  const replays = new Map<string, Replay>();
  const take = (entry: JournalEntry): void => {
    const { controller = '' } = entry;
    const before = replays.get(controller) ?? begun;
    const after = replayEntry(before, entry);
    replays.set(controller, entry.at < from ? { ...after, report: before.report } : after);
  };
  for (const entry of readWritten(file, { group, from: startAt, to })) take(entry);
  return [...replays.values()].map(({ report }) => report).reduce(addReports, emptyReport);
}

/** The newest entry of a kind before a time. */
export function findLast(
  file: JournalFile,
  query: Pick<JournalQuery, 'group' | 'kinds' | 'to'>,
): JournalEntry | undefined {
  const from = Number.NEGATIVE_INFINITY;
  return expectRead(file.read({ ...query, from, order: 'newest-first', limit: 1 }))[0];
}

/**
 * Every entry of a stretch in the order of writing, as the core was given it: after a clock was set
 * back, times come twice.
 */
export function* readWritten(file: JournalFile, stretch: Stretch): Generator<JournalEntry> {
  for (const written of expectRead(file.readStretches(stretch))) {
    yield* readPages(file, stretch, written);
  }
}

/** Every entry of a stretch in the order of time, a page of them held at a time. */
export function* readPages(
  file: JournalFile,
  stretch: Stretch,
  written?: WrittenStretch,
): Generator<JournalEntry> {
  const { group, to } = stretch;
  let { from } = stretch;
  while (from < to) {
    const query = { group, from, to, order: 'oldest-first', limit: pageEntries } as const;
    const page = expectRead(file.read(query, written));
    const last = page.at(-1);
    if (last === undefined || page.length < pageEntries) {
      yield* page;
      return;
    }
    // Others of the last one's time may be on the next page: all of them go there.
    if (last.at === from) {
      throw new StartError(`${group}: more than ${pageEntries} entries at one time, ${from}`, 1);
    }
    yield* page.filter(({ at }) => at < last.at);
    from = last.at;
  }
}

/** What was read; ends the command where the file could not be. */
export function expectRead<T>(outcome: StoreOutcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new StartError(outcome.message, 1);
}
