// Reads a trace of jobs: when each was sent, and how long a worker needs for it. Streaming; nothing is
// mended: what is wrong is told by its line and refuses the trace.
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
const header = /^\uFEFF?"?timestamp"?,/i;

/** `timestamp,seconds`, with or without that header, oldest first; jobs may share a moment. */
export function createJobsReader(): JobsReader {
  const sentAt: number[] = [];
  const durations: number[] = [];
  const problems: string[] = [];
  let problemCount = 0;
  let rest = '';
  let line = 0;
  let isClosed = false;
  const complain = (text: string): void => {
    problemCount += 1;
    if (problems.length < problemsMax) problems.push(`line ${line}: ${text}`);
  };
  const take = (text: string): void => {
    line += 1;
    if (text === '' || (line === 1 && header.test(text))) return;
    const [time = '', duration = '', ...others] = text.split(',');
    const at = parseTimestamp(time.trim()) ?? Number.NaN;
    const seconds = duration.trim() === '' ? Number.NaN : Number(duration);
    const last = sentAt.at(-1) ?? at;
    const problem = findProblem({ time, at, duration, seconds, last, others: others.length });
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

interface ReadJob {
  readonly time: string;
  readonly at: number;
  readonly duration: string;
  readonly seconds: number;
  readonly last: number;
  readonly others: number;
}

function findProblem({ time, at, duration, seconds, last, others }: ReadJob): string | null {
  if (others > 0) return `${others + 2} fields; allowed is timestamp,seconds`;
  if (!Number.isFinite(at)) {
    return `'${time}' is not a timestamp; allowed are epoch seconds or ISO 8601`;
  }
  if (!(seconds > 0) || !Number.isFinite(seconds)) {
    return `'${duration}' is not a duration; allowed are seconds above 0`;
  }
  if (at < last) return `timestamp ${at} is before ${last}; sort by time, oldest first`;
  return null;
}
