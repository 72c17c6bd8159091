import { describe, expect, it } from 'vitest';

import { burstPromiseSeconds, leastCost, measureBurst, type Burst } from './published-burst.ts';

const cases = [
  { messageSeconds: 25, bootSeconds: 60, least: 1470 },
  { messageSeconds: 25, bootSeconds: 120, least: 1874 },
  { messageSeconds: 50, bootSeconds: 60, least: 2984 },
  { messageSeconds: 50, bootSeconds: 120, least: 4060 },
];
const seeds = [1, 2, 3, 4, 5];

function boots(seconds: number): Burst['boot'] {
  return { kind: 'fixed', seconds };
}

describe('50 messages at once', () => {
  it.each([
    { messageSeconds: 25, bootSeconds: 60, instances: 4, minutes: [8, 9] },
    { messageSeconds: 25, bootSeconds: 120, instances: 4, minutes: [9, 10] },
    { messageSeconds: 50, bootSeconds: 60, instances: 8, minutes: [9, 10] },
    { messageSeconds: 50, bootSeconds: 120, instances: 8, minutes: [10, 11] },
  ])('take the recipe what was published, at %o', (published) => {
    const { messageSeconds, bootSeconds, instances, minutes } = published;
    const outcome = measureBurst({ messageSeconds, boot: boots(bootSeconds), mode: 'recipe' });
    expect(outcome.peakInstances).toBe(instances);
    expect(outcome.lastSeconds / 60).toBeGreaterThan(minutes[0] ?? 0);
    expect(outcome.lastSeconds / 60).toBeLessThan(minutes[1] ?? 0);
  });

  it('take four instances 14 to 15 minutes where the target does not follow the duration', () => {
    for (const bootSeconds of [60, 120]) {
      const outcome = measureBurst({
        messageSeconds: 50,
        boot: boots(bootSeconds),
        mode: 'recipe',
        fixedTarget: 12,
      });
      expect(outcome.peakInstances).toBe(4);
      expect(outcome.lastSeconds / 60).toBeGreaterThanOrEqual(14);
      expect(outcome.lastSeconds / 60).toBeLessThan(15);
    }
  });

  it.each(cases)('are done in time within a quarter of the least cost, at %o', (one) => {
    const { messageSeconds, bootSeconds, least } = one;
    expect(leastCost(messageSeconds, bootSeconds)).toBe(least);
    for (const seed of seeds) {
      const burst = { messageSeconds, boot: boots(bootSeconds), mode: 'promise', seed } as const;
      const known = measureBurst(burst);
      expect(known.lastSeconds, `seed ${seed}`).toBeLessThanOrEqual(burstPromiseSeconds);
      expect(known.costInstanceSeconds, `seed ${seed}`).toBeLessThanOrEqual(1.25 * least);
      const unlearned = measureBurst({ ...burst, firstSeconds: 25 });
      expect(unlearned.lastSeconds, `seed ${seed}`).toBeLessThanOrEqual(burstPromiseSeconds);
    }
  });

  it.each(cases)('are done in time with drawn boots that may fail in 95 of 100 runs, %o', (one) => {
    const { messageSeconds, bootSeconds } = one;
    const boot = { kind: 'lognormal', medianSeconds: bootSeconds, sigma: 0.25 } as const;
    let kept = 0;
    for (let seed = 1; seed <= 100; seed += 1) {
      const drawn = { launchFailureRatio: 0.01, seed };
      const outcome = measureBurst({ messageSeconds, boot, mode: 'promise', ...drawn });
      if (outcome.lastSeconds <= burstPromiseSeconds) kept += 1;
    }
    expect(kept).toBeGreaterThanOrEqual(95);
  });

  it.each(cases)('are done in time where counts settle over a minute, at %o', (one) => {
    const { messageSeconds, bootSeconds } = one;
    for (const seed of seeds) {
      const outcome = measureBurst({
        messageSeconds,
        boot: boots(bootSeconds),
        mode: 'promise',
        settleSeconds: 60,
        seed,
      });
      expect(outcome.lastSeconds, `seed ${seed}`).toBeLessThanOrEqual(burstPromiseSeconds);
    }
  });
});
