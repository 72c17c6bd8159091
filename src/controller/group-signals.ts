// Which signals a group looks at, and where they come from: made of its settings alone.

import type { DemandPolicy } from '../core/policies/policy.ts';
import { listSelectors } from '../core/policies/list-selectors.ts';
import type { SignalSelector } from '../core/signal.ts';
import { pastSignals } from './demand-past.ts';
import type { FleetOptions } from './fleet.ts';
import type { GroupSettings } from './group-settings.ts';
import { findBacklog } from './queue-watch.ts';
import { spendingSignal } from './spending-meter.ts';

/** The selectors that instances' reports fill: not those of signals from elsewhere. */
export function listReported({ group, sources = [] }: GroupSettings): readonly SignalSelector[] {
  const fromElsewhere = new Set(sources.map(({ name }) => name));
  return listSelectors(group.policies).filter(({ signal }) => !fromElsewhere.has(signal));
}

/** A group that looks at nothing at all is one whose instances are expected to report. */
export function needsReports(settings: GroupSettings): boolean {
  if (findDemandPolicy(settings) !== null) return true;
  const { policies } = settings.group;
  const looksAtNothing = listSelectors(policies).length === 0 && findBacklog(policies) === null;
  return looksAtNothing || listReported(settings).length > 0;
}

/** Kept beside the signals, for charts. No signal on the wire can begin with this letter. */
const chartedSeries = ['@desired', '@inService', '@demand'] as const;

/** The signals whose means are kept, with the rate of spending and what charts show. */
export function listKept({ historySignals }: GroupSettings): readonly string[] {
  return [...historySignals, spendingSignal, ...pastSignals, ...chartedSeries];
}

export function toFleetOptions(settings: GroupSettings): FleetOptions {
  const { group, staleAfterMs, hasLoadTopic } = settings;
  const selectors = listReported(settings);
  return { selectors, warmupMs: group.warmupMs, staleAfterMs, hasLoadTopic };
}

/** Of several the first one's promise counts. */
export function findDemandPolicy({ group }: GroupSettings): DemandPolicy | null {
  return group.policies.find((policy) => policy.type === 'demand') ?? null;
}
