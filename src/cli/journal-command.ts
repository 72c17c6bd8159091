// What commands on a store's journal have in common: opening the file, and which group.

import { existsSync } from 'node:fs';
import { openJournalFile, type JournalFile } from '../store/read-journal.ts';
import { expectRead } from './replay-journal.ts';
import { StartError } from './start-error.ts';

/** Runs `read` on the store, and closes it whatever comes of that. */
export function withJournal<T>(store: string, read: (file: JournalFile) => T): T {
  if (!existsSync(store)) {
    throw new StartError(`no store at ${store}; --store says where it is`, 2);
  }
  const opened = openJournalFile(store);
  if (!opened.ok) throw new StartError(opened.message, 1);
  try {
    return read(opened.value);
  } finally {
    opened.value.close();
  }
}

/** All groups of the store, or the one that is asked for. */
export function chooseGroups(
  file: JournalFile,
  { group, store }: { readonly group?: string; readonly store: string },
): readonly string[] {
  const groups = expectRead(file.readGroups());
  if (group === undefined) return groups;
  if (groups.includes(group)) return [group];
  const known = groups.length === 0 ? 'none' : groups.join(', ');
  throw new StartError(`${store} has no group ${group}; it has: ${known}`, 2);
}
