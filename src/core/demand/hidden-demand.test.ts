import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
});
