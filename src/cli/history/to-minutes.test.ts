import { describe, expect, it } from 'vitest';
import { toMinutes } from './to-minutes.ts';

const now = 1_768_469_400_000;
const minuteMs = 60_000;

describe('minutes of a past', () => {
  it('are means of what lies within, and what a longer step says of each', () => {
    const read = toMinutes(
      [
        { start: now - 10 * minuteMs, stepMs: 30_000, value: 1 },
        { start: now - 9.5 * minuteMs, stepMs: 30_000, value: 3 },
        { start: now - 5 * minuteMs, stepMs: 2 * minuteMs, value: 7 },
      ],
      now,
    );
    expect(read).toEqual({
      ok: true,
      past: {
        tooOld: 0,
        minutes: [
          [now - 10 * minuteMs, 2],
          [now - 5 * minuteMs, 7],
          [now - 4 * minuteMs, 7],
        ],
      },
    });
  });

  it('end with the last one that is over', () => {
    const read = toMinutes([{ start: now - minuteMs, stepMs: 300_000, value: 1 }], now + 30_000);
    expect(read.ok && read.past.minutes.map(([start]) => start)).toEqual([now - minuteMs]);
  });

  it.each([
    [[{ start: now + 1, stepMs: 1, value: 1 }], /still to come/],
    [[{ start: now - minuteMs, stepMs: 1, value: -1 }], /the value -1/],
    [[{ start: now - minuteMs, stepMs: 1, value: Number.NaN }], /the value NaN/],
    [[{ start: 0, stepMs: 1, value: 1 }], /all 1 values are older than the 60 days/],
    [[], /no value/],
  ])('are refused in one line: %j', (values, line) => {
    const read = toMinutes(values, now);
    expect(read.ok ? '' : read.message).toMatch(line);
  });
});
