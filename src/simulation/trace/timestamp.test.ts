import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestamp } from './timestamp.ts';

describe('parseTimestamp', () => {
  it('reads epoch seconds', () => {
    expect(parseTimestamp('1524614400')).toBe(1_524_614_400);
    expect(parseTimestamp(' 0 ')).toBe(0);
    expect(parseTimestamp('1.5')).toBe(1.5);
  });

  it('reads every moment that Date prints', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(parseTimestamp(date.toISOString())).toBeCloseTo(date.getTime() / 1000, 3);
        },
      ),
    );
  });

  it('reads a zone, and takes a time without one as UTC', () => {
    expect(parseTimestamp('2018-04-25T02:00:00+02:00')).toBe(1_524_614_400);
    expect(parseTimestamp('2018-04-24T19:30:00-0430')).toBe(1_524_614_400);
    expect(parseTimestamp('2018-04-25 00:00:00')).toBe(1_524_614_400);
    expect(parseTimestamp('2018-04-25')).toBe(1_524_614_400);
  });

  it('refuses what is no moment', () => {
    const wrong = ['', 'timestamp', '2018-13-01', '2018-02-29', '2018-04-25T24:00:00Z', 'Infinity'];
    for (const text of [...wrong, 'NaN', '25/04/2018', '2018-04-25T00:61:00Z', '2018-00-10']) {
      expect(parseTimestamp(text), `${text}`).toBeUndefined();
    }
  });
});
