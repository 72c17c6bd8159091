// Which journal rows go: those older than a week, and the oldest while all take too much room.

import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import type { JournalLimits } from './journal-limits.ts';
import { rowOverheadBytes, type JournalTable } from './journal-table.ts';
import { createLatestTimes } from './latest-times.ts';
import { readInteger, readNumber, readText } from './sqlite-row.ts';

export interface JournalRetention {
  note(group: string, at: number): void;
  /** Looks at groups in turn until `work` is used up: 1 for each group, and for each row. */
  prune(work: number): void;
}

export function prepareJournalRetention(
  database: DatabaseSync,
  journal: Pick<JournalTable, 'countUses'>,
  limits: JournalLimits,
): JournalRetention {
  const nextGroups = database.prepare(
    'SELECT id, name FROM groups WHERE id > ? ORDER BY id LIMIT ?',
  );
  const allGroups = database.prepare('SELECT id FROM groups ORDER BY id');
  const selectOldest = database.prepare(
    'SELECT at FROM journal WHERE group_id = ? AND at < ? ORDER BY at LIMIT 1',
  );
  const selectBytes = database.prepare("SELECT value FROM counters WHERE name = 'journal-bytes'");
  const removeOldest = prepareRemoval(database, journal);
  const latest = createLatestTimes();
  let cursor = 0;

  const removeOld = (work: number): void => {
    let left = work;
    for (const group of nextGroups.all(cursor, work)) {
      cursor = readInteger(group, 'id');
      const horizon = latest.of(readText(group, 'name')) - limits.keptMs;
      left -= 1 + removeOldest(cursor, horizon, left);
      if (left <= 0) return;
    }
    // That was the last group: the next step begins with the first.
    cursor = 0;
  };

  const removeExcess = (work: number): void => {
    if (readInteger(selectBytes.get() ?? {}, 'value') <= limits.bytesMax) return;
    let oldest = { group: 0, at: Number.POSITIVE_INFINITY };
    for (const row of allGroups.all()) {
      const group = readInteger(row, 'id');
      const older = selectOldest.get(group, oldest.at);
      if (older !== undefined) oldest = { group, at: readNumber(older, 'at') };
    }
    removeOldest(oldest.group, Number.POSITIVE_INFINITY, work);
  };

  return {
    note: latest.note,
    prune: (work) => {
      removeOld(work);
      removeExcess(work);
    },
  };
}

/** Removes a group's oldest rows before a time, so many at most. Returns how many there were. */
function prepareRemoval(
  database: DatabaseSync,
  journal: Pick<JournalTable, 'countUses'>,
): (group: number, before: number, rowsMax: number) => number {
  const selectCut = database.prepare(
    `SELECT at, sequence FROM journal WHERE group_id = ? AND at < ?
     ORDER BY at, sequence LIMIT 1 OFFSET ?`,
  );
  const oldest = 'FROM journal WHERE group_id = ? AND (at, sequence) < (?, ?)';
  const selectContents = database.prepare(
    `SELECT shape, count(*) AS rows,
       sum(length(numbers) + coalesce(octet_length(own_shape), 0)) AS bytes
     ${oldest} GROUP BY shape`,
  );
  const removeRows = database.prepare(`DELETE ${oldest}`);
  const addBytes = database.prepare(
    "UPDATE counters SET value = value + ? WHERE name = 'journal-bytes'",
  );

  return (group, before, rowsMax) => {
    const cut = selectCut.get(group, before, rowsMax);
    const end: SQLInputValue[] =
      cut === undefined
        ? [before, Number.NEGATIVE_INFINITY]
        : [readNumber(cut, 'at'), readInteger(cut, 'sequence')];
    let rows = 0;
    let bytes = 0;
    for (const content of selectContents.all(group, ...end)) {
      const uses = readInteger(content, 'rows');
      rows += uses;
      bytes += readInteger(content, 'bytes') + uses * rowOverheadBytes;
      if (content['shape'] !== null) journal.countUses(readInteger(content, 'shape'), -uses);
    }
    if (rows === 0) return 0;
    removeRows.run(group, ...end);
    addBytes.run(-bytes);
    return rows;
  };
}
