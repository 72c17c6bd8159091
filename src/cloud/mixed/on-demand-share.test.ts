// The On-Demand share: its formula, and groups that come back to it whatever is done to them.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { setDesiredCapacity } from '../desired-capacity.ts';
import { countsTowardsDesired } from '../instance.ts';
import { membersOf } from '../model.ts';
import { endMachine } from '../health.ts';
import { createTestGroup, createTestWorld, expectOk, passTime } from '../testing/test-world.ts';
import { DEFAULT_DISTRIBUTION, onDemandShare } from './mixed-instances.ts';

const HOUR_MS = 3_600_000;

const arbitraryDistribution = fc
  .record({ onDemandBase: fc.nat({ max: 6 }), onDemandPercentageAboveBase: fc.nat({ max: 100 }) })
  .map((shares) => ({ ...DEFAULT_DISTRIBUTION, ...shares }));

it('never exceeds the size, never falls below the base, and grows with the size', () => {
  fc.assert(
    fc.property(arbitraryDistribution, fc.nat({ max: 200 }), (distribution, size) => {
      const share = onDemandShare(distribution, size);
      expect(share).toBeLessThanOrEqual(size);
      expect(share).toBeGreaterThanOrEqual(Math.min(size, distribution.onDemandBase));
      const step = onDemandShare(distribution, size + 1) - share;
      expect([0, 1]).toContain(step);
    }),
  );
});

it('is within one instance of its formula once a group has settled', () => {
  const arbitraryActs = fc.array(
    fc.record({
      desired: fc.nat({ max: 15 }),
      waitMs: fc.nat({ max: HOUR_MS / 4 }),
      ends: fc.nat(3),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(arbitraryDistribution, arbitraryActs, fc.nat(), (distribution, acts, seed) => {
      const spot = {
        interruptionsPerHour: 2,
        recommendationLeadMs: { medianMs: 60_000, sigma: 0.5 },
      };
      const world = createTestWorld({ seed, launchFailureRatio: 0.1, spot });
      const group = createTestGroup(world, {
        min: 0,
        max: 20,
        settings: {
          mixed: {
            overrides: ['t3.micro', 'm5.large'].map((instanceType) => ({
              kind: 'type' as const,
              instanceType,
            })),
            distribution,
          },
        },
      });
      for (const { desired, waitMs, ends } of acts) {
        expectOk(
          setDesiredCapacity(world, { groupName: group.name, desired, honorsCooldown: false }),
        );
        for (const { id } of membersOf(world, group).slice(0, ends)) endMachine(world, id);
        passTime(world, waitMs);
      }
      // An interruption may have come at the last moment: looked at until nothing is on its way.
      let members = membersOf(world, group);
      const isSettled = (): boolean =>
        members.length === group.desired &&
        members.every(({ lifecycle }) => lifecycle === 'InService');
      for (let minute = 0; minute < 600 && !isSettled(); minute += 1) {
        passTime(world, 60_000);
        members = membersOf(world, group);
      }
      expect(isSettled()).toBe(true);
      const counted = members.filter(countsTowardsDesired);
      const onDemand = counted.filter(({ source }) => source.market === 'on-demand').length;
      const wanted = onDemandShare(distribution, counted.length);
      expect(Math.abs(onDemand - wanted)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});
