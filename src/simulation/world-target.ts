// The scaling target over the cloud model itself, without a wire: what simulations act upon. Calls
// take virtual time, and can be made to fail in every way that AWS's do.

import type { Actuation } from '../core/decision.ts';
import type { Clock } from '../controller/ports/clock.ts';
import type {
  DescribeOutcome,
  InstancePhase,
  ScalingTarget,
  SetDesiredRequest,
  TargetAddress,
  TargetInstance,
} from '../controller/ports/scaling-target.ts';
import { type SetDesiredCapacity, setDesiredCapacity } from '../cloud/desired-capacity.ts';
import type { Group } from '../cloud/group.ts';
import type { LifecycleState } from '../cloud/instance.ts';
import type { World } from '../cloud/world.ts';

/** What becomes of the next call, if not what should. */
export type CallFault =
  | { readonly kind: 'throttled' }
  | { readonly kind: 'denied' }
  /** No answer within the time-out; `isDone` says whether AWS acted all the same. */
  | { readonly kind: 'timed-out'; readonly isDone: boolean; readonly afterMs: number };

export interface WorldTargetOptions {
  readonly world: World;
  readonly clock: Clock;
  /** How long a call takes, in virtual milliseconds. */
  readonly latencyMs: number;
  /** Asked before each call; null lets it through. */
  readonly findFault: (call: 'describe' | 'set-desired') => CallFault | null;
}

export function createWorldTarget(options: WorldTargetOptions): ScalingTarget {
  return {
    describe: (addresses) => describeAll(options, addresses),
    setDesired: (request) => setDesired(options, request),
  };
}

async function describeAll(
  options: WorldTargetOptions,
  addresses: readonly TargetAddress[],
): Promise<readonly DescribeOutcome[]> {
  const { clock, world, latencyMs } = options;
  const fault = options.findFault('describe');
  const describedAt = clock.now();
  await wait(clock, fault?.kind === 'timed-out' ? fault.afterMs : latencyMs);
  if (fault !== null) {
    const outcome = {
      kind: 'failed',
      code: fault.kind,
      message: `simulated: ${fault.kind}`,
    } as const;
    return addresses.map(() => outcome);
  }
  world.advanceTo(clock.now());
  return addresses.map(({ autoScalingGroup }) => {
    const group = world.groups.get(autoScalingGroup);
    return group === undefined ? { kind: 'missing' } : describeGroup(world, group, describedAt);
  });
}

/** The group as AWS would list it now. */
export function describeGroup(world: World, group: Group, describedAt: number): DescribeOutcome {
  const instances: TargetInstance[] = [];
  for (const id of group.instanceIds) {
    const instance = world.instances.get(id);
    const phase = instance === undefined ? null : phaseOf(instance.lifecycle);
    if (instance === undefined || phase === null) continue;
    instances.push({
      id,
      phase,
      lifecycleState: instance.lifecycle,
      zone: instance.zone,
      instanceType: instance.source.instanceType,
      isHealthy: instance.isHealthy,
      isProtectedFromScaleIn: instance.isProtected,
    });
  }
  const { min, max } = group.settings;
  const description = {
    describedAt,
    min,
    max,
    desired: group.desired,
    instances: instances.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    desiredCapacityType: 'units',
    isWeighted: false,
  };
  return { kind: 'described', description };
}

async function setDesired(
  options: WorldTargetOptions,
  { address, desired, honorCooldown }: SetDesiredRequest,
): Promise<Actuation> {
  const { clock, world, latencyMs } = options;
  const fault = options.findFault('set-desired');
  const halfMs = latencyMs / 2;
  await wait(clock, halfMs);
  if (fault?.kind === 'throttled' || fault?.kind === 'denied') {
    await wait(clock, halfMs);
    return { kind: 'refused', code: fault.kind, message: `simulated: ${fault.kind}` };
  }
  const request = { groupName: address.autoScalingGroup, desired, honorsCooldown: honorCooldown };
  const isReached = fault === null || fault.isDone;
  world.advanceTo(clock.now());
  const actuation = isReached ? act(world, request) : null;
  await wait(clock, fault === null ? halfMs : fault.afterMs);
  if (fault !== null || actuation === null) {
    return { kind: 'unknown', message: 'simulated time-out' };
  }
  return actuation;
}

/** AWS says `ValidationError` to a size out of bounds as to a name that is not there. */
export function act(world: World, request: SetDesiredCapacity): Actuation {
  const outcome = setDesiredCapacity(world, request);
  if (outcome.ok) return { kind: 'accepted' };
  const { code, message } = outcome.fault;
  if (code === 'ScalingActivityInProgress') {
    return { kind: 'refused', code: 'in-progress', message };
  }
  const isBounded = world.groups.get(request.groupName)?.isBeingDeleted === false;
  return { kind: 'refused', code: isBounded ? 'out-of-bounds' : 'failed', message };
}

function wait(clock: Clock, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.after(ms, resolve);
  return promise;
}

/** Null for an instance that is no longer the group's. */
function phaseOf(state: LifecycleState): InstancePhase | null {
  if (state === 'Warmed:Terminated') return null;
  if (state.startsWith('Warmed:')) return 'warm-pool';
  if (state.startsWith('Pending')) return 'pending';
  if (state === 'InService') return 'in-service';
  if (state === 'Standby' || state === 'EnteringStandby') return 'standby';
  // A detaching instance lives on, but leaves the group's capacity as a terminating one does.
  if (state.startsWith('Terminating') || state === 'Detaching') return 'terminating';
  return null;
}
