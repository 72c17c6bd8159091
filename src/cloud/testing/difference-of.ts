// Where two saved states differ: a whole state is no message to read.

/** Returns the path of the first difference with both values; `undefined`: there is none. */
export function differenceOf(a: unknown, b: unknown, path = ''): string | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)} and ${String(b)}`;
  }
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    // When memory was last tidied follows the calls; what is read does not follow it.
    if (key === 'sweptAt') continue;
    const difference = differenceOf(left.get(key), right.get(key), `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
