// What CloudWatch is told of the groups: sizes, what is forecast, and what their policies look at. The
// order is that of importance, so that a bound on the number of metrics leaves out the least.

import type { GroupStatus, ReadModel } from '../controller/ports/control.ts';
import type { ToldForecast } from '../controller/ports/forecast.ts';
import type { EpochMs } from '../core/time.ts';

/** As CloudWatch takes it, but for the time. */
export interface GroupMetric {
  readonly name: string;
  readonly group: string;
  /** Beside the group: the signal, for a reading. */
  readonly signal: string | null;
  readonly unit: 'Count' | 'None';
  /** Null: there is no value now. Its place under the bound is kept all the same. */
  readonly value: number | null;
}

/** So far ahead forecasts are read: no launch is taken to last longer than ten minutes. */
const forecastHours = 0.25;
const expectedLevel = 0.5;
const upperLevel = 0.9;

/** Sizes first, of all groups; then forecasts; then the readings of all groups; each by name. */
export function listMetrics(
  read: Pick<ReadModel, 'groups' | 'forecast'>,
  now: EpochMs,
): readonly GroupMetric[] {
  const groups = read.groups().toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return [
    ...groups.flatMap(listSizes),
    ...groups.flatMap(({ name }) => listForecast(name, read.forecast(name, forecastHours), now)),
    ...groups.flatMap(listReadings),
  ];
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

/**
 * The demand that instances launched now will meet, beside that of now; all three in the demand's own
 * unit. Nothing while the forecaster abstains: neither a guess nor what it said before.
 */
function listForecast(
  group: string,
  told: ToldForecast | null,
  now: EpochMs,
): readonly GroupMetric[] {
  if (told === null) return [];
  const quantiles = told.isUsable ? findStep(told, now) : null;
  const at = (level: number): number | null => quantiles?.[told.levels.indexOf(level)] ?? null;
  const metric = (name: string, value: number | null): GroupMetric => {
    return { name, group, signal: null, unit: 'None', value };
  };
  return [
    metric('OfferedDemand', told.isUsable ? told.demand : null),
    metric('ForecastDemand', at(expectedLevel)),
    metric('ForecastDemandUpper', at(upperLevel)),
  ];
}

/** Of the step in which a launch begun now comes to be of use; of the first whole one at least. */
function findStep(
  { quantiles, sizing, start, stepMs }: ToldForecast,
  now: EpochMs,
): readonly number[] | null {
  const index = Math.floor((now + sizing.leadMs - start) / stepMs);
  return quantiles[Math.max(0, index)] ?? null;
}

/** By the selector's key, which says signal, statistic and window. */
function listReadings({ name, signals }: GroupStatus): readonly GroupMetric[] {
  return Object.entries(signals)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([signal, { value }]) => ({ name: 'Signal', group: name, signal, unit: 'None', value }));
}
