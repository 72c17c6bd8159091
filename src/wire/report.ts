// One sample of one instance: what an agent publishes every second. Reading is done by hand, not by
// a schema, because each way of being wrong is counted by its name.

import { accept, reject, type Parsed } from './rejection.ts';
import { parseWork, type WorkReport } from './work.ts';

/**
 * The payload of `…/report`, as JSON. Only `signals` is required, so that a shell script can be
 * an agent: `{"signals":{"cpu":0.42}}`.
 */
export interface Report {
  /** Name → value; finite and ≥ 0. `cpu` and names ending in `Ratio` are 0–1. */
  readonly signals: Readonly<Record<string, number>>;
  /**
   * Milliseconds from the sampling to the sending, by the sender's monotonic clock. The receiver
   * takes arrival − age as the sample's time, so that no clock needs to be right.
   */
  readonly ageMs?: number;
  /** Counts up within a session; lets a redelivered report be known as a duplicate. */
  readonly sequence?: number;
  /** Changes whenever the agent starts anew; `sequence` counts within it. */
  readonly session?: string;
  /** The sender's clock at sending, epoch milliseconds: only to report its skew. */
  readonly sentAt?: number;
  /** The sender's reporting period. The receiver calls it silent after missing several. */
  readonly intervalMs?: number;
  /** Of an instance that works off a queue: what it finished since its report before. */
  readonly work?: WorkReport;
}

/** Longest payload of any message of ours, in bytes. */
export const payloadBytesMax = 16 * 1024;
export const signalsPerReportMax = 128;
/** A report older than this is not even history. The agents' outbox is far shorter. */
export const ageMsMax = 3_600_000;
const sessionLengthMax = 64;
const intervalMsMax = 3_600_000;
const signalNamePattern = /^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/;

/** Whether a string can name a signal: a letter, then letters, digits, `_ . : -`; 64 at most. */
export function isSignalName(name: string): boolean {
  return signalNamePattern.test(name);
}

/** Whether a signal is a share of something, so that a value above 1 is a mistake (a percent). */
export function isRatioSignal(name: string): boolean {
  return name === 'cpu' || name.endsWith('Ratio');
}

/** Reads a payload from the network. Members that are not known are ignored. */
export function parseReport(text: string): Parsed<Report> {
  if (text.length > payloadBytesMax) return reject('oversized');
  const body = parseJsonObject(text);
  if (body === null) return reject('malformed');
  const signals = parseSignals(body['signals']);
  if (!signals.ok) return signals;
  const ageMs = parseQuantity(body['ageMs']);
  const sequence = parseQuantity(body['sequence']);
  const sentAt = parseQuantity(body['sentAt']);
  const intervalMs = parseQuantity(body['intervalMs']);
  for (const quantity of [ageMs, sequence, sentAt, intervalMs]) {
    if (!quantity.ok) return quantity;
  }
  const session = body['session'];
  if (session !== undefined && typeof session !== 'string') return reject('wrong-type');
  if (session !== undefined && session.length > sessionLengthMax) return reject('out-of-range');
  if (ageMs.ok && ageMs.value !== undefined && ageMs.value > ageMsMax) return reject('too-old');
  if (intervalMs.ok && intervalMs.value !== undefined) {
    if (intervalMs.value > intervalMsMax) return reject('out-of-range');
  }
  const work = body['work'] === undefined ? accept(undefined) : parseWork(body['work']);
  if (!work.ok) return work;
  return accept({
    signals: signals.value,
    ...(work.value !== undefined && { work: work.value }),
    ...(ageMs.ok && ageMs.value !== undefined && { ageMs: ageMs.value }),
    ...(sequence.ok && sequence.value !== undefined && { sequence: sequence.value }),
    ...(sentAt.ok && sentAt.value !== undefined && { sentAt: sentAt.value }),
    ...(intervalMs.ok && intervalMs.value !== undefined && { intervalMs: intervalMs.value }),
    ...(session !== undefined && { session }),
  });
}

/** Null unless the text is a JSON object. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseSignals(value: unknown): Parsed<Record<string, number>> {
  if (!isRecord(value)) return reject('wrong-type');
  const names = Object.keys(value);
  if (names.length > signalsPerReportMax) return reject('too-many-signals');
  const signals: Record<string, number> = {};
  for (const name of names) {
    if (!isSignalName(name)) return reject('bad-name');
    const measured = parseQuantity(value[name]);
    if (!measured.ok) return measured;
    if (measured.value === undefined) return reject('wrong-type');
    if (measured.value > 1 && isRatioSignal(name)) return reject('out-of-range');
    signals[name] = measured.value;
  }
  return accept(signals);
}

/** Finite and ≥ 0, or absent. JSON has no NaN, but `1e999` reads as infinity. */
function parseQuantity(value: unknown): Parsed<number | undefined> {
  if (value === undefined) return accept(undefined);
  if (typeof value !== 'number') return reject('wrong-type');
  if (!Number.isFinite(value)) return reject('not-finite');
  return value < 0 ? reject('negative') : accept(value);
}
