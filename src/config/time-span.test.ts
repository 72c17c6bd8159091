import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseLocalTime, readSpan, type TimeSpan } from './time-span.ts';
import { formatUtc } from './utc-text.ts';

const hourMs = 3_600_000;

function daily(cron: string, hours: number, leadMs = 0): TimeSpan {
  const durationMs = hours * hourMs;
  return { kind: 'repeated', cron, timeZone: 'Europe/Berlin', durationMs, leadMs };
}

function show(span: TimeSpan, now: string): readonly (readonly string[] | null)[] {
  const { active, next } = readSpan(span, Date.parse(now));
  return [active, next].map((one) => one && [formatUtc(one.from), formatUtc(one.until)]);
}

describe('a cron rule', () => {
  const office = daily('0 8 * * 1-5', 10);

  it('holds from its time for its duration, on the clocks of its zone', () => {
    const friday = ['2026-11-27T07:00:00Z', '2026-11-27T17:00:00Z'];
    const monday = ['2026-11-30T07:00:00Z', '2026-11-30T17:00:00Z'];
    expect(show(office, '2026-11-27T06:59:59.999Z')).toEqual([null, friday]);
    expect(show(office, '2026-11-27T07:00:00Z')).toEqual([friday, monday]);
    expect(show(office, '2026-11-27T16:59:59.999Z')).toEqual([friday, monday]);
    expect(show(office, '2026-11-27T17:00:00Z')).toEqual([null, monday]);
    expect(show(office, '2026-07-01T06:00:00Z')[0]).toEqual([
      '2026-07-01T06:00:00Z',
      '2026-07-01T16:00:00Z',
    ]);
  });

  it('begins earlier by its lead and ends no later', () => {
    const early = daily('0 8 * * 1-5', 10, 1_200_000);
    const friday = ['2026-11-27T06:40:00Z', '2026-11-27T17:00:00Z'];
    expect(show(early, '2026-11-27T06:39:59Z')[1]).toEqual(friday);
    expect(show(early, '2026-11-27T06:40:00Z')[0]).toEqual(friday);
  });

  it('takes a time that is left out in spring at the end of the gap', () => {
    const [active] = show(daily('30 2 * * *', 2), '2026-03-29T01:00:00Z');
    expect(active).toEqual(['2026-03-29T01:00:00Z', '2026-03-29T03:00:00Z']);
    expect(show(daily('30 2 * * *', 2), '2026-03-29T00:59:59Z')[0]).toBeNull();
  });

  it('takes a time that comes twice in autumn the first time only', () => {
    const twice = daily('30 2 * * *', 1);
    expect(show(twice, '2026-10-25T00:30:00Z')[0]).toEqual([
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:00Z',
    ]);
    expect(show(twice, '2026-10-25T01:30:00Z')).toEqual([
      null,
      ['2026-10-26T01:30:00Z', '2026-10-26T02:30:00Z'],
    ]);
  });

  it('holds over midnight on the day that clocks change', () => {
    const night = daily('0 22 * * *', 8);
    const [active] = show(night, '2026-03-29T03:00:00Z');
    expect(active).toEqual(['2026-03-28T21:00:00Z', '2026-03-29T05:00:00Z']);
  });

  it('always contains now while it holds, and comes later while it does not', () => {
    const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
    const rule = fc.record({
      kind: fc.constant('repeated' as const),
      cron: fc.constantFrom('0 8 * * 1-5', '*/30 * * * *', '30 2 * * *', '0 0 1 * *'),
      timeZone: fc.constantFrom('Europe/Berlin', 'UTC', 'America/New_York', 'Asia/Kolkata'),
      durationMs: fc.constantFrom(60_000, hourMs, 30 * hourMs),
      leadMs: fc.constantFrom(0, 600_000),
    });
    fc.assert(
      fc.property(rule, at, (span, now) => {
        const { active, next } = readSpan(span, now);
        if (active !== null) {
          expect(active.from).toBeLessThanOrEqual(now);
          expect(active.until).toBeGreaterThan(now);
        }
        expect(next?.from).toBeGreaterThan(now);
        const after = readSpan(span, next?.from ?? 0);
        expect(after.active).toEqual(next);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a date', () => {
  it.each([
    ['2026-11-27 08:40', 'Europe/Berlin', '2026-11-27T07:40:00Z'],
    ['2026-07-01T08:40:30', 'America/New_York', '2026-07-01T12:40:30Z'],
    ['2028-02-29 00:00', 'UTC', '2028-02-29T00:00:00Z'],
    ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-10-25 02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ])('%s in %s is %s', (text, timeZone, utc) => {
    expect(parseLocalTime(text, timeZone)).toBe(Date.parse(utc));
  });

  it.each([
    '2026-02-29 08:00',
    '2026-04-31 08:00',
    '2026-11-27',
    '2026-11-27 24:00',
    '1969-01-01 00:00',
  ])('%s is none', (text) => {
    expect(parseLocalTime(text, 'UTC')).toBeNull();
  });

  it('is written in UTC like everywhere else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (at) => {
        const whole = Math.floor(at / 1000) * 1000;
        expect(formatUtc(at)).toBe(new Date(whole).toISOString().replace('.000Z', 'Z'));
      }),
    );
  });
});
