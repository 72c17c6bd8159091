import fc from 'fast-check';
import { expect, it } from 'vitest';

import { findMonth } from './calendar-month.ts';

it('finds the month of any time, as the platform does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2199, 11, 31) }), (at) => {
      const date = new Date(at);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      const expected = { startedAt: Date.UTC(year, month), endsAt: Date.UTC(year, month + 1) };
      expect(findMonth(at)).toEqual(expected);
    }),
  );
});
