// Makes the demand of a group from its text: an expression over its signals that all of its policies
// and forecasts may speak of by one name.

import { listOperands, type Expression } from '../core/expression.ts';
import { selectSignal } from '../core/signal.ts';
import type { DemandConfig, SourceConfig } from './config.ts';
import type { Report } from './config-error.ts';
import type { Setting } from './layered-settings.ts';
import { parseExpression } from './parse-expression.ts';

/** The name by which a group's demand is known: in policies, in its history, in forecasts. */
export const demandSignal = 'demand';

export type DemandReader = (
  setting: Setting<string>,
  sources: readonly SourceConfig[],
) => DemandConfig | null;

/** Each text is read, and its mistakes are told, once; many groups may share that of `defaults`. */
export function createDemandReader(report: Report): DemandReader {
  const read = new Map<string, Map<unknown, DemandConfig | null>>();
  return (setting, sources) => {
    const place = setting.path.join('.');
    const bySources = read.get(place) ?? new Map<unknown, DemandConfig | null>();
    const known = bySources.get(sources);
    if (known !== undefined) return known;
    const isTold = bySources.size > 0;
    const demand = resolveDemand(setting, sources, isTold ? () => {} : report);
    read.set(place, bySources.set(sources, demand));
    return demand;
  };
}

/** Null if something was reported. Its signals are totals of the group, at this moment. */
function resolveDemand(
  { value: text, path }: Setting<string>,
  sources: readonly SourceConfig[],
  report: Report,
): DemandConfig | null {
  const parsed = parseExpression(text, (signal) => {
    const source = sources.find(({ name }) => name === signal);
    const statistic = source?.measures === 'instance' ? 'mean' : 'sum';
    return { kind: 'signal', selector: selectSignal(signal, statistic, 1000) };
  });
  if (!parsed.ok) {
    const { offset, found, allowed } = parsed.mistake;
    report({ path, found, allowed, excerpt: { text, offset } });
    return null;
  }
  const { expression } = parsed;
  if (listOperands(expression).some(({ signal }) => signal === demandSignal)) {
    const found = `${demandSignal} made of ${demandSignal}`;
    report({ path, found, allowed: 'other signals of the group' });
    return null;
  }
  if (sources.some(({ name }) => name === demandSignal)) {
    const found = `${demandSignal} beside a source of that name`;
    report({ path, found, allowed: 'one of the two' });
    return null;
  }
  return { text, expression };
}

/** What an instance has of the group's demand: as policies speak of it. */
export function perInstance(demand: Expression): Expression {
  return { kind: 'operation', operator: '/', left: demand, right: { kind: 'instances' } };
}
