// What people have asked for: a size to take, or one to hold at least. Their word passes nearly all
// guardrails, and stands in the record beside the policies' recommendations that it overrules.

import type { Recommendation } from './decision.ts';
import type { Override } from './observation.ts';
import { openRange, type Range } from './range.ts';

/** The range that `set` and `hold` leave. With both, the size set, but at least the one held. */
export function findWished(overrides: readonly Override[]): Range {
  let wished = openRange;
  for (const override of overrides) {
    if (override.kind === 'pause') continue;
    const isSet = override.kind === 'set';
    const size = isSet ? override.desired : override.atLeast;
    wished = {
      atLeast: Math.max(wished.atLeast, size),
      atMost: isSet ? size : wished.atMost,
    };
  }
  return wished;
}

export function recordWishes(overrides: readonly Override[]): readonly Recommendation[] {
  return overrides.map(recordWish).filter((wish) => wish !== null);
}

function recordWish(override: Override): Recommendation | null {
  switch (override.kind) {
    case 'set': {
      const { desired, by } = override;
      const reason = { code: 'override-set', desired, by } as const;
      return { kind: 'desired', policy: 'override', desired, reason };
    }
    case 'hold': {
      const { atLeast, by, why, until } = override;
      const reason = { code: 'override-hold', atLeast, by, why, until } as const;
      return { kind: 'bounds', policy: 'override', atLeast, atMost: null, reason };
    }
    case 'pause':
      return null;
  }
}
