// The last few minutes of every group's demand and capacity, for the small charts of the fleet.

import type { Fleet } from './fleet-rows.ts';
import type { SeriesColumn } from './contract.ts';

export interface Spark {
  readonly demand: readonly (number | null)[];
  readonly capacity: readonly (number | null)[];
}

export interface FleetHistory {
  /** Adds the fleet as it stands, at most once a second. */
  note(fleet: Fleet): void;
  /** What was before the page looked, put in front once. */
  prepend(name: string, demand: SeriesColumn, capacity: SeriesColumn): void;
  of(name: string): Spark;
}

/** Points that a small chart has room for. */
export const sparkPointsMax = 90;
const noteEveryMs = 950;
const none: Spark = { demand: [], capacity: [] };

export function createHistory(now: () => number = () => performance.now()): FleetHistory {
  const sparks = new Map<string, { demand: (number | null)[]; capacity: (number | null)[] }>();
  let notedAt = Number.NEGATIVE_INFINITY;
  return {
    note: (fleet) => {
      if (now() - notedAt < noteEveryMs) return;
      notedAt = now();
      for (const name of sparks.keys()) if (!fleet.has(name)) sparks.delete(name);
      for (const { capacity, demand, name } of fleet.values()) {
        const spark = sparks.get(name) ?? { demand: [], capacity: [] };
        sparks.set(name, spark);
        push(spark.demand, demand);
        push(spark.capacity, capacity);
      }
    },
    prepend: (name, demand, capacity) => {
      const spark = sparks.get(name) ?? none;
      sparks.set(name, {
        demand: [...demand, ...spark.demand].slice(-sparkPointsMax),
        capacity: [...capacity, ...spark.capacity].slice(-sparkPointsMax),
      });
    },
    of: (name) => sparks.get(name) ?? none,
  };
}

function push(values: (number | null)[], value: number | null): void {
  values.push(value);
  if (values.length > sparkPointsMax) values.shift();
}
