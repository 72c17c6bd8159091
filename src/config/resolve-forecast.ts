// Which of a group's signals its demand is made of.

import type { ForecastConfig, SourceConfig } from './config.ts';
import { demandSignal } from './resolve-group-demand.ts';

const cpuSignal = 'cpu';
/** Agents report every second or few. */
const reportedEveryMs = 10_000;

/** The signal that is named; else the group's demand, or the source of that name; else CPU, which every instance reports. */
export function resolveForecast(
  written: { readonly signal?: string | undefined } | undefined,
  sources: readonly SourceConfig[],
  isDemandSaid: boolean,
): ForecastConfig {
  const hasDemand = isDemandSaid || sources.some(({ name }) => name === demandSignal);
  const signal = written?.signal ?? (hasDemand ? demandSignal : cpuSignal);
  if (isDemandSaid && signal === demandSignal) {
    return { signal, isTotal: true, everyMs: reportedEveryMs };
  }
  const source = sources.find(({ name }) => name === signal);
  if (source === undefined) return { signal, isTotal: false, everyMs: reportedEveryMs };
  return { signal, isTotal: source.measures === 'group', everyMs: source.everyMs };
}
