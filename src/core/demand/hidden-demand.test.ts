import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemandModel, noteSample } from './demand-model.ts';
import { revealDemand } from './hidden-demand.ts';
import type { CutBlock } from './hidden-demand.ts';

/** A period of these seconds, as a fleet shows it that can do `most`. */
function cut(seconds: readonly number[], most: number, before = 0): CutBlock {
  const shown = seconds.map((second) => Math.min(second, most));
  const full = seconds.filter((second) => second >= most).length;
  const load = shown.reduce((sum, each) => sum + each, 0) / seconds.length;
  return { load, fullRatio: full / seconds.length, fullLoad: most, most, before };
}

describe('demand behind a fleet that is full', () => {
  it('is found where what is cut off is spread as it is taken to be', () => {
    const quantiles = Array.from({ length: 999 }, (_, at) => (at + 1) / 1000);
    const seconds = quantiles.map((share) => 100 + 8 * Math.log(share / (1 - share)));
    for (const most of [90, 100, 110]) {
      expect(revealDemand(cut(seconds, most))).toBeCloseTo(100, 0);
    }
  });

  it('grows while every second is full, and stops at three times what the fleet can do', () => {
    let demand = 40;
    const seen: number[] = [];
    for (let block = 0; block < 20; block += 1) {
      demand = revealDemand(cut([500, 500], 50, demand));
      seen.push(demand);
    }
    expect(seen[0]).toBeCloseTo(50 * 1.1, 9);
    expect(seen.at(-1)).toBe(150);
  });

  it('is never below what is shown, and finite', () => {
    const second = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(second, { minLength: 5, maxLength: 10 }), second, (seconds, most) => {
        const block = cut(seconds, most, 20);
        fc.pre(block.fullRatio > 0);
        const demand = revealDemand(block);
        expect(demand).toBeGreaterThanOrEqual(block.load);
        expect(Number.isFinite(demand)).toBe(true);
      }),
    );
  });

  it('is not looked for in a past of means, in which a full fleet hides nothing', () => {
    const demandOf = (more: { readonly hidesNothing?: true }): number => {
      const model = createDemandModel({ violationRatio: 0.005, isForecasting: false });
      // Half full for a minute, so that what an instance can do is known; then full for ten.
      for (let second = 1; second <= 660; second += 1) {
        const busyRatio = second <= 60 ? 0.5 : 1;
        noteSample(model, {
          at: second * 1000,
          load: 100 * 5 * busyRatio,
          busyRatio,
          instances: 5,
          ...more,
        });
      }
      return model.demand;
    };
    expect(demandOf({ hidesNothing: true })).toBeCloseTo(500, 6);
    expect(demandOf({})).toBeCloseTo(1500, 6);
  });
});
