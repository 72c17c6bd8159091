// The contract of scaling targets, for both that there are: AWS's adapter, over the local cloud by
// its wire, and the cloud model as simulations act upon it. What the one passes and the other does
// not would make a simulation a promise that production breaks.

import { createTestGroup, createTestWorld } from '../../src/cloud/testing/test-world.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import { createWorldActivities, createWorldTarget } from '../../src/simulation/world-target.ts';
import { createModelClock } from '../support/model-clock.ts';
import { openAwsFixture } from './aws-scaling-target-fixture.ts';
import { checkScalingTarget, type ScalingTargetFixture } from './scaling-target.ts';

const startsAt = 1_767_225_600_000;
const callLatencyMs = 100;

checkScalingTarget('Auto Scaling by its wire', async (launchFailureRatio) => {
  const clock = createModelClock(startsAt);
  // Whether calls come too fast is the caller's own affair, and has its own tests.
  const cloud = await startLocalCloud({
    clock,
    throttling: 'off',
    worldOptions: { launchFailureRatio },
  });
  return await openAwsFixture({
    url: cloud.url,
    now: clock.now,
    passTime: (durationMs) => {
      clock.advance(durationMs);
      cloud.advance();
      return Promise.resolve();
    },
    close: () => cloud.close(),
  });
});

checkScalingTarget('the model of a simulation', (launchFailureRatio) =>
  Promise.resolve(openWorldFixture(launchFailureRatio)),
);

function openWorldFixture(launchFailureRatio: number): ScalingTargetFixture {
  const world = createTestWorld({ launchFailureRatio });
  const clock = new VirtualClock(world.now);
  const target = createWorldTarget({
    world,
    clock,
    latencyMs: callLatencyMs,
    findFault: () => null,
  });

  const activities = createWorldActivities({ world, clock, latencyMs: callLatencyMs });

  /** A call takes virtual time: it is over when that has passed. */
  async function during<T>(call: Promise<T>): Promise<T> {
    await clock.advance(callLatencyMs);
    return await call;
  }

  return {
    target: {
      describe: (addresses) => during(target.describe(addresses)),
      setDesired: (request) => during(target.setDesired(request)),
      cancelLaunch: (request) => during(target.cancelLaunch(request)),
      putWarmPool: (request) => during(target.putWarmPool(request)),
    },
    activities: { listActivities: (address) => during(activities.listActivities(address)) },
    now: () => clock.now(),
    addressOf: (name) => ({ autoScalingGroup: name, region: null, roleArn: null }),
    createGroup: ({ name, min, max, desired, defaultCooldownMs }) => {
      const settings = { cooldownSeconds: defaultCooldownMs / 1000 };
      createTestGroup(world, { name, min, max, desired, settings });
      return Promise.resolve();
    },
    passTime: async (durationMs) => {
      await clock.advance(durationMs);
      world.advanceTo(clock.now());
    },
    close: () => Promise.resolve(),
  };
}
