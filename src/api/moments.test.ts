import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseMoment, resolveMoment } from './moments.ts';

const now = Date.UTC(2026, 0, 15, 9, 30);

function resolve(text: string): number | null {
  const moment = parseMoment(text);
  return moment === null ? null : resolveMoment(moment, now);
}

describe('moments', () => {
  it('are read as ISO 8601, with or without seconds and offset', () => {
    expect(resolve('2026-01-15T09:30Z')).toBe(now);
    expect(resolve('2026-01-15T09:30:00.250Z')).toBe(now + 250);
    expect(resolve('2026-01-15T11:30:00+02:00')).toBe(now);
    expect(resolve('2026-01-15T11:30+0200')).toBe(now);
    expect(resolve('2026-01-15T10:00')).toBe(new Date(2026, 0, 15, 10).getTime());
    expect(resolve('2026-01-15')).toBe(new Date(2026, 0, 15).getTime());
  });

  it('are read with an offset whose plus sign was taken for a space', () => {
    expect(resolve('2026-01-15T11:30:00 02:00')).toBe(now);
  });

  it('are read as milliseconds, as a while ago and as now', () => {
    expect(resolve(String(now))).toBe(now);
    expect(resolve('-5m')).toBe(now - 300_000);
    expect(resolve('-1.5h')).toBe(now - 5_400_000);
    expect(resolve('now')).toBe(now);
  });

  it('are read as a time of today on this machine', () => {
    const expected = new Date(now);
    expected.setHours(7, 5, 0, 0);
    expect(resolve('07:05')).toBe(expected.getTime());
    expect(resolve('7:05')).toBe(expected.getTime());
  });

  it.each([
    '',
    'noon',
    '24:00',
    '9:5',
    '09:60',
    '2026-02-30T10:00Z',
    '2026-13-01',
    '2026-1-1',
    '5m',
  ])('are not read from %j', (text) => {
    expect(parseMoment(text)).toBeNull();
  });

  it.each(['-', '--5m', '-5', '-5y', '1e3', '-1', '2026-01-15T25:00Z', '1234567890123456'])(
    'are not read from %j either',
    (text) => {
      expect(parseMoment(text)).toBeNull();
    },
  );

  it('are finite and written by Date in the same way', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2500-01-01'), noInvalidDate: true }),
        (date) => {
          expect(resolve(date.toISOString())).toBe(date.getTime());
          expect(resolve(String(date.getTime()))).toBe(date.getTime());
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Number.isNaN(resolve(text))).toBe(false);
      }),
    );
  });
});

describe('durations', () => {
  it('have a unit', () => {
    expect(['250ms', '90s', '10m', '2h', '1d', '0.5h'].map((text) => parseDuration(text))).toEqual([
      250, 90_000, 600_000, 7_200_000, 86_400_000, 1_800_000,
    ]);
    for (const text of ['', '10', '10 m', '-10m', '1e3s', '10M', 'm']) {
      expect(parseDuration(text)).toBeNull();
    }
  });
});
