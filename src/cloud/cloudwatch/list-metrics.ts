// `ListMetrics`: which metrics there are.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseToken } from './faults.ts';
import type { MetricId } from './metric.ts';
import type { MetricEntry, MetricStore } from './metric-store.ts';

/** A dimension a metric must have; with any value when `value` is left out. */
export interface DimensionFilter {
  readonly name: string;
  readonly value?: string | undefined;
}

export interface MetricFilter {
  readonly namespace?: string | undefined;
  readonly metricName?: string | undefined;
  readonly dimensions: readonly DimensionFilter[];
  /** `PT3H`: only metrics with data of the last three hours. */
  readonly isRecentlyActive: boolean;
  readonly nextToken?: string | undefined;
}

export interface MetricPage {
  readonly metrics: readonly MetricId[];
  readonly nextToken: string | undefined;
}

/** "Up to 500 results are returned for any one call" (`ListMetrics`, API reference). */
export const METRICS_PER_PAGE = 500;
/** "Metrics that haven't reported data in the past two weeks" are not listed. */
const LISTED_MS = 14 * 24 * 60 * 60_000;
const ACTIVE_MS = 3 * 60 * 60_000;

/** In the order of namespace, name and dimensions. */
export function listMetrics(
  store: MetricStore,
  filter: MetricFilter,
  now: EpochMs,
): Outcome<MetricPage> {
  const after = filter.nextToken === undefined ? '' : decodeToken(filter.nextToken);
  if (after === undefined) return refuseToken();
  const reachMs = filter.isRecentlyActive ? ACTIVE_MS : LISTED_MS;
  const found = [...store.entries.values()].filter(
    (entry) => entry.key > after && entry.updatedAt > now - reachMs && matches(entry, filter),
  );
  const sorted = found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = sorted.slice(0, METRICS_PER_PAGE);
  const last = sorted.length > page.length ? page.at(-1) : undefined;
  const metrics = page.map(({ id }) => id);
  return succeed({ metrics, nextToken: last && encodeURIComponent(last.key) });
}

function matches({ id }: MetricEntry, filter: MetricFilter): boolean {
  if (filter.namespace !== undefined && filter.namespace !== id.namespace) return false;
  if (filter.metricName !== undefined && filter.metricName !== id.metricName) return false;
  return filter.dimensions.every(({ name, value }) =>
    id.dimensions.some((one) => one.name === name && (value === undefined || one.value === value)),
  );
}

/** The key of the last metric seen; `undefined` for a token that was never given out. */
function decodeToken(token: string): string | undefined {
  try {
    return decodeURIComponent(token);
  } catch {
    return undefined;
  }
}
