// What happens when something that was scheduled falls due: the one place that knows all of it.

import { onActionTimeout } from './complete-lifecycle-action.ts';
import { becameTooManyForZones, endedForSpot } from './cause.ts';
import type { Group } from './group.ts';
import { onTargetTracking } from './define-policies.ts';
import { onDetached } from './detach.ts';
import { onHealthNoticed, onLifetimeReached, onMachineLost } from './health.ts';
import type { Instance } from './instance.ts';
import { isMachineGone, isWarm } from './instance.ts';
import { enterService, onMachineRunning } from './launch.ts';
import {
  onSpotInterrupted,
  onSpotNotice,
  recommendRebalance,
  scheduleInterruption,
} from './mixed/interrupt-spot.ts';
import type { Model } from './model.ts';
import { rebalanceZones } from './rebalance-zones.ts';
import { reconcile } from './reconcile.ts';
import type { InstanceEventKind, MachineEventKind, ScheduledEvent } from './scheduled-event.ts';
import { onScheduledAction } from './run-scheduled-action.ts';
import { onStandbyEntered } from './standby.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import { tellLater } from './untold-causes.ts';
import { afterDrain, finishTermination, terminateInstance } from './terminate.ts';
import {
  dropEmptiedPool,
  prepareForPool,
  prepareOnceReady,
  settleInPool,
} from './warm-pool-flow.ts';

/** Lets the event happen. Events whose subject has gone or moved on are void. */
export function handleEvent(model: Model, event: ScheduledEvent): void {
  switch (event.kind) {
    case 'reconcile':
      whileGroupExists(model, event.groupName, (group) => {
        if (group.reconcileAt === model.now) reconcile(model, group);
      });
      return;
    case 'rebalance':
      whileGroupExists(model, event.groupName, (group) => rebalanceZones(model, group));
      return;
    case 'health-noticed':
      whileMember(model, event.instanceId, (group, instance) =>
        onHealthNoticed(model, group, instance),
      );
      return;
    case 'machine-lost':
    case 'instance-forgotten':
    case 'spot-recommendation':
    case 'spot-notice':
    case 'spot-interrupted':
      handleMachineEvent(model, event.kind, event.instanceId);
      return;
    case 'scheduled-action':
      whileGroupExists(model, event.groupName, (group) =>
        onScheduledAction(model, group, event.actionName),
      );
      return;
    case 'target-tracking':
      whileGroupExists(model, event.groupName, (group) => onTargetTracking(model, group));
      return;
    default:
      whileMember(model, event.instanceId, (group, instance) => {
        if (isVoid(instance, event)) return;
        handleInstanceEvent(model, event.kind, group, instance);
      });
  }
}

function handleInstanceEvent(
  model: Model,
  kind: InstanceEventKind,
  group: Group,
  instance: Instance,
): void {
  switch (kind) {
    case 'machine-running':
      scheduleInterruption(model, instance);
      if (onMachineRunning(model, group, instance)) break;
      if (isWarm(instance)) prepareOnceReady(model, instance);
      else arrive(model, group, instance);
      break;
    case 'proceeded':
      arrive(model, group, instance);
      break;
    case 'lifecycle-action-timeout':
      onActionTimeout(model, group, instance);
      break;
    case 'drained':
      afterDrain(model, group, instance);
      break;
    case 'machine-terminated':
      finishTermination(model, group, instance);
      dropEmptiedPool(model, group);
      break;
    case 'machine-stopped':
      settleInPool(model, group, instance);
      break;
    case 'lifetime-reached':
      onLifetimeReached(model, group, instance);
      break;
    case 'standby-entered':
      onStandbyEntered(model, group, instance);
      break;
    case 'detached':
      onDetached(model, group, instance);
      break;
    default:
      kind satisfies never;
  }
}

/** A later stage has begun, or the machine that was to come up has gone: health will see to it. */
function isVoid(
  instance: Instance,
  { kind, stage }: { readonly kind: InstanceEventKind; readonly stage: number },
): boolean {
  if (instance.stage !== stage) return true;
  const needsMachine =
    kind === 'machine-running' || kind === 'proceeded' || kind === 'machine-stopped';
  return needsMachine && isMachineGone(instance);
}

/** Nothing holds it any more. A launch that balances zones makes the group one too large now. */
function arrive(model: Model, group: Group, instance: Instance): void {
  if (isWarm(instance)) {
    prepareForPool(model, group, instance);
    return;
  }
  enterService(model, group, instance);
  if (endPredecessor(model, group, instance)) return;
  if (!group.rebalancingIds.delete(instance.id)) return;
  tellLater(group, becameTooManyForZones(model.now, instance.zone));
  scheduleReconcile(model, group);
}

/** The successor of a Spot instance at risk has come: the other one goes. */
function endPredecessor(model: Model, group: Group, successor: Instance): boolean {
  const predecessorId = group.successors.get(successor.id);
  if (predecessorId === undefined) return false;
  group.successors.delete(successor.id);
  group.rebalancingIds.delete(successor.id);
  const predecessor = model.instances.get(predecessorId);
  // What has gone by itself meanwhile may have been replaced: the size tells.
  if (predecessor?.lifecycle === 'InService') {
    const cause = endedForSpot(model.now);
    terminateInstance(model, group, predecessor, { cause, isScaling: false });
  }
  scheduleReconcile(model, group);
  return true;
}

function handleMachineEvent(model: Model, kind: MachineEventKind, instanceId: string): void {
  const instance = model.instances.get(instanceId);
  if (instance === undefined) return;
  const group = instance.groupName === undefined ? undefined : model.groups.get(instance.groupName);
  switch (kind) {
    case 'instance-forgotten':
      model.instances.delete(instanceId);
      break;
    case 'machine-lost':
      onMachineLost(model, group, instance);
      break;
    case 'spot-recommendation':
      recommendRebalance(model, group, instance);
      break;
    case 'spot-notice':
      onSpotNotice(model, instance);
      break;
    case 'spot-interrupted':
      onSpotInterrupted(model, instance);
      break;
    default:
      kind satisfies never;
  }
}

function whileGroupExists(model: Model, name: string, act: (group: Group) => void): void {
  const group = model.groups.get(name);
  if (group !== undefined) act(group);
}

function whileMember(
  model: Model,
  instanceId: string,
  act: (group: Group, instance: Instance) => void,
): void {
  const instance = model.instances.get(instanceId);
  if (instance?.groupName === undefined) return;
  const group = model.groups.get(instance.groupName);
  if (group?.instanceIds.has(instanceId) === true) act(group, instance);
}
