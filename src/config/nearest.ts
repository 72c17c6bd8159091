// Which known word a misspelt one was meant to be.

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

/** Levenshtein's distance: letters inserted, left out or replaced. */
function countEdits(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + Number(one[row - 1] !== other[column - 1]);
      const shifted = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, shifted));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
