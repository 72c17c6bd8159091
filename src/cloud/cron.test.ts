// Cron against a search minute by minute, and the examples of its manual.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS, toUtcTime } from './calendar.ts';
import { nextCronTime, parseCron } from './cron.ts';
import { expectOk, TEST_START } from './testing/test-world.ts';

function next(expression: string, after: string): string | undefined {
  const at = nextCronTime(expectOk(parseCron(expression)), Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString();
}

describe('cron', () => {
  it.each([
    ['30 0 * * *', '2026-01-01T00:30:00Z', '2026-01-02T00:30:00.000Z'],
    ['30 0 * * *', '2026-01-01T00:29:59Z', '2026-01-01T00:30:00.000Z'],
    ['*/15 * * * *', '2026-01-01T00:01:00Z', '2026-01-01T00:15:00.000Z'],
    ['0 9 * * MON-FRI', '2026-01-02T09:00:00Z', '2026-01-05T09:00:00.000Z'],
    ['0 9 * * 1-5', '2026-01-02T09:00:00Z', '2026-01-05T09:00:00.000Z'],
    ['0 0 * * 7', '2026-01-01T00:00:00Z', '2026-01-04T00:00:00.000Z'],
    ['0 0 1 JAN,JUL *', '2026-01-01T00:00:00Z', '2026-07-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 13 * 5', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
    ['5-10/5 3 * * *', '2026-01-01T03:05:00Z', '2026-01-01T03:10:00.000Z'],
    ['10/20 * * * *', '2026-01-01T00:10:00Z', '2026-01-01T00:30:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('says that 30 February never comes', () => {
    expect(next('0 0 30 2 *', '2026-01-01T00:00:00Z')).toBeUndefined();
  });

  it.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    'a * * * *',
    '5-1 * * * *',
    '*/0 * * * *',
    '1,,2 * * * *',
    '@daily',
  ])('refuses %j', (expression) => {
    expect(parseCron(expression)).toMatchObject({ ok: false, fault: { code: 'ValidationError' } });
  });

  it('finds what a search minute by minute finds', () => {
    const field = (min: number, max: number): fc.Arbitrary<string> =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 2, max: 7 }).map((stride) => `*/${stride}`),
      );
    const fields = fc.tuple(
      field(0, 59),
      field(0, 23),
      field(1, 28),
      fc.constant('*'),
      field(0, 6),
    );
    fc.assert(
      fc.property(fields, fc.nat({ max: 40 * 24 * 60 }), (parts, minutes) => {
        const schedule = expectOk(parseCron(parts.join(' ')));
        const after = TEST_START + minutes * MINUTE_MS;
        let expected = after + MINUTE_MS;
        while (!matches(expected)) expected += MINUTE_MS;
        expect(nextCronTime(schedule, after)).toBe(expected);

        function matches(at: number): boolean {
          const time = toUtcTime(at);
          const isDay = schedule.days.has(time.day);
          const isWeekday = schedule.weekdays.has(time.weekday);
          return (
            schedule.minutes.has(time.minute) &&
            schedule.hours.has(time.hour) &&
            (schedule.isEitherDay ? isDay || isWeekday : isDay && isWeekday)
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});
