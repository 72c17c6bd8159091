// Dashboards: stored and given back, never drawn.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseDashboardBody, refuseLimit, refuseUnknownDashboard, refuseValue } from './faults.ts';

export interface Dashboard {
  readonly name: string;
  /** JSON. */
  readonly body: string;
  readonly modifiedAt: EpochMs;
}

export type Dashboards = Map<string, Dashboard>;

export const DASHBOARDS_MAX = 5000;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Creates or replaces; the body must be the JSON of an object. */
export function putDashboard(
  dashboards: Dashboards,
  { name, body }: Pick<Dashboard, 'name' | 'body'>,
  now: EpochMs,
): Outcome<true> {
  if (!NAME.test(name)) {
    return refuseValue(
      'The value for field DashboardName contains invalid characters. It can only contain ' +
        'alphanumerics, dash (-) and underscore (_).\n',
    );
  }
  if (!isJsonObject(body)) {
    return refuseDashboardBody('The field DashboardBody must be a valid JSON object');
  }
  if (!dashboards.has(name) && dashboards.size >= DASHBOARDS_MAX) {
    return refuseLimit(`The maximum of ${DASHBOARDS_MAX} dashboards has been reached.`);
  }
  dashboards.set(name, { name, body, modifiedAt: now });
  return succeed(true);
}

/** The dashboard, or the fault that there is none. */
export function getDashboard(dashboards: Dashboards, name: string): Outcome<Dashboard> {
  const dashboard = dashboards.get(name);
  return dashboard === undefined ? refuseUnknownDashboard(name) : succeed(dashboard);
}

/** Those whose name starts so, in the order of their names. */
export function listDashboards(dashboards: Dashboards, prefix: string): Dashboard[] {
  const found = [...dashboards.values()].filter(({ name }) => name.startsWith(prefix));
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Deletes all or, when one does not exist, none. */
export function deleteDashboards(dashboards: Dashboards, names: readonly string[]): Outcome<true> {
  const unknown = names.find((name) => !dashboards.has(name));
  if (unknown !== undefined) return refuseUnknownDashboard(unknown);
  for (const name of names) dashboards.delete(name);
  return succeed(true);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
