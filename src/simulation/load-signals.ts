// Which signals a simulated fleet has, and what they read: load is all that is known of it. What an
// instance's memory or latency would have been, no trace of load says.
import { listOperands } from '../core/expression.ts';
import type { Group } from '../core/group.ts';
import { listSelectors } from '../core/policies/list-selectors.ts';
import type { Statistic } from '../core/signal.ts';

const busySignal = 'cpu';
const requestsSignal = 'requestsPerSecond';
/** Measures of an instance that do not follow from its load, by the end of their names. */
const unfollowedPattern = /(Ratio|Bytes|Ms|PerCore)$/;

/**
 * True for signals that follow from load: `cpu`, and all whose value is an amount of work (requests
 * or bytes per second, connections, jobs). Not for shares, sizes, times and load averages.
 */
export function followsLoad(signal: string): boolean {
  return signal === busySignal || !unfollowedPattern.test(signal);
}

/** One line on a group whose policies look at what a simulation cannot know; null if none does. */
export function findUnsimulated(group: Group): string | null {
  const selectors = listSelectors(group.policies);
  // What a counter grows by in a second is work, whatever it counts.
  const unfollowed = selectors.find(({ signal, read }) => read !== 'rate' && !followsLoad(signal));
  if (unfollowed === undefined) return null;
  return (
    `group ${group.name} looks at ${unfollowed.signal}, which does not follow from load; ` +
    'allowed: cpu, and signals that count work, such as requestsPerSecond or connections'
  );
}

/**
 * What the instances of a group have to report, each name once: what its policies read, and for a
 * demand policy how busy they are and their part of the load.
 */
export function listReported({ policies }: Group): readonly string[] {
  const learned = policies.flatMap((policy) => {
    if (policy.type !== 'demand') return [];
    const { load } = policy;
    if (load === undefined) return [busySignal, requestsSignal];
    const operands = load.expression === undefined ? [load] : listOperands(load.expression);
    return [busySignal, ...operands.map(({ signal }) => signal)];
  });
  return [...new Set([...listSelectors(policies).map(({ signal }) => signal), ...learned])];
}

export interface LoadSample {
  /** Mean work per second of an instance in service. Load is spread evenly. */
  readonly loadPerInstance: number;
  /** Work per second that an instance can do. */
  readonly capacityPerInstance: number;
  /** Instances whose reports count. */
  readonly warmed: number;
}

/**
 * What a statistic of a signal reads. `cpu` is the busy share, min(1, load / C): 30 units a second
 * on an instance that can do 50 are 0.6, and 80 are 1. Every other signal is the load itself, in the
 * unit of the trace. All instances read alike, so that every statistic but the sum is the same.
 */
export function readSignal(signal: string, statistic: Statistic, sample: LoadSample): number {
  const { loadPerInstance, capacityPerInstance, warmed } = sample;
  const value =
    signal === busySignal ? Math.min(1, loadPerInstance / capacityPerInstance) : loadPerInstance;
  return statistic === 'sum' ? value * warmed : value;
}
