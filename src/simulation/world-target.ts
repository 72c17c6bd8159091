// The scaling target over the cloud model itself, without a wire: what simulations act upon. Calls
// take virtual time, and can be made to fail in every way that AWS's do.

import type { CallOutcome } from '../core/decision.ts';
import type { Clock } from '../controller/ports/clock.ts';
import {
  activitiesListedMax,
  type ScalingActivities,
  type ScalingActivity,
} from '../controller/ports/scaling-activities.ts';
import { listActivities, type Activity } from '../cloud/activity.ts';
import type {
  CancelLaunchRequest,
  DescribeOutcome,
  InstancePhase,
  PutWarmPoolRequest,
  ScalingTarget,
  SetDesiredRequest,
  TargetAddress,
  TargetDescription,
  TargetInstance,
} from '../controller/ports/scaling-target.ts';
import { putWarmPool } from '../cloud/define-warm-pool.ts';
import type { WarmPool } from '../core/warm-pool/warm-pool.ts';
import { setDesiredCapacity, type SetDesiredCapacity } from '../cloud/desired-capacity.ts';
import type { Outcome } from '../cloud/fault.ts';
import type { Group } from '../cloud/group.ts';
import type { LifecycleState } from '../cloud/instance.ts';
import { terminateByUser } from '../cloud/terminate-instance.ts';
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
  readonly findFault: (call: 'describe' | ChangeName) => CallFault | null;
}

type ChangeName = 'set-desired' | 'cancel-launch' | 'put-warm-pool';

/** What groups of the model did lately, by calls that take as long as others. */
export function createWorldActivities(
  options: Pick<WorldTargetOptions, 'world' | 'clock' | 'latencyMs'>,
): ScalingActivities {
  const { world, clock, latencyMs } = options;
  return {
    listActivities: async ({ autoScalingGroup }) => {
      await wait(clock, latencyMs);
      world.advanceTo(clock.now());
      const group = world.groups.get(autoScalingGroup);
      if (group === undefined) return { kind: 'missing' };
      const newest = listActivities(world, group).slice(0, activitiesListedMax);
      return { kind: 'listed', activities: newest.map(readActivity) };
    },
  };
}

function readActivity(activity: Activity): ScalingActivity {
  const { description, startedAt, endedAt, cause, status, statusMessage } = activity;
  const isFailed = status === 'Failed';
  return {
    kind: description.startsWith('Launching a new ') ? 'launch' : 'other',
    status: endings.get(status) ?? 'open',
    startedAt,
    endedAt: endedAt ?? null,
    cause,
    failure: isFailed ? (statusMessage ?? 'no cause given') : null,
  };
}

const endings: ReadonlyMap<string, ScalingActivity['status']> = new Map([
  ['Successful', 'successful'],
  ['Failed', 'failed'],
  ['Cancelled', 'cancelled'],
]);

