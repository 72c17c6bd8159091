import { describe, expect, it } from 'vitest';

import { selectSignal, statistics } from '../core/signal.ts';
import { makeGroup } from './testing/make-group.ts';
import { findUnsimulated, followsLoad, readSignal } from './load-signals.ts';

const sample = { loadPerInstance: 30, capacityPerInstance: 50, warmed: 4 };

describe('signals of a simulated fleet', () => {
  it('reads cpu as the busy share, never above 1', () => {
    expect(readSignal('cpu', 'mean', sample)).toBe(0.6);
    expect(readSignal('cpu', 'mean', { ...sample, loadPerInstance: 80 })).toBe(1);
  });

  it('reads every other signal as the load of an instance', () => {
    expect(readSignal('requestsPerSecond', 'mean', sample)).toBe(30);
    expect(readSignal('requestsPerSecond', 'mean', { ...sample, loadPerInstance: 80 })).toBe(80);
  });

  it('adds up over the warmed instances for a sum, and for a sum alone', () => {
    for (const statistic of statistics) {
      const expected = statistic === 'sum' ? 120 : 30;
      expect(readSignal('connections', statistic, sample)).toBe(expected);
    }
  });

  it('knows what does not follow from load, and names it', () => {
    expect(followsLoad('networkInBytesPerSecond')).toBe(true);
    expect(followsLoad('connections:443')).toBe(true);
    const unfollowed = ['memoryAvailableRatio', 'memoryAvailableBytes', 'latencyMs', 'loadPerCore'];
    expect(unfollowed.filter(followsLoad)).toEqual([]);
    const group = makeGroup({ selector: selectSignal('latencyMs', 'p95', 1000), target: 200 });
    expect(findUnsimulated(group)).toMatch(/^group web looks at latencyMs, .*allowed: cpu/);
    expect(findUnsimulated(makeGroup({}))).toBeNull();
    const scheduled = makeGroup({}, { policies: [{ type: 'schedule', name: 'nights' }] });
    expect(findUnsimulated(scheduled)).toBeNull();
  });
});
