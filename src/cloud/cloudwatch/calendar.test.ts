// The calendar against the platform's own.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatShort, formatTimestamp } from './calendar.ts';

it('writes any time of the years 1970 to 2400 as the platform does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 13_569_465_600_000 }), (at) => {
      const iso = new Date(at).toISOString();
      expect(formatTimestamp(at)).toBe(iso.replace('Z', '+0000'));
      const [, year, month, day, time] = /^..(..)-(..)-(..)T(.{8})/.exec(iso) ?? [];
      expect(formatShort(at)).toBe(`${day}/${month}/${year} ${time}`);
    }),
  );
});

it.each([
  [951_782_400_000, '29/02/00 00:00:00'],
  [4_107_542_399_000, '28/02/00 23:59:59'],
  [4_107_542_400_000, '01/03/00 00:00:00'],
])('knows leap days: %d is %s', (at, expected) => {
  expect(formatShort(at)).toBe(expected);
});
