// Which signals a group looks at, and where they come from: made of its settings alone.

import { listOperands } from '../core/expression.ts';
import type { DemandPolicy } from '../core/policies/policy.ts';
import { listSelectors } from '../core/policies/list-selectors.ts';
import type { SignalSelector } from '../core/signal.ts';
import { pastSignals } from './demand-past.ts';
import type { FleetOptions } from './fleet.ts';
import type { GroupSettings } from './group-settings.ts';
import { findBacklog } from './queue-watch.ts';
import { spendingSignal } from './spending-meter.ts';

/** Under this name the demand that the config states is kept. */
export const demandSignal = 'demand';

/** Of the policies, and of the demand that is kept; each once. */
export function listRead({
  group,
  demand,
}: Pick<GroupSettings, 'group' | 'demand'>): readonly SignalSelector[] {
  const ofDemand = demand === undefined ? [] : listOperands(demand.expression);
  const selectors = [...listSelectors(group.policies), ...ofDemand];
  return [...new Map(selectors.map((selector) => [selector.key, selector])).values()];
}

/** The selectors that instances' reports fill: not those of signals from elsewhere. */
export function listReported(settings: GroupSettings): readonly SignalSelector[] {
  const fromElsewhere = listSourceNames(settings);
  return listRead(settings).filter(({ signal }) => !fromElsewhere.has(signal));
}

function listSourceNames({ sources = [] }: GroupSettings): ReadonlySet<string> {
  return new Set(sources.map(({ name }) => name));
}

/** A group that looks at nothing at all is one whose instances are expected to report. */
export function needsReports(settings: GroupSettings): boolean {
  if (findDemandPolicy(settings) !== null) return true;
  const { policies } = settings.group;
  const selectors = listSelectors(policies);
  const looksAtNothing = selectors.length === 0 && findBacklog(policies) === null;
  const fromElsewhere = listSourceNames(settings);
  return looksAtNothing || selectors.some(({ signal }) => !fromElsewhere.has(signal));
}

/** What is reckoned here and kept: a signal of that name in a report is not. */
export function listReckoned({ demand }: GroupSettings): readonly string[] {
  return demand === undefined ? [spendingSignal] : [spendingSignal, demandSignal];
}

/** Kept beside the signals, for charts. No signal on the wire can begin with this letter. */
const chartedSeries = ['@desired', '@inService', '@demand'] as const;

/** The signals whose means are kept, with the rate of spending, the demand and what charts show. */
export function listKept(settings: GroupSettings): readonly string[] {
  const reckoned = [...listReckoned(settings), ...pastSignals, ...chartedSeries];
  return [...new Set([...settings.historySignals, ...reckoned])];
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
