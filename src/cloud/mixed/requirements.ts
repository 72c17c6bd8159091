// Attribute-based selection over the model's table of instance types (EC2 Auto Scaling user guide,
// "Create a mixed instances group using attribute-based instance type selection").

import { INSTANCE_TYPES } from '../instance-types.ts';
import type { InstanceType } from '../instance-types.ts';
import type { Bounds, InstanceRequirements } from './mixed-instances.ts';

const MIB_PER_GIB = 1024;

/** Returns the types that meet the requirements, cheapest first; equals by name. */
export function findMatchingTypes(
  requirements: InstanceRequirements,
  market: 'on-demand' | 'spot',
): readonly InstanceType[] {
  const matching = INSTANCE_TYPES.filter((type) => meets(type, requirements)).toSorted(
    (a, b) => a.hourlyUsd - b.hourlyUsd || (a.name < b.name ? -1 : 1),
  );
  const cheapest = matching.find(({ isCurrentGeneration }) => isCurrentGeneration) ?? matching[0];
  if (cheapest === undefined) return [];
  const percentage =
    market === 'spot'
      ? requirements.spotMaxPricePercentageOverLowest
      : requirements.onDemandMaxPricePercentageOverLowest;
  const limit = cheapest.hourlyUsd * (1 + percentage / 100);
  return matching.filter(({ hourlyUsd }) => hourlyUsd <= limit);
}

function meets(type: InstanceType, requirements: InstanceRequirements): boolean {
  const { manufacturers, allowedTypes, excludedTypes, burstable, memoryGibPerVcpu } = requirements;
  const perVcpu = type.memoryMib / MIB_PER_GIB / type.vcpus;
  return (
    isWithin(type.vcpus, requirements.vcpus) &&
    isWithin(type.memoryMib, requirements.memoryMib) &&
    (memoryGibPerVcpu === undefined || isWithin(perVcpu, memoryGibPerVcpu)) &&
    (manufacturers.length === 0 || manufacturers.includes(type.manufacturer)) &&
    (allowedTypes.length === 0 || allowedTypes.some((pattern) => fits(type.name, pattern))) &&
    !excludedTypes.some((pattern) => fits(type.name, pattern)) &&
    (burstable === 'included' || (burstable === 'required') === type.isBurstable)
  );
}

function isWithin(value: number, { min, max }: Bounds): boolean {
  return value >= min && (max === undefined || value <= max);
}

/** `m5.*`, `c*`, `r5.large`: a star stands for any characters, as in the API. */
function fits(name: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(head)) return false;
  let from = head.length;
  const tail = rest.pop() ?? '';
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return name.length - tail.length >= from && name.endsWith(tail);
}
