import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CounterRate } from './counter-rate.ts';

describe('the rate of a counter', () => {
  it('is its growth by the second, from the second count on', () => {
    const rate = new CounterRate();
    rate.take(1000, 0);
    expect(rate.perSecond).toBeNull();
    rate.take(1200, 2000);
    expect(rate.perSecond).toBe(100);
    rate.take(1200, 3000);
    expect(rate.perSecond).toBe(0);
  });

  it('counts from 0 when the counter has begun anew', () => {
    const rate = new CounterRate();
    rate.take(1_000_000, 0);
    rate.take(50, 1000);
    expect(rate.perSecond).toBe(50);
  });

  it('makes no peak of samples that arrive together, and loses none of their growth', () => {
    const rate = new CounterRate();
    rate.take(0, 0);
    rate.take(100, 1000);
    rate.take(200, 1001);
    expect(rate.perSecond).toBe(100);
    rate.take(300, 3000);
    expect(rate.perSecond).toBe(100);
  });

  it('takes no older count', () => {
    const rate = new CounterRate();
    rate.take(100, 10_000);
    rate.take(50, 2000);
    rate.take(200, 11_000);
    expect(rate.perSecond).toBe(100);
  });

  it('is never negative, and adds up to what the counter grew by', () => {
    const steps = fc.array(
      fc.record({ growth: fc.nat(1e6), ms: fc.integer({ min: 500, max: 60_000 }) }),
      { minLength: 1, maxLength: 50 },
    );
    fc.assert(
      fc.property(steps, (grown) => {
        const rate = new CounterRate();
        let [value, at, total] = [7, 0, 0];
        rate.take(value, at);
        for (const { growth, ms } of grown) {
          value += growth;
          at += ms;
          rate.take(value, at);
          expect(rate.perSecond).toBeGreaterThanOrEqual(0);
          total += ((rate.perSecond ?? Number.NaN) * ms) / 1000;
        }
        expect(total).toBeCloseTo(value - 7, 4);
      }),
    );
  });
});
