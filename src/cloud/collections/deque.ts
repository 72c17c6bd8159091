// A first-in, first-out queue without the cost of `Array.prototype.shift`. Nothing here is bounded:
// the owner states and keeps the bound.

/** Items leave in the order in which they came. */
export interface Deque<T> {
  readonly size: number;
  push(item: T): void;
  /** The oldest item, left in place; `undefined` when empty. */
  peek(): T | undefined;
  /** The oldest item, taken out; `undefined` when empty. */
  shift(): T | undefined;
  /** All items, oldest first. */
  values(): T[];
  clear(): void;
}

/** The taken part at the front is dropped once it is at least this long and half of the array. */
const COMPACT_AT = 1024;

/** A queue of the given items, the first of which is the oldest. */
export function createDeque<T>(initial: readonly T[] = []): Deque<T> {
  let items: (T | undefined)[] = [...initial];
  let head = 0;

  function compact(): void {
    if (head >= COMPACT_AT && head * 2 >= items.length) {
      items = items.slice(head);
      head = 0;
    }
  }

  return {
    get size() {
      return items.length - head;
    },
    push(item) {
      items.push(item);
    },
    peek() {
      return items[head];
    },
    shift() {
      if (head >= items.length) return undefined;
      const item = items[head];
      items[head] = undefined;
      head += 1;
      compact();
      return item;
    },
    values() {
      // Slots before `head` are the only emptied ones, so the cast drops nothing real.
      return items.slice(head) as T[];
    },
    clear() {
      items = [];
      head = 0;
    },
  };
}
