// Which known word a misspelt one was meant to be.

import { countEdits } from '../core/edit-distance.ts';

/** Further from each other than this, two words are different words. */
const distanceMax = 3;

/** The known word with the fewest edits, the first of them on a tie; null if none is near. */
export function findNearest(word: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  // A third of the letters: `min` is not a misspelt `max` is not a misspelt `a`.
  let least = Math.min(distanceMax, Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = countEdits(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
