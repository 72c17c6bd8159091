// The simulated AWS of a run of queue workers: a group that begins with two, with a termination hook or
// without.

import { createGroup, DEFAULT_GROUP_SETTINGS } from '../../cloud/create-group.ts';
import { DEFAULT_HOOK } from '../../cloud/define-hooks.ts';
import { createLaunchConfiguration } from '../../cloud/define-launch-source.ts';
import type { LifecycleHook } from '../../cloud/lifecycle-hook.ts';
import { DEFAULT_WORLD_OPTIONS } from '../../cloud/world-options.ts';
import { World } from '../../cloud/world.ts';
import { queueStartMs, type QueueScenario } from './queue-scenario.ts';

export const groupName = 'jobs';
export const scalingGroupName = 'jobs-asg';
export const hookName = 'drain';

export function createQueueWorld(scenario: QueueScenario): World {
  const { seed, bootMedianMs, hookSeconds, awsMax } = scenario;
  const cold = {
    running: { medianMs: bootMedianMs / 2, sigma: 0.25 },
    ready: { medianMs: bootMedianMs, sigma: 0.25 },
  };
  const world = new World(queueStartMs, { seed, boot: { ...DEFAULT_WORLD_OPTIONS.boot, cold } });
  const image = { imageId: 'ami-1', instanceType: 'm5.large', keyName: undefined };
  createLaunchConfiguration(world, { name: groupName, ...image });
  createGroup(world, {
    name: scalingGroupName,
    desired: 2,
    tags: [],
    hooks: hookSeconds === null ? [] : [holdFor(hookSeconds)],
    settings: {
      ...DEFAULT_GROUP_SETTINGS,
      source: { kind: 'launch-configuration', name: groupName },
      zones: world.options.zones,
      serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/test',
      min: 0,
      max: awsMax,
    },
  });
  return world;
}

function holdFor(heartbeatTimeoutSeconds: number): LifecycleHook {
  return {
    ...DEFAULT_HOOK,
    name: hookName,
    transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    heartbeatTimeoutSeconds,
    defaultResult: 'CONTINUE',
  };
}
