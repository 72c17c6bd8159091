// The metrics of Auto Scaling groups: one figure a minute for each that a group collects ("Amazon
// CloudWatch metrics for Amazon EC2 Auto Scaling", user guide).

import { MINUTE_MS } from '../calendar.ts';
import type { Measurement } from '../cloudwatch/metric-store.ts';
import type { Group } from '../group.ts';
import type { Instance, LifecycleState } from '../instance.ts';
import type { Model } from '../model.ts';
import { membersOf } from '../model.ts';
import type { EpochMs } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import { warmPoolTarget } from '../warm-pool.ts';

/** Measures each collecting group at every full minute, after the world has come there. */
export function createGroupMetrics(
  model: Model,
  measure: (measurement: Measurement, now: EpochMs) => void,
): Timeline {
  let now = model.now;
  const nextMinute = (): EpochMs => (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
  return {
    nextEventAt: nextMinute,
    advanceTo(to) {
      // Figures are of the moment: minutes that were skipped have none.
      const isMinute = to >= nextMinute() && to % MINUTE_MS === 0;
      now = Math.max(now, to);
      if (!isMinute) return;
      for (const group of model.groups.values()) {
        if (group.collectedMetrics.size > 0) measureGroup(model, group, measure);
      }
    },
  };
}

function measureGroup(
  model: Model,
  group: Group,
  measure: (measurement: Measurement, now: EpochMs) => void,
): void {
  const figures = figuresOf(model, group);
  const shared = {
    namespace: 'AWS/AutoScaling',
    dimensions: [{ name: 'AutoScalingGroupName', value: group.name }],
    at: model.now - MINUTE_MS,
  };
  for (const metricName of group.collectedMetrics) {
    const value = figures[metricName];
    if (value !== undefined) measure({ ...shared, metricName, value }, model.now);
  }
}

/** Every instance weighs one, so capacities are counts. */
function figuresOf(model: Model, group: Group): Readonly<Record<string, number>> {
  const tally = tallyStates(membersOf(model, group));
  const count = (state: string): number => countIn(tally, state);
  const inService = count('InService');
  const pending = count('Pending');
  const standby = count('Standby');
  const terminating = count('Terminating');
  const total = inService + pending + standby + terminating;
  const warmPending = count('Warmed:Pending');
  const warmTerminating = count('Warmed:Terminating');
  const warmed = count('Warmed:Stopped') + count('Warmed:Running') + count('Warmed:Hibernated');
  const warmTotal = warmed + warmPending + warmTerminating;
  const warmDesired = group.warmPool === undefined ? 0 : warmPoolTarget(group, group.warmPool);
  return {
    GroupMinSize: group.settings.min,
    GroupMaxSize: group.settings.max,
    GroupDesiredCapacity: group.desired,
    GroupInServiceInstances: inService,
    GroupPendingInstances: pending,
    GroupStandbyInstances: standby,
    GroupTerminatingInstances: terminating,
    GroupTotalInstances: total,
    GroupInServiceCapacity: inService,
    GroupPendingCapacity: pending,
    GroupStandbyCapacity: standby,
    GroupTerminatingCapacity: terminating,
    GroupTotalCapacity: total,
    WarmPoolDesiredCapacity: warmDesired,
    WarmPoolWarmedCapacity: warmed,
    WarmPoolPendingCapacity: warmPending,
    WarmPoolTerminatingCapacity: warmTerminating,
    WarmPoolTotalCapacity: warmTotal,
    GroupAndWarmPoolDesiredCapacity: group.desired + warmDesired,
    GroupAndWarmPoolTotalCapacity: total + warmTotal,
  };
}

/** How many instances are in each state: one pass over them, however many figures are made of it. */
function tallyStates(members: readonly Instance[]): ReadonlyMap<LifecycleState, number> {
  const tally = new Map<LifecycleState, number>();
  for (const { lifecycle } of members) tally.set(lifecycle, (tally.get(lifecycle) ?? 0) + 1);
  return tally;
}

/** Instances in the state or in one of its parts, such as `Pending:Wait`. */
function countIn(tally: ReadonlyMap<LifecycleState, number>, state: string): number {
  let count = 0;
  for (const [lifecycle, times] of tally) {
    if (lifecycle === state || lifecycle.startsWith(`${state}:`)) count += times;
  }
  return count;
}
