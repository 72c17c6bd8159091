import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvReader, lineCharactersMax } from './csv.ts';
import type { CsvOptions } from './csv.ts';
import type { Trace, TraceReading } from './trace.ts';
import { problemsMax, spanSecondsMax } from './trace.ts';

function read(text: string, options?: CsvOptions): TraceReading {
  const reader = createCsvReader(options);
  reader.push(text);
  return reader.finish();
}

function readTrace(text: string, options?: CsvOptions): Trace {
  const reading = read(text, options);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.trace;
}

/** The messages of a refusal; an accepted trace has none. */
function complaints(text: string, options?: CsvOptions): readonly string[] {
  const reading = read(text, options);
  return reading.kind === 'refused' ? reading.problems.map((problem) => problem.message) : [];
}

describe('a sound trace', () => {
  it('reads back as it was written, whatever the step and wherever the text is cut', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 1, max: 3600 }),
        fc.integer({ min: -1e9, max: 2e9 }),
        fc.record({ size: fc.integer({ min: 1, max: 30 }), hasHeader: fc.boolean() }),
        (numbers, stepSeconds, startSeconds, { size, hasHeader }) => {
          const rows = numbers.map(
            (value, index) => `${startSeconds + index * stepSeconds},${value}`,
          );
          const text = [...(hasHeader ? ['timestamp,value'] : []), ...rows, ''].join('\n');
          const reader = createCsvReader();
          for (let from = 0; from < text.length; from += size) {
            expect(reader.push(text.slice(from, from + size))).toBe(true);
          }
          const reading = reader.finish();
          const trace = { startSeconds, stepSeconds, values: Float64Array.from(numbers) };
          expect(reading).toEqual({ kind: 'trace', trace, gaps: [], gapCount: 0 });
        },
      ),
    );
  });

  it('may have carriage returns, a byte order mark, quotes, blank lines at its end', () => {
    const trace = readTrace('\uFEFF"timestamp","value"\r\n"0","1"\r\n"60","2.5"\r\n\r\n\n');
    expect([...trace.values]).toEqual([1, 2.5]);
    expect(trace.stepSeconds).toBe(60);
  });

  it('may have its columns in any order and others beside them, under other names', () => {
    const text = 'rps,Time,host\n4,2018-04-25 00:00:00,a\n5,2018-04-25 00:05:00,b';
    const trace = readTrace(text, { timestampColumn: 'time', valueColumn: 'RPS' });
    expect([...trace.values]).toEqual([4, 5]);
    expect(trace.startSeconds).toBe(1_524_614_400);
    expect(trace.stepSeconds).toBe(300);
  });
});

