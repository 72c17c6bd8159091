import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { hashName, msToPhase, Sampler } from './sampler.ts';

function startSampler(intervalMs: number, name = 'i-0123456789abcdef0') {
  const clock = new ManualClock();
  const ticks: { atMs: number; skipped: number }[] = [];
  const sampler = new Sampler(name, intervalMs, clock, {
    onTick: (skipped) => ticks.push({ atMs: clock.monotonicMs(), skipped }),
  });
  sampler.start();
  return { clock, sampler, ticks };
}

test('ticks come once an interval', () => {
  const { clock, ticks } = startSampler(1_000);
  clock.advance(60_000);
  expect(ticks.length).toBeGreaterThanOrEqual(59);
  const gaps = ticks.slice(1).map(({ atMs }, index) => atMs - (ticks[index]?.atMs ?? 0));
  for (const gap of gaps) expect(gap).toBeCloseTo(1_000, 6);
});

test('delays do not add up: each tick is due on the grid of the first', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(delays, (stalls) => {
      const { clock, ticks } = startSampler(1_000);
      clock.advance(2_000);
      const first = ticks[0]?.atMs ?? 0;
      for (const stallMs of stalls) {
        clock.stall(stallMs);
        clock.advance(1_000 - stallMs);
      }
      clock.advance(1_000);
      const last = ticks.at(-1)?.atMs ?? 0;
      const offGridMs = (last - first + 1e-6) % 1_000;
      expect(offGridMs).toBeLessThan(1e-3);
      expect(ticks.every(({ skipped }) => skipped === 0)).toBe(true);
    }),
  );
});

test('a stall skips ticks and counts them, and no burst follows', () => {
  const { clock, ticks } = startSampler(1_000);
  clock.advance(2_000);
  const before = ticks.length;
  clock.stall(5_500);
  expect(ticks).toHaveLength(before + 1);
  expect([4, 5]).toContain(ticks.at(-1)?.skipped);
  clock.advance(1_000);
  expect(ticks).toHaveLength(before + 2);
  expect(ticks.at(-1)?.skipped).toBe(0);
});

test('the first tick leaves time for rates to span', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const { clock, ticks } = startSampler(1_000, name);
      clock.advance(1_500);
      expect(ticks[0]?.atMs).toBeGreaterThanOrEqual(500);
    }),
  );
});

test('another interval counts from when it is set', () => {
  const { clock, sampler, ticks } = startSampler(1_000);
  clock.advance(3_000);
  ticks.length = 0;
  sampler.setInterval(250);
  clock.advance(2_500);
  expect(ticks.length).toBeGreaterThanOrEqual(8);
  expect(ticks.length).toBeLessThanOrEqual(10);
  sampler.stop();
  clock.advance(10_000);
  expect(clock.timerCount).toBe(0);
});

test('the phase is in the interval, and the same at every interval of the day', () => {
  const intervalMs = fc.integer({ min: 100, max: 60_000 });
  fc.assert(
    fc.property(fc.string(), fc.nat({ max: 2 ** 31 }), intervalMs, (name, epochMs, interval) => {
      const waitMs = msToPhase(name, epochMs, interval);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThan(interval);
      const again = msToPhase(name, epochMs + interval * 7, interval);
      expect(Math.abs(waitMs - again) % interval).toBeCloseTo(0, 3);
    }),
  );
});

test('instances with names that follow each other are spread over the interval', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  const names = Array.from({ length: 1_000 }, (_, index) => `i-0abc${index.toString(16)}`);
  for (const name of names) {
    const tenth = Math.floor(msToPhase(name, 0, 1_000) / 100);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // 100 expected in each; 4 standard deviations are 38.
  for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(38);
  expect(new Set(names.map(hashName)).size).toBe(names.length);
});
