// Who did what, when, from where, and what came of it: every change and every log-in. Kept in a file
// of JSON lines where there is one, so that a restart forgets nothing.

import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';
import type { EpochMs } from '../core/time.ts';
import type { Log } from '../controller/ports/log.ts';

export interface AuditEntry {
  /** By the controller's clock. */
  readonly at: EpochMs;
  /** Null: nobody that is known, as for a log-in that failed. */
  readonly who: string | null;
  readonly via: 'socket' | 'open' | 'bearer' | 'session';
  /** The client's address; null on the Unix socket. */
  readonly from: string | null;
  readonly action: string;
  readonly group?: string;
  /** What was asked for, in a sentence. */
  readonly what?: string;
  readonly outcome: 'done' | 'refused';
  /** Why it was refused. */
  readonly because?: string;
}

export interface Audit {
  note(entry: Omit<AuditEntry, 'at'>): void;
  /** Newest first. */
  list(limit: number): readonly AuditEntry[];
}

export interface AuditOptions {
  readonly now: () => EpochMs;
  readonly log: Log;
  /** Null keeps it in memory alone. */
  readonly path: string | null;
}

/** Entries that can be asked for. */
export const auditMax = 1000;
/** As much of the file's end is read at the start: more than so many entries take. */
const readMaxBytes = 512 * 1024;
/** Then the file is set aside as `….1`, in the place of the one before. */
const fileMaxBytes = 16 * 1024 * 1024;

export function createAudit({ log, now, path }: AuditOptions): Audit {
  /** Oldest first. */
  const entries: AuditEntry[] = path === null ? [] : readTail(path);
  return {
    note: (noted) => {
      const entry = { at: now(), ...noted };
      entries.push(entry);
      if (entries.length > auditMax) entries.shift();
      log.write('info', `audit: ${describe(entry)}`, { audit: entry });
      if (path === null) return;
      try {
        append(path, entry);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log.write('error', `the audit ${path} cannot be written: ${message}`);
      }
    },
    list: (limit) => entries.slice(-limit).toReversed(),
  };
}

function describe({ action, because, from, group, outcome, via, what, who }: AuditEntry): string {
  const where = from === null ? via : `${via}, ${from}`;
  const about = [group, what].filter((part) => part !== undefined).join(': ');
  const end = because === undefined ? outcome : `${outcome}: ${because}`;
  return `${who ?? 'nobody'} (${where}): ${action}${about === '' ? '' : ` ${about}`}: ${end}`;
}

function append(path: string, entry: AuditEntry): void {
  const file = openSync(path, 'a', 0o600);
  let isFull = false;
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
    isFull = fstatSync(file).size > fileMaxBytes;
  } finally {
    closeSync(file);
  }
  if (isFull) renameSync(path, `${path}.1`);
}

function readTail(path: string): AuditEntry[] {
  let text: string;
  try {
    text = readEnd(path);
  } catch {
    // None yet; if it cannot be read for another reason, writing will say so.
    return [];
  }
  return text.split('\n').flatMap(parseLine).slice(-auditMax);
}

function readEnd(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const length = Math.min(size, readMaxBytes);
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, size - length);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}

/** A line that a crash or the cut left half is no entry. */
function parseLine(line: string): AuditEntry[] {
  try {
    const entry: unknown = JSON.parse(line);
    const isEntry =
      typeof entry === 'object' && entry !== null && 'at' in entry && 'action' in entry;
    // Written by this file alone.
    return isEntry ? [entry as AuditEntry] : [];
  } catch {
    return [];
  }
}
