// A group's demand in the store's history, and a model made of it where what was learned is lost: after
// a crash in the first minutes, or with a version that cannot read the older one's memory.

import type { DemandReading } from '../core/demand/demand-reading.ts';
import type { EpochMs } from '../core/time.ts';
import type { DemandFeed, PastBlock } from './demand-feed.ts';
import type { DemandHistory, StoreOutcome } from './ports/store.ts';

/** Under these names it stands there; no signal of an instance can have one, for its first sign. */
export const pastSignals = ['_demand', '_capacity', '_instances', '_load'] as const;
const [demandSignal, capacitySignal, instancesSignal, unitSignal] = pastSignals;
const blockMs = 10_000;
/** Read at a time, so that the thread is free in between. */
const stretchMs = 3_600_000;

export function demandSignalsOf(
  {
    demand,
    capacityPerInstance,
    isCensored,
  }: Pick<DemandReading, 'demand' | 'capacityPerInstance' | 'isCensored'>,
  { inService, unit }: { readonly inService: number; readonly unit: number },
): Readonly<Record<(typeof pastSignals)[number], number>> {
  return {
    // What a full fleet may have hidden was a guess, and must not come back as a fact.
    [demandSignal]: isCensored ? Math.min(demand, capacityPerInstance * inService) : demand,
    [capacitySignal]: capacityPerInstance,
    [instancesSignal]: inService,
    [unitSignal]: unit,
  };
}

/**
 * Lets the feed live through the history from `from` on. The value is how many blocks there were; a
 * history that cannot be read ends it.
 */
export async function relivePast(
  feed: DemandFeed,
  history: DemandHistory,
  { group, from, to }: { readonly group: string; readonly from: EpochMs; readonly to: EpochMs },
): Promise<StoreOutcome<number>> {
  let blocks = 0;
  for (let start = from; start < to; start += stretchMs) {
    const span = { group, from: start, to: Math.min(to, start + stretchMs) };
    const columns: ReadonlyMap<EpochMs, number>[] = [];
    for (const signal of pastSignals) {
      const read = await history.readTenSeconds({ ...span, signal });
      if (!read.ok) return read;
      columns.push(new Map(read.value.map((point) => [point.start, point.mean])));
    }
    const [demands, capacities, instances, units] = columns;
    for (const [blockStart, demand] of demands ?? []) {
      const unit = units?.get(blockStart);
      const past: PastBlock = {
        demand,
        capacityPerInstance: capacities?.get(blockStart) ?? 0,
        instances: instances?.get(blockStart) ?? 0,
      };
      if (unit === undefined || !(past.capacityPerInstance > 0) || !(past.instances > 0)) continue;
      if (feed.relive({ ...past, unit, end: blockStart + blockMs })) blocks += 1;
    }
  }
  return { ok: true, value: blocks };
}
