// One Auto Scaling group in the cloud model, on the clock of a simulation: instances wait at a launch
// hook until their program is useful, drain before they end and are billed by the model's own meter.
// It knows nothing of demand and decides nothing.
import { billOf } from '../../cloud/billing.ts';
import { completeLifecycleAction } from '../../cloud/complete-lifecycle-action.ts';
import { createGroup, DEFAULT_GROUP_SETTINGS } from '../../cloud/create-group.ts';
import { createLaunchConfiguration } from '../../cloud/define-launch-source.ts';
import type { Group } from '../../cloud/group.ts';
import type { HistoryCursor } from '../../cloud/history.ts';
import { isEnding, type Instance } from '../../cloud/instance.ts';
import type { LifecycleHook } from '../../cloud/lifecycle-hook.ts';
import { DEFAULT_WORLD_OPTIONS, type WorldOptions } from '../../cloud/world-options.ts';
import { World } from '../../cloud/world.ts';
import type { FleetOptions } from '../fluid/fleet.ts';
import { pendingSeconds } from '../score/billing.ts';

export interface WorldFleetOptions extends FleetOptions {
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Epoch seconds of the load's first second. */
  readonly startSeconds: number;
}

export const simulatedGroupName = 'simulated';

/** The first instances boot, and are warm, this long before the load begins. */
const settledSeconds = 14_400;

const launchHook: LifecycleHook = {
  name: 'ready',
  transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  heartbeatTimeoutSeconds: 7200,
  defaultResult: 'ABANDON',
  notificationTargetArn: undefined,
  roleArn: undefined,
  notificationMetadata: undefined,
};

/** What the scored span begins and ends with; costs and launches are differences. */
export interface Account {
  readonly billedSeconds: number;
  readonly launches: number;
  readonly failedLaunches: number;
  readonly cancelledLaunches: number;
}

export class WorldFleet {
  readonly world: World;
  readonly group: Group;
  readonly #options: WorldFleetOptions;
  #cursor: HistoryCursor = 0;
  /** The next moment at which counts may change without an event of the model. */
  #lookAgainAt = Number.POSITIVE_INFINITY;
  /** In service and useful: what serves the load, and reports. */
  serving: readonly Instance[] = [];
  pending = 0;
  /** Serving, and past the warm-up. */
  warmed = 0;
  draining = 0;
  #launches = 0;
  #failedLaunches = 0;
  #cancelledLaunches = 0;

  /** A group whose first instances are in service and warm, free of charge. */
  constructor(options: WorldFleetOptions) {
    this.#options = options;
    const startsAt = (options.startSeconds - settledSeconds) * 1000;
    this.world = new World(startsAt, worldOptionsOf(options));
    this.group = createSimulatedGroup(this.world, options);
    for (let second = -settledSeconds; second <= 0; second += 1) this.advanceTo(second);
    if (this.serving.length !== options.startInstances) {
      throw new Error(`${options.startInstances} instances did not come up within four hours`);
    }
  }

  /** Lets everything happen that is due by this second of the load. Call it for each, in order. */
  advanceTo(second: number): void {
    const now = (this.#options.startSeconds + second) * 1000;
    const { world } = this;
    world.advanceTo(now);
    const { events, cursor } = world.eventsSince(this.#cursor);
    this.#cursor = cursor;
    for (const event of events) {
      if (event.kind === 'launched') this.#launches += 1;
      if (event.kind === 'launch-failed') this.#failedLaunches += 1;
      if (event.kind === 'terminating' && !this.#hasServed(event.instanceId)) {
        this.#cancelledLaunches += 1;
      }
    }
    if (events.length > 0 || now >= this.#lookAgainAt) this.#count(now);
  }

  account(): Account {
    return {
      billedSeconds: billOf(this.world).billedSeconds,
      launches: this.#launches,
      failedLaunches: this.#failedLaunches,
      cancelledLaunches: this.#cancelledLaunches,
    };
  }

  #count(now: number): void {
    const serving: Instance[] = [];
    this.pending = 0;
    this.warmed = 0;
    this.draining = 0;
    this.#lookAgainAt = Number.POSITIVE_INFINITY;
    for (const id of this.group.instanceIds) {
      const instance = this.world.instances.get(id);
      if (instance === undefined) continue;
      if (isEnding(instance)) this.#countEnding(instance);
      else if (instance.lifecycle !== 'InService') this.#countPending(instance, now);
      else {
        serving.push(instance);
        this.#countWarmed(instance, now);
      }
    }
    this.serving = serving;
  }

  #hasServed(id: string): boolean {
    return this.world.instances.get(id)?.hasBeenInService ?? true;
  }

  #countEnding(instance: Instance): void {
    if (instance.hasBeenInService) this.draining += 1;
  }

