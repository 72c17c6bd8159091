import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createJobsReader } from './jobs.ts';
import type { JobsReading } from './jobs.ts';

function read(text: string, pieceLength = text.length + 1): JobsReading {
  const reader = createJobsReader();
  for (let from = 0; from < text.length; from += pieceLength) {
    reader.push(text.slice(from, from + pieceLength));
  }
  return reader.finish();
}

describe('a trace of jobs', () => {
  it('reads back as it was written, wherever the text is cut', () => {
    const job = fc.record({
      gap: fc.integer({ min: 0, max: 1000 }),
      seconds: fc.integer({ min: 1, max: 1e6 }),
    });
    const property = fc.property(
      fc.array(job, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      (written, pieceLength, hasHeader) => {
        let at = 1_767_225_600;
        const sentAt = written.map(({ gap }) => (at += gap));
        const durations = written.map(({ seconds }) => seconds / 1000);
        const lines = sentAt.map((time, index) => `${time},${durations[index]}`);
        const text = [...(hasHeader ? ['timestamp,seconds'] : []), ...lines, ''].join('\n');
        expect(read(text, pieceLength)).toEqual({ kind: 'jobs', jobs: { sentAt, durations } });
      },
    );
    fc.assert(property, { seed: 3 });
  });

  it('finds its columns by their names, wherever they stand', () => {
    expect(read('\uFEFFid,"duration",timestamp\na,2.5,5\nb,1,1970-01-01T00:00:06Z\n')).toEqual({
      kind: 'jobs',
      jobs: { sentAt: [5, 6], durations: [2.5, 1] },
    });
  });

  const mistakes: readonly [string, string, string][] = [
    ['nothing', '', 'the trace is empty: it has no job'],
    ['disorder', '5,1\n3,1\n', 'line 2: timestamp 3 is before 5; sort by time, oldest first'],
    [
      'no duration',
      '5,\n',
      "line 1: '' is not a duration; allowed are seconds above 0, up to 12 h",
    ],
    [
      'a duration of 0',
      '5,0\n',
      "line 1: '0' is not a duration; allowed are seconds above 0, up to 12 h",
    ],
    [
      'a duration below 0',
      '5,-1\n',
      "line 1: '-1' is not a duration; allowed are seconds above 0, up to 12 h",
    ],
    [
      'hours and hours',
      '5,90000\n',
      "line 1: '90000' is not a duration; allowed are seconds above 0, up to 12 h",
    ],
    [
      'no column of durations',
      'timestamp,value\n5,1\n',
      "line 1: no column 'seconds' or 'duration' among 'timestamp', 'value'",
    ],
    [
      'neither column',
      'time,value\n5,1\n',
      "line 1: no column 'timestamp' and no column 'seconds' or 'duration' among 'time', 'value'",
    ],
    [
      'a field too many',
      'timestamp,seconds\n5,1,2\n',
      'line 2: 3 fields, and the first line has 2',
    ],
    [
      'a bad time',
      'timestamp,seconds\nnoon,1\n',
      "line 2: 'noon' is not a timestamp; allowed are epoch seconds or ISO 8601",
    ],
    [
      'a third field',
      '5,1,2\n',
      'line 1: 3 fields and no header; without one a line is timestamp,seconds',
    ],
  ];
  it.each(mistakes)('says in one line what is wrong with %s', (_name, text, message) => {
    expect(read(text)).toMatchObject({ kind: 'refused', problems: [message] });
  });
});
