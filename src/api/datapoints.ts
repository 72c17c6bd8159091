// CloudWatch's datapoints of CPUUtilization, as `aws cloudwatch get-metric-statistics` prints them:
// written for `/datapoints`, and read from a file as history. Percents outside, ratios inside.

import { z } from 'zod';
import type { PastMean } from '../core/forecasting/plain.ts';
import type { EpochMs } from '../core/time.ts';
import { parseIsoTime } from './moments.ts';
import { toPercent } from './percent.ts';
import { show } from './read-input.ts';

export interface Datapoints {
  readonly Label: 'CPUUtilization';
  /** Oldest first. */
  readonly Datapoints: readonly {
    readonly Timestamp: string;
    /** 0–100. */
    readonly Average: number;
    readonly Unit: 'Percent';
  }[];
}

export function formatDatapoints(means: readonly PastMean[]): Datapoints {
  return {
    Label: 'CPUUtilization',
    Datapoints: means.map(({ mean, start }) => ({
      Timestamp: new Date(start).toISOString().replace('.000Z', 'Z'),
      Average: toPercent(mean),
      Unit: 'Percent',
    })),
  };
}

/** `skipped` has one line for the entries that were left out, null where all could be read. */
export type DatapointsFile =
  | { readonly ok: true; readonly means: readonly PastMean[]; readonly skipped: string | null }
  | { readonly ok: false; readonly message: string };

/** Ten weeks of minutes. */
const datapointsMax = 100_000;
const fileShape = 'a list of {Timestamp, Average, Unit} or {Datapoints: [such a list]} is read';

const list = z.array(z.unknown()).max(datapointsMax);
const file = z.union([list, z.looseObject({ Datapoints: list })]);
const entry = z.looseObject({
  Timestamp: z.union([z.string(), z.number()]),
  Average: z.number().min(0).max(100),
  Unit: z.literal('Percent').optional(),
});

/**
 * The means of such a file as ratios, ascending, whatever its order; of two at the same moment the
 * later one stands. Timestamps are ISO 8601 (without an offset: UTC), RFC 822 or seconds since 1970.
 * Refused when it is no such file, or when no entry of it can be read.
 */
export function readDatapoints(text: string): DatapointsFile {
  const parsed = file.safeParse(parseJson(text));
  if (!parsed.success) return { ok: false, message: `no datapoints: ${fileShape}` };
  const entries = Array.isArray(parsed.data) ? parsed.data : parsed.data.Datapoints;
  const byStart = new Map<EpochMs, number>();
  const faults: string[] = [];
  for (const [index, one] of entries.entries()) {
    const mean = readEntry(one);
    if (typeof mean === 'string') faults.push(`entry ${index + 1}: ${mean}`);
    else byStart.set(mean.start, mean.mean);
  }
  const means = [...byStart].map(([start, mean]) => ({ start, mean }));
  const skipped = faults.length === 0 ? null : describeFaults(faults, entries.length);
  if (means.length === 0) return { ok: false, message: skipped ?? `no entries: ${fileShape}` };
  return { ok: true, means: means.toSorted((a, b) => a.start - b.start), skipped };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The mean, or what is wrong with the entry. */
function readEntry(one: unknown): PastMean | string {
  const parsed = entry.safeParse(one);
  if (!parsed.success) {
    const key = parsed.error.issues[0]?.path[0];
    const wrong = key === undefined ? '' : `${String(key)} of `;
    return `${wrong}${show(JSON.stringify(one))} is not as in {Timestamp, Average: 0–100, Unit: Percent}`;
  }
  const { Average, Timestamp } = parsed.data;
  const start = readTimestamp(Timestamp);
  if (start !== null) return { start, mean: Average / 100 };
  return `Timestamp ${show(String(Timestamp))} is no time; ISO 8601 or seconds since 1970 are`;
}

function readTimestamp(written: string | number): EpochMs | null {
  if (typeof written === 'number') {
    const at = Math.round(written * 1000);
    return Number.isSafeInteger(at) && at >= 0 ? at : null;
  }
  const text = written.trim();
  if (/^\d{4}-/.test(text)) {
    const dated = text.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T');
    return parseIsoTime(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(dated) ? dated : asUtc(dated));
  }
  if (!/^[A-Z][a-z]{2}, \d/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

function asUtc(dated: string): string {
  return dated.includes('T') ? `${dated}Z` : `${dated}T00:00Z`;
}

/** One line, however many there are. */
function describeFaults(faults: readonly string[], entryCount: number): string {
  const [first] = faults;
  const rest = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  return `${faults.length} of ${entryCount} datapoints left out; ${first}${rest}`;
}
