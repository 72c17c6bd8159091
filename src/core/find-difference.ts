// The first place where two plain values are not the same JSON.

/** A value on one side where the other side has none. */
const absent = undefined;

export interface ValueDifference {
  /** Members and positions from the outside in, with dots: `recommendations.0.desired`. */
  readonly path: string;
  /** Undefined where there is none. */
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/**
 * The first difference, by the order of the recorded value's members; null if there is none.
 * Members that are undefined are as good as absent, and the order of members does not matter.
 */
export function findDifference(recorded: unknown, replayed: unknown): ValueDifference | null {
  return compare(recorded, replayed, []);
}

function compare(
  recorded: unknown,
  replayed: unknown,
  path: readonly string[],
): ValueDifference | null {
  if (recorded === replayed) return null;
  const isSameKind = Array.isArray(recorded) === Array.isArray(replayed);
  if (!isContainer(recorded) || !isContainer(replayed) || !isSameKind) {
    const areBothNaN = Number.isNaN(recorded) && Number.isNaN(replayed);
    return areBothNaN ? null : { path: path.join('.'), recorded, replayed };
  }
  const names = new Set([...Object.keys(recorded), ...Object.keys(replayed)]);
  for (const name of names) {
    const found = compare(memberOf(recorded, name), memberOf(replayed, name), [...path, name]);
    if (found !== null) return found;
  }
  return null;
}

type Container = Readonly<Record<string, unknown>>;

/** Arrays too: their entries are named by position. */
function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function memberOf(container: Container, name: string): unknown {
  return Object.hasOwn(container, name) ? container[name] : absent;
}
