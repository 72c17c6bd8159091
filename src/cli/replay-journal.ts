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
    replays.set(controller, replayEntry(replays.get(controller) ?? begun, entry));
  };
  for (const entry of readPages(file, { group, from: startAt, to: from })) take(entry);
  for (const [controller, replay] of replays) {
    replays.set(controller, { ...replay, report: emptyReport });
  }
  for (const entry of readPages(file, { group, from, to })) take(entry);
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

/** Every entry of a stretch, a page of them held at a time. */
export function* readPages(file: JournalFile, stretch: Stretch): Generator<JournalEntry> {
  const { group, to } = stretch;
  let { from } = stretch;
  while (from < to) {
    const query = { group, from, to, order: 'oldest-first', limit: pageEntries } as const;
    const page = expectRead(file.read(query));
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
