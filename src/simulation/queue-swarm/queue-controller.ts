// The real controller of a run of queue workers: what it scales, what it hears, and a book of whom it ends.

import type { World } from '../../cloud/world.ts';
import { Controller } from '../../controller/controller.ts';
import type { GroupSettings } from '../../controller/group-settings.ts';
import type { Log } from '../../controller/ports/log.ts';
import type { ScalingTarget } from '../../controller/ports/scaling-target.ts';
import type { Store } from '../../controller/ports/store.ts';
import { parseTopic } from '../../wire/topics.ts';
import { SimulatedTelemetry } from '../simulated-telemetry.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { createWorldTarget } from '../world-target.ts';
import type { QueueScenario } from './queue-scenario.ts';
import { groupName, scalingGroupName } from './queue-world.ts';

/** Hands commands on; what else the controller publishes nobody reads. */
export class QueueTelemetry extends SimulatedTelemetry {
  onCommand: (instance: string, payload: string) => void = () => {};

  override publish(topic: string, payload: string): boolean {
    const parsed = parseTopic(topic);
    if (parsed?.kind === 'command') this.onCommand(parsed.instance, payload);
    return true;
  }
}

/** A group that is to have so many, and drains as the scenario says. */
export function describeGroup(
  { groupDrainWithinMs, awsMax }: QueueScenario,
  size: number,
): GroupSettings {
  const still = { scaleOutMs: 0, scaleInMs: 0 };
  return {
    group: {
      name: groupName,
      mode: 'active',
      min: 0,
      max: awsMax,
      warmupMs: 0,
      cooldown: still,
      stabilization: still,
      minReportingRatio: 0,
      policies: [{ type: 'fixed', name: 'fixed', size }],
      ...(groupDrainWithinMs !== null && { drainWithinMs: groupDrainWithinMs }),
    },
    target: { autoScalingGroup: scalingGroupName, region: null, roleArn: null },
    honorCooldown: false,
    staleAfterMs: 10_000,
    hasLoadTopic: false,
    historySignals: [],
  };
}

export interface QueueControllerParts {
  readonly settings: GroupSettings;
  readonly world: World;
  readonly clock: VirtualClock;
  readonly telemetry: QueueTelemetry;
  readonly store: Store;
  readonly log: Log;
  /** Told before an instance is ended by name. */
  readonly onEnd: (instance: string) => void;
}

export function createQueueController(parts: QueueControllerParts): Controller {
  const { settings, world, clock, telemetry, store, log, onEnd } = parts;
  const findFault = (): null => null;
  const target = createWorldTarget({ world, clock, latencyMs: 100, findFault });
  return new Controller({
    id: 'a',
    groups: [settings],
    loadTopics: [],
    hearsOthers: true,
    clock,
    log,
    target: watch(target, onEnd),
    telemetry,
    store,
  });
}

function watch(target: ScalingTarget, onEnd: (instance: string) => void): ScalingTarget {
  return {
    describe: (addresses) => target.describe(addresses),
    setDesired: (request) => target.setDesired(request),
    putWarmPool: (request) => target.putWarmPool(request),
    cancelLaunch: (request) => {
      onEnd(request.instance);
      return target.cancelLaunch(request);
    },
  };
}
