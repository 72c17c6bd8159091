// Which known word somebody meant.

/** Longer words are not compared: nobody mistypes one of ours into that. */
const lengthMax = 40;
/** Edits, as a share of the longer word, beyond which two words have nothing to do with each other. */
const differenceMax = 0.5;

/** The known word that takes the fewest edits, the first of equals; null if none comes close. */
export function findNearest(word: string, known: readonly string[]): string | null {
  if (word.length > lengthMax) return null;
  let nearest: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const edits = countEdits(word.toLowerCase(), candidate.toLowerCase());
    if (edits > differenceMax * Math.max(word.length, candidate.length)) continue;
    if (edits >= fewest) continue;
    nearest = candidate;
    fewest = edits;
  }
  return nearest;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours: the optimal string alignment distance
 * (G. Navarro, "A Guided Tour to Approximate String Matching", ACM Computing Surveys 33(1), 2001).
 */
function countEdits(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index += 1) {
    const row = [index + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = (last[column] ?? 0) + (from[index] === to[column] ? 0 : 1);
      const oneLonger = Math.min((last[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1);
      const isSwap = from[index] === to[column - 1] && from[index - 1] === to[column];
      const swapped = isSwap ? (beforeLast[column - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, oneLonger, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
