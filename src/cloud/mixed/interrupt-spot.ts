// EC2 wants a Spot instance back: first a recommendation to rebalance, then two minutes' notice, then
// the machine is gone (EC2 user guide, "Spot Instance interruptions"). Drawn when it starts to run, or
// asked for by tests and drills.
//
//     running ──► recommended ──► noticed ──2 min──► gone ──► replaced as unhealthy

import { MINUTE_MS } from '../calendar.ts';
import { launchedForSpot } from '../cause.ts';
import type { Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import type { Group } from '../group.ts';
import { endMachine } from '../health.ts';
import type { Instance } from '../instance.ts';
import { isEnding, isMachineGone } from '../instance.ts';
import { launchInstance } from '../launch.ts';
import type { Model } from '../model.ts';
import { drawLognormalMs, randomStream } from '../random.ts';
import { isSuspended } from '../suspension.ts';
import { drawSpotLifeMs, findSpotPool } from './spot-market.ts';

/** "Two minutes before EC2 stops or terminates your Spot Instance." */
export const SPOT_NOTICE_MS = 2 * MINUTE_MS;

/** Schedules what the market has in store for a Spot instance that has just begun to run. */
export function scheduleInterruption(model: Model, instance: Instance): void {
  if (instance.source.market !== 'spot') return;
  const stream = randomStream(model.options.seed, `spot-life/${instance.id}`, 0);
  const pool = findSpotPool(model, instance.source.instanceType, instance.zone);
  const lifeMs = drawSpotLifeMs(model, pool, stream);
  if (!Number.isFinite(lifeMs)) return;
  const leadMs = drawLognormalMs(stream, model.options.spot.recommendationLeadMs);
  const noticeAt = model.now + Math.round(lifeMs);
  const recommendAt = Math.max(model.now, noticeAt - leadMs);
  model.schedule(recommendAt, { kind: 'spot-recommendation', instanceId: instance.id });
  model.schedule(noticeAt, { kind: 'spot-notice', instanceId: instance.id });
}

/** Gives a Spot instance its two minutes' notice now; again changes nothing. */
export function interruptSpot(model: Model, instanceId: string): Outcome<Instance> {
  const instance = model.instances.get(instanceId);
  if (instance === undefined) {
    return refuse('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
  }
  if (instance.source.market !== 'spot') {
    return refuse('UnsupportedOperation', `The instance '${instanceId}' is not a Spot Instance.`);
  }
  onSpotNotice(model, instance);
  return succeed(instance);
}

/** Recommends that a Spot instance be replaced; a group that rebalances launches its successor. */
export function recommendRebalance(
  model: Model,
  group: Group | undefined,
  instance: Instance,
): void {
  if (isMachineGone(instance) || instance.spot.recommendedAt !== undefined) return;
  instance.spot = { ...instance.spot, recommendedAt: model.now };
  model.record({
    kind: 'rebalance-recommendation',
    at: model.now,
    groupName: instance.groupName ?? '',
    instanceId: instance.id,
  });
  if (group !== undefined) replaceAtRisk(model, group, instance);
}

/** The notice: metadata and events tell of it, and the machine goes two minutes later. */
export function onSpotNotice(model: Model, instance: Instance): void {
  if (isMachineGone(instance) || instance.spot.interruptedAt !== undefined) return;
  const interruptedAt = model.now + SPOT_NOTICE_MS;
  instance.spot = {
    interruptedAt,
    recommendedAt: instance.spot.recommendedAt ?? model.now,
  };
  model.record({
    kind: 'spot-interruption-notice',
    at: model.now,
    groupName: instance.groupName ?? '',
    instanceId: instance.id,
  });
  model.schedule(interruptedAt, { kind: 'spot-interrupted', instanceId: instance.id });
}

export function onSpotInterrupted(model: Model, instance: Instance): void {
  endMachine(model, instance.id);
}

/** Capacity Rebalancing: the successor is launched first; its arrival ends the one at risk. */
function replaceAtRisk(model: Model, group: Group, instance: Instance): void {
  const isConcerned = group.settings.rebalancesCapacity && instance.lifecycle === 'InService';
  if (!isConcerned || group.isBeingDeleted || isEnding(instance)) return;
  if (isSuspended(group, 'Launch') || isSuspended(group, 'Terminate')) return;
  const successor = launchInstance(model, group, {
    zone: instance.zone,
    causes: [launchedForSpot(model.now)],
    isScaling: false,
    destination: 'service',
  });
  if (successor === undefined) return;
  group.rebalancingIds.add(successor.id);
  group.successors.set(successor.id, instance.id);
}
