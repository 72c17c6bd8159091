// Reads `timestamp,value` text in chunks of any size, one pass, in memory bounded by the trace
// itself. Reading the file is the caller's part.
import type { GapRule, TraceReading } from './trace.ts';
import { addPoint, createSequence, finishSequence, noteProblem } from './sequence.ts';
import type { Sequence } from './sequence.ts';
import { parseTimestamp } from './timestamp.ts';

export interface CsvOptions {
  readonly gaps?: GapRule;
  readonly stepSeconds?: number;
  /** Names of the two columns where the first line is a header. Case does not matter. */
  readonly timestampColumn?: string;
  readonly valueColumn?: string;
}

export interface CsvReader {
  /** Takes the next piece of text; false once nothing that follows could change the outcome. */
  push(chunk: string): boolean;
  finish(): TraceReading;
}

/** A longer line is no line of a trace: perhaps a file without line ends. */
export const lineCharactersMax = 10_000;

interface Columns {
  readonly timestamp: number;
  readonly value: number;
  readonly count: number;
}

interface CsvState {
  readonly sequence: Sequence;
  readonly timestampColumn: string;
  readonly valueColumn: string;
  columns: Columns | undefined;
  lineNumber: number;
  /** The last blank line, if only blank lines followed it. */
  blankLine: number;
  isHopeless: boolean;
}

/** Reads a trace with or without a header; see `Trace` for what comes out. */
export function createCsvReader(options: CsvOptions = {}): CsvReader {
  const { gaps = 'refuse', stepSeconds } = options;
  const state: CsvState = {
    sequence: createSequence({ placeName: 'line', gaps, stepSeconds }),
    timestampColumn: options.timestampColumn ?? 'timestamp',
    valueColumn: options.valueColumn ?? 'value',
    columns: undefined,
    lineNumber: 0,
    blankLine: 0,
    isHopeless: false,
  };
  let rest = '';
  return {
    push(chunk) {
      rest = readLines(state, rest + chunk);
      if (rest.length > lineCharactersMax) refuseLongLine(state);
      return !state.isHopeless && !state.sequence.isClosed;
    },
    finish() {
      if (rest !== '' && !state.isHopeless) readLine(state, rest);
      rest = '';
      return finishSequence(state.sequence);
    },
  };
}

/** Reads every whole line; what follows the last line end is returned. */
function readLines(state: CsvState, text: string): string {
  let from = 0;
  let end = text.indexOf('\n');
  while (end !== -1 && !state.isHopeless && !state.sequence.isClosed) {
    readLine(state, text.slice(from, end));
    from = end + 1;
    end = text.indexOf('\n', from);
  }
  return text.slice(from);
}

function refuseLongLine(state: CsvState): void {
  if (state.isHopeless) return;
  state.isHopeless = true;
  const text = `more than ${lineCharactersMax} characters without a line end; is this a trace?`;
  noteProblem(state.sequence, 'line-too-long', state.lineNumber + 1, text);
}

function readLine(state: CsvState, raw: string): void {
  state.lineNumber += 1;
  const line = withoutEnds(raw, state.lineNumber === 1);
  if (line === '') {
    if (state.blankLine === 0) state.blankLine = state.lineNumber;
    return;
  }
  if (state.blankLine !== 0) noteBlankLine(state);
  if (state.columns === undefined) {
    const fields = splitFields(line);
    const hasHeader = parseTimestamp(fields[0] ?? '') === undefined;
    state.columns = hasHeader ? readHeader(state, fields) : guessColumns(state, fields);
    if (hasHeader || state.columns === undefined) return;
  }
  readValueLine(state, line, state.columns);
}

/** Blank lines at the end are usual; between values they may stand for lost ones. */
function noteBlankLine(state: CsvState): void {
  noteProblem(state.sequence, 'blank-line', state.blankLine, 'blank, with values after it');
  state.blankLine = 0;
}

function readHeader(state: CsvState, fields: readonly string[]): Columns | undefined {
  const names = fields.map((field) => field.toLowerCase());
  const timestamp = names.indexOf(state.timestampColumn.toLowerCase());
  const value = names.indexOf(state.valueColumn.toLowerCase());
  const missing = [
    ...(timestamp === -1 ? [state.timestampColumn] : []),
    ...(value === -1 ? [state.valueColumn] : []),
  ];
  if (missing.length === 0) return { timestamp, value, count: fields.length };
  const found = fields.map((field) => `'${field}'`).join(', ');
  const wanted = missing.map((name) => `'${name}'`).join(' and no column ');
  state.isHopeless = true;
  const text = `no column ${wanted} among ${found}`;
  noteProblem(state.sequence, 'missing-column', state.lineNumber, text);
  return undefined;
}

function guessColumns(state: CsvState, fields: readonly string[]): Columns | undefined {
  if (fields.length === 2) return { timestamp: 0, value: 1, count: 2 };
  state.isHopeless = true;
  const text = `${countFields(fields.length)} and no header; without one a line is timestamp,value`;
  noteProblem(state.sequence, 'missing-column', state.lineNumber, text);
  return undefined;
}

function readValueLine(state: CsvState, line: string, columns: Columns): void {
  const fields = splitFields(line);
  const { sequence, lineNumber } = state;
  if (fields.length !== columns.count) {
    const text = `${countFields(fields.length)}, and the first line has ${columns.count}`;
    noteProblem(sequence, 'missing-field', lineNumber, text);
    return;
  }
  const timestampText = fields[columns.timestamp] ?? '';
  const valueText = fields[columns.value] ?? '';
  const seconds = parseTimestamp(timestampText);
  if (seconds === undefined) {
    const text = `'${timestampText}' is not a timestamp; allowed are epoch seconds or ISO 8601`;
    noteProblem(sequence, 'bad-timestamp', lineNumber, text);
    return;
  }
  const value = Number(valueText);
  if (valueText === '' || Number.isNaN(value)) {
    const text = `value '${valueText}' is not a number; allowed is 0 or more`;
    noteProblem(sequence, 'bad-value', lineNumber, text);
    return;
  }
  addPoint(sequence, seconds, value, lineNumber);
}

function countFields(count: number): string {
  return count === 1 ? 'one field' : `${count} fields`;
}

function withoutEnds(line: string, isFirst: boolean): string {
  const start = isFirst && line.startsWith('\uFEFF') ? 1 : 0;
  return line.slice(start).trim();
}

/** Fields may stand in double quotes; a comma inside quotes is not supported and shows as such. */
export function splitFields(line: string): readonly string[] {
  const fields = line.split(',');
  return line.includes('"') || line.includes(' ') ? fields.map(withoutQuotes) : fields;
}

function withoutQuotes(field: string): string {
  const trimmed = field.trim();
  const isQuoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
  return isQuoted ? trimmed.slice(1, -1) : trimmed;
}
