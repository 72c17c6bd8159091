// Subnets have no network here: each is given a zone when it is first named, in turn.

import type { Model } from './model.ts';

/** Returns the zones of the subnets, each once, in the subnets' order. */
export function zonesOfSubnets(model: Model, subnetIds: readonly string[]): readonly string[] {
  const { zones } = model.options;
  for (const subnetId of subnetIds) {
    if (model.subnetZones.has(subnetId)) continue;
    const zone = zones[model.subnetZones.size % zones.length];
    if (zone !== undefined) model.subnetZones.set(subnetId, zone);
  }
  const named = subnetIds.map((subnetId) => model.subnetZones.get(subnetId) ?? '');
  return [...new Set(named)].filter((zone) => zone !== '');
}
