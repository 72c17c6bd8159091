// A plain value taken apart into its shape (names, strings, structure) and its numbers, and put
// together again. Ticks of one group come in few shapes, so a journal keeps each of them once.

/** A value apart: `shape` is its JSON with every number written as 0. */
export interface SplitValue {
  readonly shape: string;
  /** In the order in which they stand in the JSON. */
  readonly numbers: readonly number[];
}

/** The shape and its numbers do not fit together: the row is damaged. */
export class DamagedShapeError extends Error {
  override readonly name = 'DamagedShapeError';
}

/**
 * Takes a value of plain objects, arrays, strings, numbers, booleans and nulls apart. Members that
 * are undefined are left out, as in JSON; all numbers survive, also −0 and those that are not
 * finite.
 */
export function splitValue(value: unknown): SplitValue {
  const numbers: number[] = [];
  return { shape: shapeOf(value, numbers), numbers };
}

function shapeOf(value: unknown, numbers: number[]): string {
  if (typeof value === 'number') {
    numbers.push(value);
    return '0';
  }
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'object') {
    throw new TypeError(`a journal entry cannot hold a ${typeof value}`);
  }
  return Array.isArray(value) ? shapeOfItems(value, numbers) : shapeOfMembers(value, numbers);
}

function shapeOfItems(items: readonly unknown[], numbers: number[]): string {
  let text = '';
  for (const item of items) text += (text === '' ? '' : ',') + shapeOf(item, numbers);
  return `[${text}]`;
}

function shapeOfMembers(value: object, numbers: number[]): string {
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  // Faster than `Object.entries`, and a journal is written all the time.
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (member === undefined) continue;
    text += (text === '' ? '' : ',') + quote(name) + ':' + shapeOf(member, numbers);
  }
  return `{${text}}`;
}

/** Names and words that come again and again, as JSON writes them. */
const quoted = new Map<string, string>();
const quotedMax = 4096;

function quote(text: string): string {
  const known = quoted.get(text);
  if (known !== undefined) return known;
  const json = JSON.stringify(text);
  if (quoted.size >= quotedMax) quoted.clear();
  quoted.set(text, json);
  return json;
}

/** The value that `splitValue` took apart. Throws `DamagedShapeError` if the two do not fit. */
export function joinValue(split: SplitValue): unknown {
  const value = parseShape(split.shape);
  const used = fill(value, split.numbers, 0);
  if (used !== split.numbers.length) {
    throw new DamagedShapeError(`${split.numbers.length} numbers for ${used} places`);
  }
  return typeof value === 'number' ? split.numbers[0] : value;
}

function parseShape(shape: string): unknown {
  try {
    return JSON.parse(shape);
  } catch {
    throw new DamagedShapeError('its shape is not JSON');
  }
}

/**
 * Puts the numbers into the places of `value`, which is fresh from `JSON.parse`, and returns how
 * many are used up. Only members that are numbers already are assigned, so that a member named
 * `__proto__` stays a member.
 */
function fill(value: unknown, numbers: readonly number[], start: number): number {
  if (typeof value === 'number') return start + 1;
  if (typeof value !== 'object' || value === null) return start;
  // Arrays too: their entries are named by position.
  const members = value as Record<string, unknown>;
  let next = start;
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (typeof member === 'number') {
      const number = numbers[next];
      if (number === undefined) throw new DamagedShapeError('it has too few numbers');
      members[name] = number;
      next += 1;
    } else {
      next = fill(member, numbers, next);
    }
  }
  return next;
}
