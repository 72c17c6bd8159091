// What happens when something that was scheduled falls due: the one place that knows all of it.

import { onActionTimeout } from './complete-lifecycle-action.ts';
import type { Group } from './group.ts';
import { onHealthNoticed, onLifetimeReached, onMachineLost } from './health.ts';
import type { Instance } from './instance.ts';
import { isWarm } from './instance.ts';
import { enterService, onMachineRunning } from './launch.ts';
import type { Model } from './model.ts';
import { rebalanceZones } from './rebalance-zones.ts';
import { reconcile } from './reconcile.ts';
import type { InstanceEventKind, ScheduledEvent } from './scheduled-event.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import { afterDrain, finishTermination } from './terminate.ts';
import { dropEmptiedPool, prepareForPool, settleInPool } from './warm-pool-flow.ts';

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
      handleMachineEvent(model, event.kind, event.instanceId);
      return;
    case 'scheduled-action':
    case 'target-tracking':
      return;
    default:
      whileMember(model, event.instanceId, (group, instance) => {
        if (instance.stage === event.stage) handleInstanceEvent(model, event.kind, group, instance);
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
      if (!onMachineRunning(model, group, instance)) arrive(model, group, instance);
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
    case 'detached':
      break;
    default:
      kind satisfies never;
  }
}

/** Nothing holds it any more. A launch that balances zones makes the group one too large now. */
function arrive(model: Model, group: Group, instance: Instance): void {
  if (isWarm(instance)) {
    prepareForPool(model, group, instance);
    return;
  }
  enterService(model, group, instance);
  if (group.rebalancingIds.delete(instance.id)) scheduleReconcile(model, group);
}

function handleMachineEvent(
  model: Model,
  kind: 'machine-lost' | 'instance-forgotten',
  instanceId: string,
): void {
  const instance = model.instances.get(instanceId);
  if (instance === undefined) return;
  if (kind === 'instance-forgotten') {
    model.instances.delete(instanceId);
    return;
  }
  const group = instance.groupName === undefined ? undefined : model.groups.get(instance.groupName);
  onMachineLost(model, group, instance);
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
