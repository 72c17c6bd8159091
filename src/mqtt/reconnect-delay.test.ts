import { describe, expect, it } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.ts';

describe('reconnect delay', () => {
  it('doubles to half a minute and stays there', () => {
    const delays = [0, 1, 2, 5, 6, 7, 1_000_000].map((attempt) => reconnectDelayMs(attempt, 1));
    expect(delays).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is spread over its upper half', () => {
    expect([0, 0.5, 1].map((random) => reconnectDelayMs(1, random))).toEqual([500, 750, 1_000]);
  });
});