describe('what is wrong is said with its line', () => {
  const cases: readonly [string, string, string][] = [
    ['an empty text', '', 'the trace is empty: it has no value'],
    ['a header alone', 'timestamp,value\n', 'the trace is empty: it has no value'],
    ['one value', '0,1\n', 'the trace has one value, and a step takes at least two'],
    [
      'a missing column',
      'timestamp,requests,host\n0,1,a\n',
      "line 1: no column 'value' among 'timestamp', 'requests', 'host'",
    ],
    [
      'two missing columns',
      'time,requests\n0,1\n',
      "line 1: no column 'timestamp' and no column 'value' among 'time', 'requests'",
    ],
    [
      'many columns without a header',
      '0,1,2\n60,1,2\n',
      'line 1: 3 fields and no header; without one a line is timestamp,value',
    ],
    ['a missing field', '0,1\n60\n120,3', 'line 2: one field, and the first line has 2'],
    ['a blank line between values', '0,1\n\n60,1', 'line 2: blank, with values after it'],
    [
      'a bad timestamp',
      '0,1\nnoon,1\n60,2',
      "line 2: 'noon' is not a timestamp; allowed are epoch seconds or ISO 8601",
    ],
    ['a split second', '0.5,1\n1,1\n2,1', 'line 1: timestamp 0.5 is not a whole second'],
    ['no value', '0,1\n60,\n120,2', "line 2: value '' is not a number; allowed is 0 or more"],
    ['NaN', '0,1\n60,NaN\n60,2', "line 2: value 'NaN' is not a number; allowed is 0 or more"],
    [
      'infinity',
      '0,1\n60,Infinity\n60,2',
      'line 2: value Infinity is not a finite number of 0 or more',
    ],
    ['a negative value', '0,1\n60,-2\n60,2', 'line 2: value -2 is negative; allowed is 0 or more'],
    ['a duplicate', '0,1\n60,2\n60,3', 'line 3: timestamp 60 stands on line 2 already'],
    [
      'disorder',
      'timestamp,value\n0,1\n60,2\n30,3',
      'line 4: timestamp 30 is before 60 of line 3; sort by time, oldest first',
    ],
    [
      'an irregular step',
      '0,1\n60,2\n150,3',
      'line 3: 90 s after the value before it, and the step is 60 s',
    ],
    [
      'milliseconds',
      '0,1\n60000,2',
      'line 2: the step is 60000 s; allowed is 1 to 3600, whole seconds (are these milliseconds?)',
    ],
    [
      'a gap',
      '0,1\n60,2\n240,3',
      'line 3: 2 values of 60 s are missing from 120 on; mend the trace, or say to hold or zero its gaps',
    ],
    [
      'more than 400 days',
      `0,1\n3600,2\n${spanSecondsMax},3\n`,
      'line 3: the trace is longer than 400 days; cut it in parts',
    ],
  ];
  for (const [name, text, message] of cases) {
    it(`${name}`, () => {
      expect(complaints(text)).toEqual([message]);
    });
  }

  it('a text without line ends is given up, not gathered', () => {
    const reader = createCsvReader();
    expect(reader.push('0,1\n')).toBe(true);
    expect(reader.push('7'.repeat(lineCharactersMax + 1))).toBe(false);
    const reading = reader.finish();
    expect(
      reading.kind === 'refused' && reading.problems.map((problem) => problem.message),
    ).toEqual(['line 2: more than 10000 characters without a line end; is this a trace?']);
  });

  it('a trace past the longest span stops the reading', () => {
    const reader = createCsvReader();
    expect(reader.push(`0,1\n3600,2\n${spanSecondsMax},3\n`)).toBe(false);
  });

  it('every problem is counted and the first few are told', () => {
    const rows = Array.from({ length: 100 }, (_, index) => `${index},-1`);
    const reading = read(['0,1', ...rows].join('\n'));
    expect(reading.kind === 'refused' && reading.problemCount).toBe(100);
    expect(reading.kind === 'refused' && reading.problems.length).toBe(problemsMax);
  });

  it('any two lines changing places are noticed', () => {
    const rows = Array.from({ length: 20 }, (_, index) => `${index * 60},${index}`);
    const place = fc.integer({ min: 0, max: 19 });
    fc.assert(
      fc.property(place, place, (one, other) => {
        fc.pre(one !== other);
        const swapped = [...rows];
        swapped[one] = rows[other] ?? '';
        swapped[other] = rows[one] ?? '';
        expect(read(swapped.join('\n')).kind).toBe('refused');
      }),
    );
  });
});

describe('gaps', () => {
  const text = '0,5\n60,7\n240,3\n300,4\n420,1';

  it('are held or zeroed when asked for, and listed', () => {
    const held = read(text, { gaps: 'hold' });
    const gaps = [
      { fromSeconds: 120, steps: 2 },
      { fromSeconds: 360, steps: 1 },
    ];
    const values = Float64Array.from([5, 7, 7, 7, 3, 4, 4, 1]);
    const trace = { startSeconds: 0, stepSeconds: 60, values };
    expect(held).toEqual({ kind: 'trace', trace, gaps, gapCount: 2 });
    expect([...readTrace(text, { gaps: 'zero' }).values]).toEqual([5, 7, 0, 0, 3, 4, 0, 1]);
  });

  it('at the front show when the step is given', () => {
    expect(complaints('0,1\n120,2\n180,3', { stepSeconds: 60 })).toEqual([
      'line 2: 1 values of 60 s are missing from 60 on; mend the trace, or say to hold or zero its gaps',
    ]);
  });

  it('a step that cannot be is refused', () => {
    expect(complaints('0,1\n120,2\n180,3', { stepSeconds: 0.5 })).toEqual([
      'line 2: the step is 0.5 s; allowed is 1 to 3600, whole seconds',
    ]);
  });
});
