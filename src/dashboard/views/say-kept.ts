// How well a queue's promise was kept, in few words; never a share that nobody knows.

import type { QueueStatus } from '../contract.ts';
import { sayCount, sayNumber } from '../say.ts';

type Share = QueueStatus['promiseKept']['hour'];

export function sayKept({ kept, late, ratio, unknown }: Share): {
  readonly share: string;
  readonly note: string;
} {
  if (ratio === null) {
    if (unknown === 0) return { share: '–', note: 'nothing was done' };
    return { share: 'not known', note: `${sayCount(unknown, 'message')} of unknown age` };
  }
  const others = unknown === 0 ? '' : `, ${sayNumber(unknown)} of unknown age`;
  return {
    share: sayRatio(ratio),
    note: `${sayNumber(late)} of ${sayNumber(kept + late)} late${others}`,
  };
}

/** Rounded down, so that one late message of many never reads as all of them in time. */
function sayRatio(ratio: number): string {
  return `${Math.floor(ratio * 1000 + 1e-9) / 10}%`;
}
