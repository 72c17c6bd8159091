// Reads a trace of jobs: when each was sent, and how long a worker needs for it. Streaming; nothing is
// mended: what is wrong is told by its line and refuses the trace.
import { splitFields } from './csv.ts';
import { parseTimestamp } from './timestamp.ts';
import { problemsMax, spanSecondsMax } from './trace.ts';

export interface Jobs {
  /** Epoch seconds, rising; fractions are kept. */
  readonly sentAt: readonly number[];
  /** Seconds of one worker, > 0, beside each. */
  readonly durations: readonly number[];
}

export type JobsReading =
  | { readonly kind: 'jobs'; readonly jobs: Jobs }
  | {
      readonly kind: 'refused';
      /** The first `problemsMax` lines; `problemCount` counts them all. */
      readonly problems: readonly string[];
      readonly problemCount: number;
    };

export interface JobsReader {
  /** Takes in a piece of text, cut anywhere. False once more would be in vain. */
  readonly push: (text: string) => boolean;
  readonly finish: () => JobsReading;
}

export const jobsMax = 5_000_000;
const lineCharactersMax = 1000;
/** The longest that a message of SQS may stay hidden. */
const secondsMax = 43_200;
/** Of a header: when a job was sent, and how long it takes. The first name that is there counts. */
const timeNames = ['timestamp'];
const durationNames = ['seconds', 'duration'];

interface Columns {
  readonly time: number;
  readonly duration: number;
  readonly count: number;
}

/**
 * `timestamp,seconds` or `timestamp,duration` (in seconds), oldest first; jobs may share a moment. With
 * a header the columns may stand in any order among others, without one there are those two.
 */
export function createJobsReader(): JobsReader {
  const sentAt: number[] = [];
  const durations: number[] = [];
  const problems: string[] = [];
  let problemCount = 0;
  let rest = '';
  let line = 0;
  let isClosed = false;
  let columns: Columns | undefined;
  const complain = (text: string): void => {
    problemCount += 1;
    if (problems.length < problemsMax) problems.push(`line ${line}: ${text}`);
  };
  const take = (text: string): void => {
    line += 1;
    const bare = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (bare.trim() === '') return;
    const fields = splitFields(bare);
    if (columns === undefined) {
      const isHeader = parseTimestamp((fields[0] ?? '').trim()) === undefined;
      const found = isHeader ? findColumns(fields) : firstTwo;
      if (typeof found === 'string') {
        isClosed = true;
        return complain(found);
      }
      columns = found;
      if (isHeader) return;
    }
    const time = (fields[columns.time] ?? '').trim();
    const duration = (fields[columns.duration] ?? '').trim();
    const at = parseTimestamp(time) ?? Number.NaN;
    const seconds = duration === '' ? Number.NaN : Number(duration);
    const last = sentAt.at(-1) ?? at;
    const more = fields.length - columns.count;
    const problem = findProblem({ time, at, duration, seconds, last, more, columns });
    if (problem !== null) return complain(problem);
    if (sentAt.length >= jobsMax || at - (sentAt[0] ?? at) >= spanSecondsMax) {
      isClosed = true;
      return complain(`more than ${jobsMax} jobs, or than 400 days; cut it in parts`);
    }
    sentAt.push(at);
    durations.push(seconds);
  };
  return {
    push: (text) => {
      const lines = `${rest}${text}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      if (rest.length > lineCharactersMax) {
        line += 1;
        isClosed = true;
        complain(`more than ${lineCharactersMax} characters without a line end; is this a trace?`);
      }
      for (const one of lines) if (!isClosed) take(one);
      return !isClosed;
    },
    finish: () => {
      if (!isClosed && rest !== '') take(rest);
      if (problemCount > 0) return { kind: 'refused', problems, problemCount };
      if (sentAt.length > 0) return { kind: 'jobs', jobs: { sentAt, durations } };
      return { kind: 'refused', problems: ['the trace is empty: it has no job'], problemCount: 1 };
    },
  };
}

const firstTwo: Columns = { time: 0, duration: 1, count: 2 };

/** The columns of a header, or what is missing in it. */
function findColumns(fields: readonly string[]): Columns | string {
  const names = fields.map((field) => field.trim().toLowerCase());
  const time = names.findIndex((name) => timeNames.includes(name));
  const duration = names.findIndex((name) => durationNames.includes(name));
  if (time !== -1 && duration !== -1) return { time, duration, count: fields.length };
  const missing = [
    ...(time === -1 ? ["'timestamp'"] : []),
    ...(duration === -1 ? ["'seconds' or 'duration'"] : []),
  ];
  const found = fields.map((field) => `'${field.trim()}'`).join(', ');
  return `no column ${missing.join(' and no column ')} among ${found}`;
}

interface ReadJob {
  readonly time: string;
  readonly at: number;
  readonly duration: string;
  readonly seconds: number;
  readonly last: number;
  /** Fields beyond those of the first line. */
  readonly more: number;
  readonly columns: Columns;
}

function findProblem({ time, at, duration, seconds, last, more, columns }: ReadJob): string | null {
  if (more > 0 && columns === firstTwo) {
    return `${columns.count + more} fields and no header; without one a line is timestamp,seconds`;
  }
  if (more > 0) return `${columns.count + more} fields, and the first line has ${columns.count}`;
  if (!Number.isFinite(at)) {
    return `'${time}' is not a timestamp; allowed are epoch seconds or ISO 8601`;
  }
  if (!(seconds > 0) || seconds > secondsMax) {
    return `'${duration}' is not a duration; allowed are seconds above 0, up to 12 h`;
  }
  if (at < last) return `timestamp ${at} is before ${last}; sort by time, oldest first`;
  return null;
}
