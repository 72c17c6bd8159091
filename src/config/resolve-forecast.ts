// Which of a group's signals its demand is made of.

import type { ForecastConfig, SourceConfig } from './config.ts';

/** A source of this name says by its name what it is. */
const demandSource = 'demand';
const cpuSignal = 'cpu';
/** Agents report every second or few. */
const reportedEveryMs = 10_000;

/** The signal that is named; else the source `demand`; else CPU, which every instance reports. */
export function resolveForecast(
  written: { readonly signal?: string | undefined } | undefined,
  sources: readonly SourceConfig[],
): ForecastConfig {
  const hasDemand = sources.some(({ name }) => name === demandSource);
  const signal = written?.signal ?? (hasDemand ? demandSource : cpuSignal);
  const source = sources.find(({ name }) => name === signal);
  if (source === undefined) return { signal, isTotal: false, everyMs: reportedEveryMs };
  return { signal, isTotal: source.measures === 'group', everyMs: source.everyMs };
}
