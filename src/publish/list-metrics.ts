// What CloudWatch is told of the groups: sizes, and what their policies look at. The order is that of
// importance, so that a bound on the number of metrics leaves out the least.

import type { GroupStatus } from '../controller/ports/control.ts';

/** As CloudWatch takes it, but for the time. */
export interface GroupMetric {
  readonly name: string;
  readonly group: string;
  /** Beside the group: the signal, for a reading. */
  readonly signal: string | null;
  readonly unit: 'Count' | 'None';
  readonly value: number;
}

/** Sizes first, of all groups; then the readings of all groups; each by name. */
export function listMetrics(groups: readonly GroupStatus[]): readonly GroupMetric[] {
  const sorted = groups.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return [...sorted.flatMap(listSizes), ...sorted.flatMap(listReadings)];
}

function listSizes(group: GroupStatus): readonly GroupMetric[] {
  const count = (name: string, value: number): GroupMetric => {
    return { name, group: group.name, signal: null, unit: 'Count', value };
  };
  return [
    ...(group.desired === null ? [] : [count('DesiredCapacity', group.desired)]),
    count('InServiceInstances', group.inService),
    count('PendingInstances', group.pending),
    count('SilentInstances', group.silent),
    ...(group.demand === null ? [] : [count('Demand', group.demand)]),
    ...listQueue(group, count),
  ];
}

/** Of a group that works off a queue: what its promise hangs on. */
function listQueue(
  { queue }: GroupStatus,
  count: (name: string, value: number) => GroupMetric,
): readonly GroupMetric[] {
  if (queue === undefined) return [];
  const { acceptableBacklog, backlogPerInstance, inFlight, visible } = queue;
  return [
    count('MessagesVisible', visible),
    count('MessagesInFlight', inFlight),
    ...(backlogPerInstance === null ? [] : [count('BacklogPerInstance', backlogPerInstance)]),
    count('AcceptableBacklogPerInstance', acceptableBacklog),
  ];
}

/** By the selector's key, which says signal, statistic and window. */
function listReadings({ name, signals }: GroupStatus): readonly GroupMetric[] {
  return Object.entries(signals)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([signal, { value }]) => ({ name: 'Signal', group: name, signal, unit: 'None', value }));
}
