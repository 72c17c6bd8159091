// How long a unit of work is served: as the config states it, or as the instances or a source tell it.

import type { DemandPolicy, ServiceTime } from '../core/policies/policy.ts';
import type { CarriedLoad } from './carried-load.ts';

/** The signal that tells it; null where none is asked for. */
export function serviceSignal({ latency }: DemandPolicy): string | null {
  return latency?.service.kind === 'signal' ? latency.service.signal : null;
}

/**
 * Milliseconds; null where nobody says. Of instances that tell of it the mean, whatever each of them
 * carries: load balancers give them alike.
 */
export function readService(
  service: ServiceTime | undefined,
  carried: CarriedLoad | null,
  valueOf: (signal: string) => number | null,
): number | null {
  if (service === undefined) return null;
  if (service.kind === 'fixed') return service.serviceMs;
  const fromSource = valueOf(service.signal);
  if (fromSource !== null) return fromSource;
  const told = carried?.sums.get(service.signal);
  return told === undefined || told.count === 0 ? null : told.sum / told.count;
}
