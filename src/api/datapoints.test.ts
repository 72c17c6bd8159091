import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDatapoints, readDatapoints } from './datapoints.ts';

const noon = Date.UTC(2025, 2, 1, 12);
const minuteMs = 60_000;

describe('a file of datapoints', () => {
  it('is read unsorted, as a list or as the whole answer', () => {
    const list = [
      { Timestamp: '2025-03-01T12:10:00+00:00', Average: 5.25, Unit: 'Percent' },
      { Timestamp: '2025-03-01T12:00:00+00:00', Average: 37.5, Unit: 'Percent' },
      { Timestamp: '2025-03-01T13:05:00+01:00', Average: 100, Unit: 'Percent' },
    ];
    const means = [
      { start: noon, mean: 0.375 },
      { start: noon + 5 * minuteMs, mean: 1 },
      { start: noon + 10 * minuteMs, mean: 0.0525 },
    ];
    const expected = { ok: true, means, skipped: null };
    expect(readDatapoints(JSON.stringify(list))).toEqual(expected);
    const answer = { Label: 'CPUUtilization', Datapoints: list };
    expect(readDatapoints(JSON.stringify(answer))).toEqual(expected);
  });

  it('may write its timestamps in any way that AWS’s tools do', () => {
    const written = [
      '2025-03-01T12:00:00Z',
      '2025-03-01T12:00:00.000Z',
      '2025-03-01T12:00:00',
      '2025-03-01 12:00:00+00:00',
      'Sat, 01 Mar 2025 12:00:00 GMT',
      noon / 1000,
    ];
    for (const Timestamp of written) {
      const file = readDatapoints(JSON.stringify([{ Timestamp, Average: 50 }]));
      expect(file).toEqual({ ok: true, means: [{ start: noon, mean: 0.5 }], skipped: null });
    }
  });

  it('is read without its bad entries, which are said in one line', () => {
    const file = readDatapoints(
      JSON.stringify([
        { Timestamp: '2025-03-01T12:00:00Z', Average: 50, Unit: 'Percent' },
        { Timestamp: '2025-02-30T12:00:00Z', Average: 50 },
        { Timestamp: '2025-03-01T12:01:00Z', Average: 120 },
        { Timestamp: '2025-03-01T12:02:00Z', Average: 5, Unit: 'Bytes' },
        { Timestamp: '2025-03-01T12:03:00Z' },
        null,
        'Average',
      ]),
    );
    expect(file).toEqual({
      ok: true,
      means: [{ start: noon, mean: 0.5 }],
      skipped:
        '6 of 7 datapoints left out; entry 2: Timestamp 2025-02-30T12:00:00Z is no time; ' +
        'ISO 8601 or seconds since 1970 are (and 5 more)',
    });
  });

  it.each([
    '',
    'Timestamp,Average',
    '{}',
    '{"Datapoints":{}}',
    '[]',
    '{"Datapoints":[]}',
    '[{}]',
    '7',
  ])('is refused in one line when it is none: %j', (text) => {
    const file = readDatapoints(text);
    expect(file.ok).toBe(false);
    if (!file.ok) expect(file.message).toMatch(/^[^\n]{10,200}$/);
  });

  it('is refused or read, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const file = readDatapoints(JSON.stringify(json));
        if (file.ok) expect(file.means.length).toBeGreaterThan(0);
      }),
    );
  });

  it('can be what /datapoints wrote', () => {
    const means = Array.from({ length: 100 }, (_, index) => ({
      start: noon + index * minuteMs,
      mean: (index * 37) / 10_000,
    }));
    const file = readDatapoints(JSON.stringify(formatDatapoints(means)));
    if (!file.ok) throw new Error(file.message);
    expect(file.means.map(({ start }) => start)).toEqual(means.map(({ start }) => start));
    for (const [index, { mean }] of file.means.entries()) {
      expect(mean).toBeCloseTo(means[index]?.mean ?? Number.NaN, 12);
    }
  });
});
