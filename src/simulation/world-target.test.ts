import { describe, expect, it } from 'vitest';

import type { TargetDescription } from '../controller/ports/scaling-target.ts';
import { simulatedGroupName, WorldFleet } from './event/world-fleet.ts';
import { describeGroup, setSize } from './world-target.ts';

describe('a group of the model, described again and again', () => {
  it('lists the very same instances while nothing happens, and the right ones at all times', () => {
    const fleet = new WorldFleet({
      startInstances: 3,
      boot: { kind: 'lognormal', medianSeconds: 60, sigma: 0.25 },
      launchFailureRatio: 0.2,
      drainSeconds: 30,
      scaleInOrder: 'oldest-first',
      warmupSeconds: 0,
      warmupFrom: 'service',
      seed: 4,
      minInstances: 1,
      maxInstances: 20,
      startSeconds: 0,
    });
    let before: TargetDescription | null = null;
    let keptLists = 0;
    for (let second = 1; second <= 1200; second += 1) {
      fleet.advanceTo(second);
      if (second % 200 === 0) {
        const desired = second % 400 === 0 ? 2 : 12;
        setSize(fleet.world, { groupName: simulatedGroupName, desired, honorsCooldown: false });
      }
      const now = second * 1000;
      const { description } = describeGroup(fleet.world, fleet.group, now, { before });
      expect(description).toEqual(describeGroup(fleet.world, fleet.group, now).description);
      if (description.instances === before?.instances) keptLists += 1;
      before = description;
    }
    expect(keptLists).toBeGreaterThan(600);
    expect(keptLists).toBeLessThan(1190);
  });
});
