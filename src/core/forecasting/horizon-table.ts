// The horizons that are learnt at once, a bounded number of them: made when first asked for, with what
// the nearest one has learnt, and dropped when others are asked for instead.

import {
  createHorizon,
  roundKey,
  type Horizon,
  type HorizonKey,
  type HorizonSnapshot,
  type HorizonTerms,
} from './horizon.ts';

export interface HorizonTable {
  find(kind: 'mean' | 'max', lead: number, count: number): Horizon;
  all(): readonly Horizon[];
}

/** Horizons that are further apart than this factor have nothing to teach each other. */
const kinFactor = 4;

export function createHorizonTable(
  terms: HorizonTerms,
  horizonsMax: number,
  from: readonly HorizonSnapshot[] = [],
): HorizonTable {
  const horizons = new Map(
    from.map((one) => [nameKey(one.key), createHorizon(one.key, terms, one)]),
  );
  let list: readonly Horizon[] = [...horizons.values()];
  return {
    find: (kind, lead, count) => {
      const key = roundKey(kind, lead, count);
      const name = nameKey(key);
      const known = horizons.get(name);
      if (known !== undefined) return known;
      const made = createHorizon(key, terms, findNearest(list, key));
      if (list.filter((one) => one.key.kind === kind).length >= horizonsMax) {
        dropOldest(horizons, kind);
      }
      horizons.set(name, made);
      list = [...horizons.values()];
      return made;
    },
    all: () => list,
  };
}

function nameKey({ kind, lead, count }: HorizonKey): string {
  return `${kind} ${lead} ${count}`;
}

/** The one that was not asked for longest; of equals the first made. */
function dropOldest(horizons: Map<string, Horizon>, kind: 'mean' | 'max'): void {
  let oldest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [name, { key, askedAt }] of horizons) {
    if (key.kind === kind && askedAt < least) [oldest, least] = [name, askedAt];
  }
  if (oldest !== undefined) horizons.delete(oldest);
}

function findNearest(horizons: readonly Horizon[], wanted: HorizonKey): Horizon | undefined {
  let best: Horizon | undefined;
  let least = Math.log(kinFactor);
  for (const horizon of horizons) {
    const { kind, lead, count } = horizon.key;
    if (kind !== wanted.kind) continue;
    const distance = Math.abs(Math.log((wanted.lead + wanted.count) / (lead + count)));
    if (distance < least) [best, least] = [horizon, distance];
  }
  return best;
}
