// A trace from a file, whatever kind it is: told by how the file begins, never by its name. CSV and
// journals are read piece by piece; monitoring exports are JSON, read whole up to a size.

import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { readDatapoints, readMetricData } from '../../simulation/trace/cloudwatch.ts';
import { createCsvReader } from '../../simulation/trace/csv.ts';
import { createJournalReader } from '../../simulation/trace/journal.ts';
import type { PointsOptions } from '../../simulation/trace/points.ts';
import { readPrometheusRange } from '../../simulation/trace/prometheus.ts';
import type { TraceReading } from '../../simulation/trace/trace.ts';
import { refuseTrace } from '../../simulation/trace/trace.ts';
import { openJournalFile } from '../../store/read-journal.ts';
import { describeError } from '../describe-error.ts';
import { expectRead, readPages } from '../replay-journal.ts';
import { StartError } from '../start-error.ts';

export interface TraceFileOptions extends PointsOptions {
  /** Of a journal with several groups. */
  readonly group?: string;
}

export interface TraceFileReading {
  readonly reading: TraceReading;
  /** What a reader of the results should know of where it came from. */
  readonly notes: readonly string[];
}

/** An export of 400 days by the minute is 20 MB. */
const jsonBytesMax = 256 * 1024 * 1024;
const sqliteMagic = 'SQLite format 3';
const headBytes = 64;

export async function readTraceFile(
  path: string,
  options: TraceFileOptions,
): Promise<TraceFileReading> {
  try {
    const head = await readHead(path);
    if (head.startsWith(sqliteMagic)) return readJournal(path, options);
    const [first = ''] = head.replace(/^\uFEFF/, '').trimStart();
    const reading =
      first === '{' || first === '['
        ? await readExport(path, options)
        : await readCsv(path, options);
    return { reading, notes: [] };
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${path} cannot be read: ${describeError(error)}`, 2);
  }
}

async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function readCsv(path: string, { gaps }: TraceFileOptions): Promise<TraceReading> {
  const reader = createCsvReader(gaps === undefined ? {} : { gaps });
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    if (!reader.push(String(chunk))) break;
  }
  return reader.finish();
}

/** By the key that each export has at its top. */
async function readExport(path: string, options: TraceFileOptions): Promise<TraceReading> {
  const { size } = await stat(path);
  if (size > jsonBytesMax) {
    const megabytes = Math.round(size / 1024 / 1024);
    const message = `${megabytes} MB of JSON; allowed: 256 MB, or a CSV, which is read as a stream`;
    return refuseTrace('too-long', message);
  }
  const text = await readFile(path, 'utf8');
  if (text.includes('"MetricDataResults"')) return readMetricData(text, options);
  if (text.includes('"resultType"') || text.includes('"errorType"')) {
    return readPrometheusRange(text, options);
  }
  if (text.includes('"Timestamp"') || text.includes('"Datapoints"')) {
    return readDatapoints(text, options);
  }
  const message =
    'JSON of no known kind; allowed: CloudWatch get-metric-data or get-metric-statistics, ' +
    'Prometheus query_range';
  return refuseTrace('unknown-shape', message);
}

function readJournal(path: string, options: TraceFileOptions): TraceFileReading {
  const opened = openJournalFile(path);
  if (!opened.ok) throw new StartError(opened.message, 2);
  const file = opened.value;
  try {
    const group = chooseGroup(path, expectRead(file.readGroups()), options.group);
    const reader = createJournalReader(options);
    const all = { group, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    for (const entry of readPages(file, all)) reader.push(entry);
    const reading = reader.finish();
    const chosen = reader.chosen();
    if (reading.kind === 'refused' || chosen === null) return { reading, notes: [] };
    const notes = [`demand is what ${group} carried of ${chosen.signal}, by its journal`];
    if (chosen.windowMs > 1000) {
      notes.push(`it was recorded as means of ${chosen.windowMs / 1000} s: peaks are flatter`);
    }
    if (chosen.signal === 'cpu') {
      notes.push(
        'it is in busy instances: --capacity 1 is one like those; above 100 % none saw it',
      );
    }
    return { reading, notes };
  } finally {
    file.close();
  }
}

function chooseGroup(path: string, groups: readonly string[], wanted: string | undefined): string {
  const fitting = wanted === undefined ? groups : groups.filter((name) => name === wanted);
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  const known = groups.length === 0 ? 'none' : groups.join(', ');
  const asked = wanted === undefined ? 'no --group was given' : `no group ${wanted}`;
  throw new StartError(`${path}: ${asked}; the journal has: ${known}`, 2);
}
