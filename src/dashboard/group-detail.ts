// One watched group as the page knows it, and what each event makes of it.

import type { Cell, GroupAnswer, GroupEvent, Instance } from './contract.ts';

/** The group after an event; null while nothing whole has been told of it. */
export function applyGroup(before: GroupAnswer | null, event: GroupEvent): GroupAnswer | null {
  const isFirst = before === null || before.name !== event.name;
  if (isFirst && !event.isWhole) return before;
  const known = isFirst || event.isWhole ? [] : before.instances;
  const instances = new Map(known.map((instance) => [instance.id, instance]));
  for (const id of event.left) instances.delete(id);
  for (const cells of event.joined) {
    const instance = readInstance(cells, instances);
    instances.set(instance.id, instance);
  }
  for (const [id, age, ...values] of event.readings) {
    const instance = instances.get(String(id));
    if (instance === undefined) continue;
    const signals = readSignals(event.signals, values);
    instances.set(instance.id, { ...instance, sampleAgeMs: asNumber(age), signals });
  }
  // A status is told by key, whole at first, in the server's own type: it is taken at its word.
  const status = event.status as Partial<GroupAnswer>;
  const rest = isFirst ? (status as GroupAnswer) : before;
  return { ...rest, ...status, instances: [...instances.values()] };
}

function readInstance(cells: readonly Cell[], known: ReadonlyMap<string, Instance>): Instance {
  const [id, lifecycleState, zone, instanceType, isReporting, isWarmed, agentVersion] = cells;
  const before = known.get(String(id));
  return {
    id: String(id),
    lifecycleState: String(lifecycleState),
    zone: String(zone),
    instanceType: String(instanceType),
    isReporting: isReporting === true,
    isWarmed: isWarmed === true,
    agentVersion: typeof agentVersion === 'string' ? agentVersion : null,
    sampleAgeMs: before?.sampleAgeMs ?? null,
    clockSkewMs: before?.clockSkewMs ?? null,
    signals: before?.signals ?? {},
  };
}

function readSignals(names: readonly string[], values: readonly Cell[]): Record<string, number> {
  const signals: Record<string, number> = {};
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (typeof value === 'number') signals[name] = value;
  }
  return signals;
}

function asNumber(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}