export function createWorldTarget(options: WorldTargetOptions): ScalingTarget {
  return {
    describe: (addresses) => describeAll(options, addresses),
    setDesired: (request) => setDesired(options, request),
    cancelLaunch: (request) => cancelLaunch(options, request),
    putWarmPool: (request) => setWarmPool(options, request),
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
  return addresses.map(({ autoScalingGroup, withWarmPool = false }) => {
    const group = world.groups.get(autoScalingGroup);
    if (group === undefined) return { kind: 'missing' };
    return describeGroup(world, group, describedAt, { withWarmPool });
  });
}

interface DescribeTerms {
  readonly before?: TargetDescription | null;
  /** Whether those that wait in the pool are listed too, and the pool is described. */
  readonly withWarmPool?: boolean;
}

/**
 * The group as AWS would list it now. Given what was described before it lists the very same instances
 * again where they are as they were, so that whoever knows the list knows that nothing happened.
 */
export function describeGroup(
  world: World,
  group: Group,
  describedAt: number,
  { before = null, withWarmPool = false }: DescribeTerms = {},
): { readonly kind: 'described'; readonly description: TargetDescription } {
  const { min, max } = group.settings;
  const description = {
    describedAt,
    min,
    max,
    desired: group.desired,
    instances:
      before !== null && isAsListed(world, group, before.instances)
        ? before.instances
        : listInstances(world, group, withWarmPool),
    desiredCapacityType: 'units',
    isWeighted: false,
    ...(withWarmPool && { warmPool: { kind: 'described', pool: readPool(group) } as const }),
  };
  return { kind: 'described', description };
}

function listInstances(
  world: World,
  group: Group,
  withWarmPool: boolean,
): readonly TargetInstance[] {
  const instances: TargetInstance[] = [];
  for (const id of group.instanceIds) {
    const instance = world.instances.get(id);
    const phase = instance === undefined ? null : phaseOf(instance.lifecycle);
    if (instance === undefined || phase === null) continue;
    if (phase === 'warm-pool' && !withWarmPool) continue;
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
  return instances.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** Whether these are the group's instances, all of them, and in the same state. */
function isAsListed(world: World, group: Group, listed: readonly TargetInstance[]): boolean {
  if (group.instanceIds.size !== listed.length) return false;
  for (const { id, instanceType, lifecycleState, isHealthy, isProtectedFromScaleIn } of listed) {
    const instance = world.instances.get(id);
    if (instance === undefined || !group.instanceIds.has(id)) return false;
    if (instance.lifecycle !== lifecycleState || instance.isHealthy !== isHealthy) return false;
    if (instance.isProtected !== isProtectedFromScaleIn) return false;
    if (instance.source.instanceType !== instanceType) return false;
  }
  return true;
}

const poolStates = { Stopped: 'stopped', Hibernated: 'hibernated', Running: 'running' } as const;
const modelStates = { stopped: 'Stopped', hibernated: 'Hibernated', running: 'Running' } as const;

function readPool({ warmPool }: Group): WarmPool | null {
  if (warmPool === undefined) return null;
  const { state, minSize, maxPreparedCapacity, reusesOnScaleIn, isBeingDeleted } = warmPool;
  const prepared = maxPreparedCapacity ?? null;
  return { state: poolStates[state], minSize, prepared, reusesOnScaleIn, isBeingDeleted };
}

async function setWarmPool(
  options: WorldTargetOptions,
  { address, state, minSize, prepared, reusesOnScaleIn }: PutWarmPoolRequest,
): Promise<CallOutcome> {
  return await call(options, 'put-warm-pool', (world) => {
    const outcome = putWarmPool(world, address.autoScalingGroup, {
      state: modelStates[state],
      minSize,
      maxPreparedCapacity: prepared,
      reusesOnScaleIn,
    });
    return toOutcome(outcome, false);
  });
}

async function setDesired(
  options: WorldTargetOptions,
  { address, desired, honorCooldown }: SetDesiredRequest,
): Promise<CallOutcome> {
  const request = { groupName: address.autoScalingGroup, desired, honorsCooldown: honorCooldown };
  return await call(options, 'set-desired', (world) => setSize(world, request));
}

async function cancelLaunch(
  options: WorldTargetOptions,
  { instance }: CancelLaunchRequest,
): Promise<CallOutcome> {
  return await call(options, 'cancel-launch', (world) => endLaunch(world, instance));
}

/** A change takes its time, half before it reaches the world; or fails as it is told to. */
async function call(
  options: WorldTargetOptions,
  name: ChangeName,
  act: (world: World) => CallOutcome,
): Promise<CallOutcome> {
  const { clock, world, latencyMs } = options;
  const fault = options.findFault(name);
  const halfMs = latencyMs / 2;
  await wait(clock, halfMs);
  if (fault?.kind === 'throttled' || fault?.kind === 'denied') {
    await wait(clock, halfMs);
    return { kind: 'refused', code: fault.kind, message: `simulated: ${fault.kind}` };
  }
  const isReached = fault === null || fault.isDone;
  world.advanceTo(clock.now());
  const outcome = isReached ? act(world) : null;
  await wait(clock, fault === null ? halfMs : fault.afterMs);
  if (fault !== null || outcome === null) {
    return { kind: 'unknown', message: 'simulated time-out' };
  }
  return outcome;
}

/** Sets the size, and says what AWS would say. */
export function setSize(world: World, request: SetDesiredCapacity): CallOutcome {
  const isThere = world.groups.get(request.groupName)?.isBeingDeleted === false;
  return toOutcome(setDesiredCapacity(world, request), isThere);
}

/** Ends a launch and lowers the size by it. */
export function endLaunch(world: World, instance: string): CallOutcome {
  const outcome = terminateByUser(world, instance, true);
  const isBounded = !outcome.ok && outcome.fault.message.includes('minSize');
  return toOutcome(outcome, isBounded);
}

/** AWS says `ValidationError` to what is out of bounds as to a name that is not there. */
function toOutcome(outcome: Outcome<unknown>, isOutOfBounds: boolean): CallOutcome {
  if (outcome.ok) return { kind: 'accepted' };
  const { code, message } = outcome.fault;
  if (code === 'ScalingActivityInProgress') {
    return { kind: 'refused', code: 'in-progress', message };
  }
  return { kind: 'refused', code: isOutOfBounds ? 'out-of-bounds' : 'failed', message };
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