  /** An instance says that it is useful, as its program would: by completing the hook's action. */
  #countPending(instance: Instance, now: number): void {
    this.pending += 1;
    if (instance.lifecycle !== 'Pending:Wait') return;
    if (instance.readyAt > now) {
      this.#lookAgainAt = Math.min(this.#lookAgainAt, instance.readyAt);
      return;
    }
    const action = { groupName: simulatedGroupName, hookName: launchHook.name, token: undefined };
    completeLifecycleAction(this.world, { ...action, instanceId: instance.id }, 'CONTINUE');
  }

  #countWarmed(instance: Instance, now: number): void {
    const { warmupSeconds, warmupFrom } = this.#options;
    const inServiceAt = instance.inServiceAt ?? now;
    const from = warmupFrom === 'service' ? inServiceAt : instance.requestedAt;
    const warmAt = Math.max(inServiceAt, from + warmupSeconds * 1000);
    if (now >= warmAt) this.warmed += 1;
    else this.#lookAgainAt = Math.min(this.#lookAgainAt, warmAt);
  }
}

/**
 * The boot of the arena counts from the change of desired capacity to service, so what the model
 * does on the way (reconciling, going on after the hook) is taken off its machines' own times.
 */
function worldOptionsOf(options: WorldFleetOptions): Partial<WorldOptions> {
  const { boot, drainSeconds, launchFailureRatio, seed } = options;
  const bootMs = 1000 * (boot.kind === 'fixed' ? boot.seconds : boot.medianSeconds);
  const sigma = boot.kind === 'fixed' ? 0 : boot.sigma;
  const reconcileDelayMs = Math.min(DEFAULT_WORLD_OPTIONS.reconcileDelayMs, Math.floor(bootMs / 4));
  const proceedMs = Math.min(DEFAULT_WORLD_OPTIONS.proceedMs, Math.floor(bootMs / 4));
  const runningMs = Math.min(pendingSeconds * 1000, bootMs - proceedMs) - reconcileDelayMs;
  return {
    seed,
    zones: ['us-east-1a'],
    reconcileDelayMs,
    proceedMs,
    launchFailureRatio,
    boot: {
      ...DEFAULT_WORLD_OPTIONS.boot,
      cold: {
        running: { medianMs: runningMs, sigma: 0 },
        ready: { medianMs: bootMs - proceedMs - reconcileDelayMs, sigma },
      },
    },
    deregistrationDelayMs: drainSeconds * 1000,
    terminatedVisibleMs: 60_000,
    chargesCancelledLaunches: true,
  };
}

function createSimulatedGroup(world: World, options: WorldFleetOptions): Group {
  const { minInstances, maxInstances, scaleInOrder, startInstances } = options;
  const content = { imageId: 'ami-1', instanceType: 'm6i.large', keyName: undefined };
  createLaunchConfiguration(world, { name: 'simulated', ...content });
  const created = createGroup(world, {
    name: simulatedGroupName,
    desired: startInstances,
    tags: [],
    hooks: [launchHook],
    settings: {
      ...DEFAULT_GROUP_SETTINGS,
      source: { kind: 'launch-configuration', name: 'simulated' },
      zones: world.options.zones,
      serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/simulated',
      min: minInstances,
      max: maxInstances,
      terminationPolicies: [scaleInOrder === 'oldest-first' ? 'OldestInstance' : 'NewestInstance'],
    },
  });
  if (!created.ok) throw new Error(`the simulated group: ${created.fault.message}`);
  return created.value;
}
