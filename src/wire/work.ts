// What a queue worker has finished: how long each message took, of which class, and how it ended. The
// work in hand is an ordinary signal, `workInHand`. Nothing here knows a queue.

import { accept, reject, type Parsed } from './rejection.ts';

/** How many messages an instance is working on now. */
export const workInHandSignal = 'workInHand';

/**
 * `done`: deleted from the queue. `failed`: the handler gave up; the queue will offer it again, or
 * lay it aside. `returned`: given back unfinished, because the worker had to go.
 */
export type WorkOutcome = 'done' | 'failed' | 'returned';

export interface FinishedWork {
  /** Messages of one class take alike long. A signal's name; `default` where there is only one. */
  readonly class: string;
  /** From the start of the handler to its end, in milliseconds. > 0. */
  readonly durationMs: number;
  readonly outcome: WorkOutcome;
  /**
   * From when the message was sent to the handler's end, in milliseconds. ≥ 0. Left out by workers that
   * do not know it; the sender's clock and the worker's are both in it.
   */
  readonly ageMs?: number;
  /** Of a message of a FIFO queue: what tells its message group from others, such as a digest. */
  readonly group?: string;
}

/** What was finished since the report before; the oldest first. */
export interface WorkReport {
  readonly finished: readonly FinishedWork[];
  /** Finished too, but without room above. */
  readonly omitted: number;
}

export const defaultWorkClass = 'default';
/** In one report: about 5 KB. */
export const finishedPerReportMax = 64;
/** "You can set … the visibility timeout … to a maximum of 12 hours": SQS developer guide. */
export const durationMsMax = 43_200_000;
/** "The maximum is 1,209,600 seconds (14 days)": message retention, SQS developer guide. */
export const messageAgeMsMax = 1_209_600_000;
export const workClassLengthMax = 32;
const workClassPattern = /^[A-Za-z][A-Za-z0-9_.:-]*$/;
export const workGroupLengthMax = 64;
const workGroupPattern = /^[\w.:+/=-]+$/;
const outcomes: readonly WorkOutcome[] = ['done', 'failed', 'returned'];

/** Whether a text can name a class: a letter, then letters, digits, `_ . : -`; 32 at most. */
export function isWorkClass(name: string): boolean {
  return name.length <= workClassLengthMax && workClassPattern.test(name);
}

/** Reads the member `work` of a report, or the body of a post to the agent: all of it or nothing. */
export function parseWork(value: unknown): Parsed<WorkReport> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return reject('wrong-type');
  }
  const { finished = [], omitted = 0 } = value as { finished?: unknown; omitted?: unknown };
  if (!Array.isArray(finished) || typeof omitted !== 'number') return reject('wrong-type');
  if (!Number.isSafeInteger(omitted) || omitted < 0) return reject('out-of-range');
  if (finished.length > finishedPerReportMax) return reject('oversized');
  const read: FinishedWork[] = [];
  for (const entry of finished as readonly unknown[]) {
    const work = parseFinished(entry);
    if (!work.ok) return work;
    read.push(work.value);
  }
  return accept({ finished: read, omitted });
}

function isWorkGroup(text: string): boolean {
  return text.length <= workGroupLengthMax && workGroupPattern.test(text);
}

/** One entry: `{"class":"resize","durationMs":25310,"outcome":"done"}`; only the time is required. */
function parseFinished(value: unknown): Parsed<FinishedWork> {
  if (typeof value !== 'object' || value === null) return reject('wrong-type');
  const entry = value as Partial<Record<keyof FinishedWork, unknown>>;
  const { ageMs, class: name = defaultWorkClass, durationMs, group, outcome = 'done' } = entry;
  if (typeof name !== 'string' || typeof durationMs !== 'number') return reject('wrong-type');
  if (!isWorkClass(name)) return reject('bad-name');
  if (!Number.isFinite(durationMs)) return reject('not-finite');
  if (durationMs < 0) return reject('negative');
  if (durationMs === 0 || durationMs > durationMsMax) return reject('out-of-range');
  const known = outcomes.find((candidate) => candidate === outcome);
  if (known === undefined) return reject('wrong-type');
  const work = { class: name, durationMs, outcome: known };
  if (ageMs !== undefined) {
    if (typeof ageMs !== 'number') return reject('wrong-type');
    if (!Number.isFinite(ageMs)) return reject('not-finite');
    if (ageMs < 0) return reject('negative');
    if (ageMs > messageAgeMsMax) return reject('out-of-range');
  }
  if (group !== undefined) {
    if (typeof group !== 'string') return reject('wrong-type');
    if (!isWorkGroup(group)) return reject('bad-name');
  }
  return accept({
    ...work,
    ...(ageMs !== undefined && { ageMs }),
    ...(group !== undefined && { group }),
  });
}
