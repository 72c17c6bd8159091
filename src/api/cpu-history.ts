// A group's CPU over time: what the controller has recorded, joined to what was imported from a file.

import type { ReadModel } from '../controller/ports/control.ts';
import type { PastMean } from '../core/forecasting/plain.ts';
import type { EpochMs } from '../core/time.ts';
import { refuse, type Found } from './problem.ts';

/** Under this name agents and load topics report it, as a ratio. */
const cpuSignal = 'cpu';

export interface CpuHistoryOptions {
  readonly read: ReadModel;
  readonly importedHistory?: ReadonlyMap<string, readonly PastMean[]>;
}

/**
 * Ascending. Everything imported, and what was recorded within the range; at the same moment the
 * recorded mean stands.
 */
export async function loadCpuHistory(
  group: string,
  range: { readonly from: EpochMs; readonly to: EpochMs },
  { importedHistory, read }: CpuHistoryOptions,
): Promise<Found<readonly PastMean[]>> {
  const recorded = await read.minutes(group, { signal: cpuSignal, ...range });
  if (!recorded.ok) return refuse({ status: 503, code: 'store', detail: recorded.message });
  const imported = importedHistory?.get(group) ?? [];
  if (imported.length === 0) return recorded;
  const byStart = new Map(imported.map((one) => [one.start, one.mean]));
  for (const { start, mean } of recorded.value) byStart.set(start, mean);
  const joined = [...byStart].map(([start, mean]) => ({ start, mean }));
  return { ok: true, value: joined.toSorted((a, b) => a.start - b.start) };
}
