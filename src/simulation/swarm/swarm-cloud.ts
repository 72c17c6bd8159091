// The simulated AWS of a run: one group that boots, fails to launch, loses instances and is changed
// by others.

import { createGroup, DEFAULT_GROUP_SETTINGS, updateGroup } from '../../cloud/create-group.ts';
import { createLaunchConfiguration } from '../../cloud/define-launch-source.ts';
import { setDesiredCapacity } from '../../cloud/desired-capacity.ts';
import type { Group as CloudGroup } from '../../cloud/group.ts';
import { endMachine } from '../../cloud/health.ts';
import type { Instance } from '../../cloud/instance.ts';
import { terminateByUser } from '../../cloud/terminate-instance.ts';
import { DEFAULT_WORLD_OPTIONS } from '../../cloud/world-options.ts';
import { World } from '../../cloud/world.ts';
import { drawUniform, type Random } from '../random.ts';
import { swarmStartMs, type Scenario } from './scenario.ts';

export const scalingGroupName = 'web-asg';
/** The largest size that AWS allows at the start: more than any config does. */
const awsMax = 30;

export class SwarmCloud {
  readonly world: World;
  /** Shared with the world, whose launches ask it anew each time. */
  readonly #chances = { launchFailureRatio: 0 };
  readonly #random: Random;

  constructor(scenario: Scenario, random: Random) {
    this.#random = random;
    this.world = createWorld(scenario, this.#chances);
    const world = this.world;
    createLaunchConfiguration(world, {
      name: 'web',
      imageId: 'ami-1',
      instanceType: 'm5.large',
      keyName: undefined,
    });
    createGroup(world, {
      name: scalingGroupName,
      desired: scenario.desiredAtStart,
      tags: [],
      hooks: [],
      settings: {
        ...DEFAULT_GROUP_SETTINGS,
        source: { kind: 'launch-configuration', name: 'web' },
        zones: world.options.zones,
        serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/test',
        min: 0,
        max: awsMax,
      },
    });
  }

  get group(): CloudGroup {
    const group = this.world.groups.get(scalingGroupName);
    if (group === undefined) throw new Error('the simulated group is gone');
    return group;
  }

  inService(): readonly Instance[] {
    const serving: Instance[] = [];
    for (const id of this.group.instanceIds) {
      const instance = this.world.instances.get(id);
      if (instance?.lifecycle === 'InService') serving.push(instance);
    }
    return serving;
  }

  failLaunches(ratio: number): void {
    this.#chances.launchFailureRatio = ratio;
  }

  /** That share of the instances is taken away at once. */
  storm(ratio: number): void {
    for (const { id } of this.inService()) {
      if (drawUniform(this.#random) < ratio) endMachine(this.world, id);
    }
  }

  terminateOne(isDecrementing: boolean): void {
    const [first] = this.inService();
    if (first !== undefined) terminateByUser(this.world, first.id, isDecrementing);
  }

  /** Someone sets a size, as a share of what AWS allows; it is refused like anyone's. */
  setSize(ratio: number): void {
    const { min, max } = this.group.settings;
    const desired = Math.round(min + ratio * (Math.min(max, 14) - min));
    setDesiredCapacity(this.world, {
      groupName: scalingGroupName,
      desired,
      honorsCooldown: false,
    });
  }

  setBounds(min: number, max: number): void {
    updateGroup(this.world, scalingGroupName, { settings: { min, max } });
  }
}

function createWorld(
  { seed, bootMedianMs }: Scenario,
  chances: { readonly launchFailureRatio: number },
): World {
  const boot = {
    running: { medianMs: bootMedianMs / 2, sigma: 0.25 },
    ready: { medianMs: bootMedianMs, sigma: 0.25 },
  };
  const options = {
    ...DEFAULT_WORLD_OPTIONS,
    seed,
    boot: { ...DEFAULT_WORLD_OPTIONS.boot, cold: boot },
    launchRetryMs: 5000,
    launchRetryMaxMs: 20_000,
    get launchFailureRatio(): number {
      return chances.launchFailureRatio;
    },
  };
  // From a state, because the options of one are taken as they are and not copied.
  return World.fromState({ ...new World(swarmStartMs).exportState(), options });
}
