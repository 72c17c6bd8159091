// Maps, sets, lists and records as plain JSON and back. Lists are tagged, so that no key or value
// a user chose can be taken for a tag.

export type PlainJson =
  | string
  | number
  | boolean
  | null
  | readonly PlainJson[]
  | { readonly [key: string]: PlainJson };

/**
 * Returns the value as plain JSON, members in the order of their names, so that equal values make
 * equal texts. `undefined` members are left out and come back as absent.
 */
export function toPlainJson(value: unknown): PlainJson {
  return plain(value, (members) => members.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The same with members in their own order, for what users wrote: a template's resources are made,
 * and told of, in the order in which they stand there.
 */
export function toOrderedJson(value: unknown): PlainJson {
  return plain(value, (members) => members);
}

type Arrange = (members: readonly [string, unknown][]) => readonly [string, unknown][];

function plain(value: unknown, arrange: Arrange): PlainJson {
  if (value instanceof Map) {
    const entries = [...value].map(([key, member]) => [
      plain(key, arrange),
      plain(member, arrange),
    ]);
    return ['map', ...entries];
  }
  if (value instanceof Set) return ['set', ...[...value].map((member) => plain(member, arrange))];
  if (Array.isArray(value)) {
    return ['list', ...value.map((member: unknown) => plain(member, arrange))];
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      arrange(members).map(([key, member]) => [key, plain(member, arrange)]),
    );
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${value} cannot be kept in a snapshot`);
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  return null;
}

/** Returns what was made plain; throws on JSON that `toPlainJson` cannot have written. */
export function fromPlainJson(json: unknown): unknown {
  if (Array.isArray(json)) return fromTagged(json);
  if (typeof json !== 'object' || json === null) return json;
  // Entries and not assignments: a key may be `__proto__`.
  return Object.fromEntries(
    Object.entries(json).map(([key, member]) => [key, fromPlainJson(member)]),
  );
}

function fromTagged([tag, ...members]: readonly unknown[]): unknown {
  switch (tag) {
    case 'list':
      return members.map((member) => fromPlainJson(member));
    case 'set':
      return new Set(members.map((member) => fromPlainJson(member)));
    case 'map':
      return new Map(
        members.map((member) => {
          if (!Array.isArray(member)) throw new TypeError('an entry of a map is not a pair');
          const [key, value]: readonly unknown[] = member;
          return [fromPlainJson(key), fromPlainJson(value)];
        }),
      );
    default:
      throw new TypeError(`a list has the unknown tag ${JSON.stringify(tag)}`);
  }
}
