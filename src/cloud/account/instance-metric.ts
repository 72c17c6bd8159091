// What EC2 measures of an instance: once under its id, once under its group.

import { record } from '../cloudwatch/cloudwatch.ts';
import type { Outcome } from '../fault.ts';
import { refuse } from '../fault.ts';
import { isWarmedUp } from '../warm-up.ts';
import type { Account } from './account.ts';

export interface InstanceMetric {
  readonly instanceId: string;
  /** `CPUUtilization` (percent) when left out. */
  readonly metricName?: string;
  readonly value: number;
  readonly unit?: string;
  /** For alarms with periods below a minute; seen after 10 s instead of 60 s. */
  readonly isHighResolution?: boolean;
}

/**
 * Records a sample at the account's present. An instance that warms up is left out of its group's
 * figure ("Set the default instance warmup", user guide); without a default warm-up it is in from
 * when it is in service.
 */
export function recordInstanceMetric(account: Account, metric: InstanceMetric): Outcome<true> {
  const { world, cloudWatch } = account;
  const instance = world.instances.get(metric.instanceId);
  if (instance === undefined) {
    const sentence = `The instance ID '${metric.instanceId}' does not exist`;
    return refuse('InvalidInstanceID.NotFound', sentence);
  }
  const { metricName = 'CPUUtilization', value, isHighResolution = false } = metric;
  const unit = metric.unit ?? (metricName === 'CPUUtilization' ? 'Percent' : 'None');
  const measure = (name: string, id: string): Outcome<true> =>
    record(
      cloudWatch,
      {
        metricName,
        value,
        unit,
        isHighResolution,
        namespace: 'AWS/EC2',
        dimensions: [{ name, value: id }],
        at: world.now,
      },
      world.now,
    );
  const own = measure('InstanceId', instance.id);
  const group = world.groups.get(instance.groupName ?? '');
  if (!own.ok || group === undefined) return own;
  const isCounted = isWarmedUp(world, instance, group.settings.warmupSeconds ?? 0);
  return isCounted ? measure('AutoScalingGroupName', group.name) : own;
}
