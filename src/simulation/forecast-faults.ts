// Ways in which a forecast can be wrong, for trials of what that costs: each spoils the shares of the
// classes of change that the demand model's calendar expects.
import type { ForecastFault } from '../core/demand/outlook.ts';
import { createRandom, drawUniform } from './random.ts';

/** From this class on demand rises. */
const firstRise = 2;
const blocksPerHour = 360;
const blocksPerDay = 8640;

export const forecastFaults = {
  'times 0': () => scaleRises(0),
  'times 5': () => scaleRises(5),
  random: (seed: number) => drawShares(seed),
  'anti-phase': () => delayShares(blocksPerHour / 2),
  'stale by 24 h': () => delayShares(blocksPerDay),
} as const satisfies Record<string, (seed: number) => ForecastFault>;

function scaleRises(factor: number): ForecastFault {
  return (_, shares) => {
    for (let each = firstRise; each < shares.length; each += 1) {
      shares[each] = (shares[each] ?? 0) * factor;
    }
  };
}

/** New shares for each block; all outlooks of a block are spoilt alike. */
function drawShares(seed: number): ForecastFault {
  return (block, shares) => {
    const random = createRandom(seed, 'forecast', block);
    for (let each = 0; each < shares.length; each += 1) shares[each] = drawUniform(random) + 1e-6;
  };
}

/** What was expected so long ago. Every outlook calls once a block, in the same order. */
function delayShares(delayBlocks: number): ForecastFault {
  const kept = new Map<number, Float64Array[]>();
  let newest = Number.NaN;
  let caller = 0;
  return (block, shares) => {
    if (block !== newest) {
      kept.delete(block - delayBlocks - 1);
      kept.set(block, []);
      newest = block;
      caller = 0;
    }
    kept.get(block)?.push(shares.slice());
    const before = kept.get(block - delayBlocks)?.[caller];
    if (before !== undefined) shares.set(before);
    caller += 1;
  };
}
