import { describe, expect, it } from 'vitest';
import { channelLength, createChannel } from './channel.ts';
import { createDraw } from './testing/simulated-series.ts';

const updatesPerDay = 288;
const days = 6;

describe('the highest tenth of the forecasts', () => {
  it('is that of days: the tops of waves, not every climb', () => {
    const draw = createDraw(11);
    const channel = createChannel(1, new Float64Array(channelLength(1)), 1);
    const lastDay: { readonly center: number; readonly isHigh: boolean }[] = [];
    for (let update = 0; update < days * updatesPerDay; update += 1) {
      const center = 100 * Math.exp(0.8 * Math.sin((2 * Math.PI * update) / updatesPerDay));
      const issue = channel.issue(Float64Array.from([center]), 1);
      if (update >= (days - 1) * updatesPerDay) {
        lastDay.push({ center, isHigh: issue.regime === 1 });
      }
      channel.learn(issue, center * (0.95 + 0.1 * draw()), false);
    }
    const byHeight = lastDay.toSorted((one, other) => other.center - one.center);
    const isHigh = byHeight.map((one) => one.isHigh);
    const share = isHigh.filter(Boolean).length / isHigh.length;
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.2);
    expect(isHigh.slice(Math.floor(0.3 * isHigh.length))).not.toContain(true);
  });
});
