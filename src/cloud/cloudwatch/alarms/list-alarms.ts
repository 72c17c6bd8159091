// Finds alarms and their history: `DescribeAlarms`, `DescribeAlarmsForMetric`,
// `DescribeAlarmHistory`.

import { succeed } from '../../fault.ts';
import type { Outcome } from '../../fault.ts';
import type { EpochMs } from '../../time.ts';
import { refuseCombination, refuseToken, refuseValidation } from '../faults.ts';
import type { MetricId } from '../metric.ts';
import { metricKey } from '../metric.ts';
import type { Alarm, AlarmState } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import type { HistoryItem, HistoryType } from './history.ts';

export const PAGE_SIZE = 50;
export const PAGE_SIZE_MAX = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

export interface PageRequest {
  readonly recordsMax?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface AlarmFilter extends PageRequest {
  readonly names: readonly string[];
  readonly namePrefix?: string | undefined;
  readonly state?: AlarmState | undefined;
  readonly actionPrefix?: string | undefined;
}

/** In the order of their names. */
export function describeAlarms(book: AlarmBook, filter: AlarmFilter): Outcome<Page<Alarm>> {
  const { names, namePrefix, state, actionPrefix, nextToken } = filter;
  if (names.length > 0 && namePrefix !== undefined) {
    return refuseCombination(
      'AlarmNamePrefix and AlarmNames are mutually exclusive and you have specified both.',
    );
  }
  const size = pageSizeOf(filter);
  if (!size.ok) return size;
  const wanted = new Set(names);
  const found = [...book.alarms.values()].filter((alarm) => {
    const { name, actions } = alarm.definition;
    if (wanted.size > 0 && !wanted.has(name)) return false;
    if (namePrefix !== undefined && !name.startsWith(namePrefix)) return false;
    if (state !== undefined && alarm.state !== state) return false;
    const arns = Object.values(actions).flat();
    return actionPrefix === undefined || arns.some((arn) => arn.startsWith(actionPrefix));
  });
  const sorted = found.toSorted((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
  // The token is the last name seen, so that alarms coming and going in between shift nothing.
  const rest = sorted.filter(
    ({ definition }) => nextToken === undefined || definition.name > decodeName(nextToken),
  );
  const items = rest.slice(0, size.value);
  const last = rest.length > items.length ? items.at(-1) : undefined;
  return succeed({ items, nextToken: last && encodeURIComponent(last.definition.name) });
}

function decodeName(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    // A token that was never given out: it stands before every name that starts alike.
    return token;
  }
}

function pageSizeOf({ recordsMax = PAGE_SIZE }: PageRequest): Outcome<number> {
  if (recordsMax >= 1 && recordsMax <= PAGE_SIZE_MAX) return succeed(recordsMax);
  return refuseValidation(
    `1 validation error detected: Value '${recordsMax}' at 'maxRecords' failed to satisfy ` +
      `constraint: Member must have value between 1 and ${PAGE_SIZE_MAX}`,
  );
}

export interface MetricAlarmFilter {
  readonly metric: MetricId;
  readonly statistic?: string | undefined;
  readonly periodS?: number | undefined;
  readonly unit?: string | undefined;
}

/** The alarms on that very metric; alarms on metric math are not among them. */
export function describeAlarmsForMetric(book: AlarmBook, filter: MetricAlarmFilter): Alarm[] {
  const key = metricKey(filter.metric);
  return [...book.alarms.values()].filter(({ definition: { measure } }) => {
    if (measure.kind !== 'metric' || metricKey(measure.metric) !== key) return false;
    const { statistic, periodS, unit } = filter;
    if (statistic !== undefined && measure.statistic.name !== statistic) return false;
    if (periodS !== undefined && measure.periodMs !== periodS * 1000) return false;
    return unit === undefined || measure.unit === unit;
  });
}

export interface HistoryFilter extends PageRequest {
  readonly alarmName?: string | undefined;
  readonly type?: HistoryType | undefined;
  readonly start?: EpochMs | undefined;
  readonly end?: EpochMs | undefined;
  /** Newest first is the default of the API. */
  readonly isAscending: boolean;
}

/** The items of the filter, `start` inclusive and `end` exclusive, page by page. */
export function describeHistory(
  book: AlarmBook,
  filter: HistoryFilter,
): Outcome<Page<HistoryItem>> {
  const { alarmName, type, start = 0, end = Infinity, nextToken = '0' } = filter;
  const size = pageSizeOf(filter);
  if (!size.ok) return size;
  if (!/^\d{1,9}$/.test(nextToken)) return refuseToken();
  const found = book.history.values().filter((item) => {
    const isMatch = alarmName === undefined || item.alarmName === alarmName;
    const isOfType = type === undefined || item.type === type;
    return isMatch && isOfType && item.at >= start && item.at < end;
  });
  if (!filter.isAscending) found.reverse();
  const offset = Number(nextToken);
  const items = found.slice(offset, offset + size.value);
  const next = offset + items.length;
  return succeed({ items, nextToken: next < found.length ? String(next) : undefined });
}
