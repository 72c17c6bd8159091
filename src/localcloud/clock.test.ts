// Clocks: one that runs, one that stands.

import { describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { createManualClock } from './manual-clock.ts';

describe('the running clock', () => {
  it('calls after the wall time that its speed makes of the model’s', async () => {
    const clock = createClock({ speed: 1000, startsAt: 5000 });
    const startedAt = performance.now();
    await new Promise<void>((resolve) => clock.after(20_000, resolve));
    const elapsedMs = performance.now() - startedAt;
    expect(elapsedMs).toBeGreaterThanOrEqual(15);
    expect(clock.now()).toBeGreaterThanOrEqual(5000 + 15_000);
  });

  it('does not call what was cancelled', async () => {
    const clock = createClock({ speed: 1000 });
    const calls: string[] = [];
    clock.after(1000, () => calls.push('cancelled'))();
    await new Promise<void>((resolve) => clock.after(10_000, resolve));
    expect(calls).toEqual([]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses speed %d', (speed) => {
    expect(() => createClock({ speed })).toThrow(/it must be a number above 0/u);
  });
});

describe('the manual clock', () => {
  it('calls in the order of time, and lets calls ask for calls', () => {
    const clock = createManualClock(0);
    const log: string[] = [];
    clock.after(20, () => log.push(`b${clock.now()}`));
    clock.after(10, () => {
      log.push(`a${clock.now()}`);
      clock.after(5, () => log.push(`c${clock.now()}`));
    });
    clock.after(15, () => log.push('cancelled'))();
    clock.pass(30);
    expect(log).toEqual(['a10', 'c15', 'b20']);
    expect(clock.now()).toBe(30);
  });
});
