import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Group } from '../group.ts';
import { initialState } from '../state.ts';
import { remember, windowSlots } from './stabilization.ts';

const windowMs = 60_000;
const group: Group = {
  name: 'web',
  mode: 'active',
  min: 0,
  max: 100,
  warmupMs: 0,
  cooldown: { scaleOutMs: 0, scaleInMs: 0 },
  stabilization: { scaleOutMs: windowMs, scaleInMs: windowMs },
  minReportingRatio: 0.5,
  policies: [],
};

const anyRecord = fc.array(
  fc.record({ gapMs: fc.integer({ min: 100, max: 9000 }), wanted: fc.nat(50) }),
  {
    minLength: 1,
    maxLength: 200,
  },
);

it('finds the extremes of a sliding window to within one slot, and holds few entries', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const seen: { at: number; wanted: number }[] = [];
      let state = initialState;
      let now = 1_000_000;
      for (const { gapMs, wanted } of record) {
        now += gapMs;
        seen.push({ at: now, wanted });
        state = remember(group, state, { wanted, current: wanted }, now);
        const slotMs = windowMs / windowSlots;
        const inside = seen.filter(({ at }) => at >= now - windowMs).map((one) => one.wanted);
        const inOrNear = seen
          .filter(({ at }) => at >= now - windowMs - slotMs)
          .map((one) => one.wanted);
        const largest = state.largest[0]?.size ?? -1;
        const smallest = state.smallest[0]?.size ?? -1;
        // Never less cautious than the exact window, never more than one slot more so.
        expect(largest).toBeGreaterThanOrEqual(Math.max(...inside));
        expect(largest).toBeLessThanOrEqual(Math.max(...inOrNear));
        expect(smallest).toBeLessThanOrEqual(Math.min(...inside));
        expect(smallest).toBeGreaterThanOrEqual(Math.min(...inOrNear));
        expect(state.largest.length).toBeLessThanOrEqual(windowSlots + 2);
      }
    }),
  );
});
