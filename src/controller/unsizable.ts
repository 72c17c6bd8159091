// Groups that count their capacity in something else than instances: they are refused until they
// are sized in their own units, since one more of those is not one more instance.

import type { TargetDescription } from './ports/scaling-target.ts';

/** Why the group cannot be sized, in one line; null if it can. */
export function findUnsizable(description: TargetDescription): string | null {
  const { desiredCapacityType, isWeighted } = description;
  const allowed = 'and only groups of unweighted instances can be sized so far';
  if (desiredCapacityType !== 'units') {
    return `it counts its capacity in ${desiredCapacityType}, ${allowed}`;
  }
  return isWeighted ? `its instance types have weights, ${allowed}` : null;
}
