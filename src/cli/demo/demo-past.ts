// The days before the demo: what a store would hold of the demand, had the group been there all along.
// The controller learns from it as from any history of its own.

import { demandSignalsOf } from '../../controller/demand-past.ts';
import { unitOf } from '../../controller/load-unit.ts';
import type { EpochMs } from '../../core/time.ts';
import { openStore } from '../../store/open-store.ts';
import { readVersion } from '../version.ts';
import { demandAt, instanceCapacity } from './demo-load.ts';

/** Long enough to know the crowds by the clock, and to have trusted that for half a day. */
export const pastDays = 2;
const dayMs = 86_400_000;
const blockMs = 10_000;
const pointsPerCall = 8640;

/** Writes it to a new store; `startAt` is when the traffic of the demo begins. */
export async function writePast(path: string, group: string, startAt: EpochMs): Promise<void> {
  const store = openStore({ path, foretideVersion: readVersion() });
  const first = Math.floor((startAt - pastDays * dayMs) / blockMs) * blockMs;
  for (let from = first; from < startAt; from += pointsPerCall * blockMs) {
    const starts = Array.from({ length: pointsPerCall }, (_, index) => from + index * blockMs);
    const points = starts
      .filter((start) => start < startAt)
      .flatMap((start) => {
        const demand = demandAt(start + blockMs / 2 - startAt);
        const inService = Math.ceil(demand / instanceCapacity);
        const past = { demand, capacityPerInstance: instanceCapacity, isCensored: false };
        const means = demandSignalsOf(past, { inService, unit: unitOf('requests', undefined) });
        return Object.entries(means).map(([signal, mean]) => ({ group, signal, start, mean }));
      });
    const recorded = await store.history.record(points);
    // The demo does without: its crowds then come as a surprise on the first days.
    if (!recorded.ok) break;
  }
  await store.close();
}
