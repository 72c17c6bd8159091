// Cron by a zone's clocks: the wall time stays, the moment moves with daylight saving time.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextCronTime, parseCron } from '../cloud/cron.ts';
import { expectOk } from '../cloud/testing/test-world.ts';
import { nextZonedTime } from '../cloud/zoned-cron.ts';
import { TIME_ZONES } from './time-zones.ts';

function next(expression: string, zone: string, after: string): string | undefined {
  const at = nextZonedTime(
    TIME_ZONES,
    { schedule: expectOk(parseCron(expression)), zone },
    Date.parse(after),
  );
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);
}

// Dates of the changes: 8 March and 1 November 2026 (US), 29 March 2026 (EU).
it.each([
  ['0 9 * * *', 'America/New_York', '2026-03-07T20:00Z', '2026-03-08T13:00'],
  ['0 9 * * *', 'America/New_York', '2026-03-06T20:00Z', '2026-03-07T14:00'],
  ['0 9 * * MON', 'Europe/Berlin', '2026-03-28T20:00Z', '2026-03-30T07:00'],
  ['30 5 * * *', 'Asia/Kolkata', '2026-01-01T00:00Z', '2026-01-02T00:00'],
  // 02:30 is left out that night: an hour later.
  ['30 2 * * *', 'America/New_York', '2026-03-08T05:00Z', '2026-03-08T07:30'],
  // 01:30 comes twice that night: the first, and then the next day's.
  ['30 1 * * *', 'America/New_York', '2026-11-01T04:00Z', '2026-11-01T05:30'],
  ['30 1 * * *', 'America/New_York', '2026-11-01T05:30Z', '2026-11-02T06:30'],
  ['0 12 30 2 *', 'Europe/Berlin', '2026-01-01T00:00Z', undefined],
])('%s in %s after %s is %s', (expression, zone, after, expected) => {
  expect(next(expression, zone, after)).toBe(expected);
});

it('is UTC’s own cron in UTC, and always later than asked', () => {
  const schedule = expectOk(parseCron('15 */6 * * *'));
  const years = { min: Date.parse('2025-01-01'), max: Date.parse('2030-01-01') };
  fc.assert(
    fc.property(fc.integer(years), (after) => {
      expect(nextZonedTime(TIME_ZONES, { schedule, zone: 'Etc/UTC' }, after)).toBe(
        nextCronTime(schedule, after),
      );
      expect(
        nextZonedTime(TIME_ZONES, { schedule, zone: 'America/New_York' }, after),
      ).toBeGreaterThan(after);
    }),
  );
});

it('knows zones by their names', () => {
  expect(['Etc/UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(TIME_ZONES.isKnown)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
