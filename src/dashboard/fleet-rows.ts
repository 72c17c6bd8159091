// The fleet as the page knows it: what each event makes of it, and the order that shows trouble first.

import type { Cell, FleetEvent, FleetHealth, FleetRow } from './contract.ts';

export type Fleet = ReadonlyMap<string, FleetRow>;

/** The fleet after an event whose rows have `columns`. Rows of unknown shape are left out. */
export function applyFleet(before: Fleet, event: FleetEvent, columns: readonly string[]): Fleet {
  const after = new Map(event.isWhole ? [] : before);
  for (const name of event.gone) after.delete(name);
  for (const cells of event.rows) {
    const row = readRow(cells, columns, before);
    if (row !== null) after.set(row.name, row);
  }
  return after;
}

function readRow(
  cells: readonly Cell[],
  columns: readonly string[],
  before: Fleet,
): FleetRow | null {
  const told = Object.fromEntries(cells.map((cell, index) => [columns[index] ?? '', cell]));
  const { name } = told;
  if (typeof name !== 'string') return null;
  const blank = { desired: null, inService: 0, pending: 0, demand: null, capacity: 0, says: '' };
  // Columns are the server's own, named by its hello: they are taken at their word.
  return { ...blank, ...before.get(name), ...told } as FleetRow;
}

const healthRank: Readonly<Record<FleetHealth, number>> = { failing: 0, warning: 1, ok: 2 };

/** Failing first, then what needs a look, then those short of capacity the most; then by name. */
export function sortByTrouble(fleet: Fleet): readonly FleetRow[] {
  return [...fleet.values()].toSorted((one, other) => {
    const byHealth = healthRank[one.health] - healthRank[other.health];
    if (byHealth !== 0) return byHealth;
    const byShortage = Number(isShort(other)) - Number(isShort(one));
    if (byShortage !== 0) return byShortage;
    return one.name < other.name ? -1 : Number(one.name > other.name);
  });
}

/** More is asked of the group than it can do now. */
export function isShort({ capacity, demand }: FleetRow): boolean {
  return demand !== null && demand > capacity;
}

export interface FleetTotals {
  readonly groups: number;
  readonly failing: number;
  readonly warning: number;
  readonly inService: number;
  readonly pending: number;
}

export function countFleet(fleet: Fleet): FleetTotals {
  const totals = { groups: fleet.size, failing: 0, warning: 0, inService: 0, pending: 0 };
  for (const { health, inService, pending } of fleet.values()) {
    if (health !== 'ok') totals[health] += 1;
    totals.inService += inService;
    totals.pending += pending;
  }
  return totals;
}
