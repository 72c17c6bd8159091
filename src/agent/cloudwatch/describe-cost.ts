// What publishing costs a month, told before it begins (CloudWatch pricing page, us-east-1: custom
// metrics $0.30 a month each, PutMetricData $0.01 a thousand calls; free tiers left out).

import { flushEveryMs } from './publisher.ts';
import type { Publishing } from './publishing.ts';

const metricUsd = 0.3;
const thousandCallsUsd = 0.01;
const monthMs = 30 * 86_400_000;

/** One line. Metrics without dimensions are shared by the fleet; calls are each instance's own. */
export function describeCost({ dimensions, intervalMs, metrics }: Publishing): string {
  const calls = monthMs / Math.max(flushEveryMs, intervalMs);
  const callsUsd = (calls / 1000) * thousandCallsUsd;
  const each =
    Object.keys(dimensions).length === 0 ? 'for the fleet' : 'for each set of dimensions';
  const metricsUsd = metrics.length * metricUsd;
  return (
    `about $${metricsUsd.toFixed(2)} a month ${each} (${metrics.length} custom metrics) and ` +
    `$${callsUsd.toFixed(2)} an instance (${Math.round(calls)} calls)`
  );
}
