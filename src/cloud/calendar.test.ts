// The calendar against the platform's own.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatUtcMilliseconds, formatUtcSeconds, toUtcTime } from './calendar.ts';

/** The years that four digits can write. */
const time = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 });

it('writes any time as the platform does', () => {
  fc.assert(
    fc.property(time, (at) => {
      const expected = new Date(at).toISOString();
      expect(formatUtcMilliseconds(at)).toBe(expected);
      expect(formatUtcSeconds(at)).toBe(`${expected.slice(0, 19)}Z`);
    }),
    { numRuns: 2000 },
  );
});

it('knows the day of the week', () => {
  fc.assert(
    fc.property(time, (at) => {
      expect(toUtcTime(at).weekday).toBe(new Date(at).getUTCDay());
    }),
  );
});
