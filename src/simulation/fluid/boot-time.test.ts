import { describe, expect, it } from 'vitest';
import { drawBoot, meanBilledBootSeconds, rememberBoots } from './boot-time.ts';
import type { BootTime } from './boot-time.ts';

describe('boot times', () => {
  it('bill what lies past the pending seconds', () => {
    expect(meanBilledBootSeconds({ kind: 'fixed', seconds: 120 })).toBe(104);
    expect(meanBilledBootSeconds({ kind: 'fixed', seconds: 10 })).toBe(0);
  });

  it('bill in the mean what drawn boots bill', () => {
    for (const medianSeconds of [20, 30, 120, 300]) {
      const boot: BootTime = { kind: 'lognormal', medianSeconds, sigma: 0.25 };
      const draws = 20_000;
      let billed = 0;
      for (let launch = 0; launch < draws; launch += 1) {
        billed += Math.max(0, (drawBoot(boot, 0, 7, launch) ?? 0) - 16);
      }
      const deviation = medianSeconds * 0.26;
      const measured = billed / draws;
      // Whole seconds add up to half a second of bias near the pending time.
      expect(Math.abs(measured - meanBilledBootSeconds(boot))).toBeLessThan(
        (5 * deviation) / Math.sqrt(draws) + 0.05,
      );
    }
  });

  it('are the same whether they are remembered or not, in whatever order they are asked for', () => {
    const boot: BootTime = { kind: 'lognormal', medianSeconds: 120, sigma: 0.25 };
    const remembered = rememberBoots(boot, 0.3);
    for (const launch of [7, 0, 3, 3, 40, 39, 2_000_000]) {
      for (const seed of [1, 2]) {
        expect(remembered(seed, launch)).toBe(drawBoot(boot, 0.3, seed, launch));
      }
    }
  });

  it('fail at the given share, whole seconds otherwise', () => {
    const boot: BootTime = { kind: 'lognormal', medianSeconds: 120, sigma: 0.25 };
    const drawn = Array.from({ length: 20_000 }, (_, launch) => drawBoot(boot, 0.01, 3, launch));
    const failed = drawn.filter((one) => one === undefined).length;
    expect(Math.abs(failed - 200)).toBeLessThan(5 * Math.sqrt(200));
    expect(drawn.every((one) => one === undefined || Number.isInteger(one))).toBe(true);
    const logs = drawn.filter((one) => one !== undefined).map((one) => Math.log(one / 120));
    const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, one) => sum + one * one, 0) / logs.length);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(deviation - 0.25)).toBeLessThan(0.01);
  });
});
