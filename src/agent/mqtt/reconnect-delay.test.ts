import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconnectBaseMs, reconnectCapMs, reconnectDelayMs } from './reconnect-delay.ts';

test('the ceiling doubles with each attempt until the cap', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => reconnectDelayMs(attempt, 1));
  expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('a delay is between 0 and its ceiling, at any attempt', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), random, (attempt, draw) => {
      const delayMs = reconnectDelayMs(attempt, draw);
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThan(reconnectCapMs);
      if (attempt === 0) expect(delayMs).toBeLessThan(reconnectBaseMs);
    }),
  );
});
