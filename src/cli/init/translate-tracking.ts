// AWS's target tracking policies as Foretide's.

import type { ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import { formatNumber, formatPercent, type Translated } from './translated.ts';

/** AWS's metrics of a minute, per instance, and the agent's signals that measure the same. */
const signals: Readonly<Record<string, (target: number) => string>> = {
  ASGAverageCPUUtilization: (target) => `signal: cpu, target: ${formatPercent(target)}`,
  ASGAverageNetworkIn: (target) =>
    `signal: networkInBytesPerSecond, target: ${formatNumber(target / 60)}`,
  ASGAverageNetworkOut: (target) =>
    `signal: networkOutBytesPerSecond, target: ${formatNumber(target / 60)}`,
};

export function translateTracking(policy: ScalingPolicy): Translated {
  const { PolicyName: name = '', TargetTrackingConfiguration: tracking } = policy;
  const { PredefinedMetricSpecification: predefined, TargetValue: target } = tracking ?? {};
  const metric = predefined?.PredefinedMetricType ?? 'a metric of its own';
  const found = `found ${JSON.stringify(name)}: target tracking of ${metric} at ${target ?? '?'}`;
  const describe = signals[metric];
  if (describe === undefined || target === undefined || target <= 0) {
    const note = 'not translated: no signal of the agent measures it; an application can report it';
    return { lines: [], notes: [found, note] };
  }
  const scaleIn = tracking?.DisableScaleIn === true ? ', scaleIn: forbid' : '';
  const isPerMinute = metric !== 'ASGAverageCPUUtilization';
  return {
    lines: [`- { type: target-tracking, ${describe(target)}, window: 10s${scaleIn} }`],
    notes: [found, ...(isPerMinute ? ['bytes of a minute there, of a second here'] : [])],
  };
}
