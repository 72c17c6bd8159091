// A binary heap of things to do later, earliest first; things of the same time keep their order.

import type { EpochMs } from './time.ts';

export interface HeapEntry<T> {
  readonly at: EpochMs;
  /** Breaks ties: what was scheduled first happens first. */
  readonly order: number;
  readonly event: T;
}

export interface HeapState<T> {
  readonly entries: readonly HeapEntry<T>[];
  readonly nextOrder: number;
}

export class EventHeap<T> {
  readonly #entries: HeapEntry<T>[];
  #nextOrder: number;

  /** Goes on from another heap's state. */
  constructor(state?: HeapState<T>) {
    // An array sorted this way already is a heap.
    this.#entries = state?.entries.toSorted(compareEntries) ?? [];
    this.#nextOrder = state?.nextOrder ?? 0;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The time of the earliest entry, or `undefined` when there is none. */
  nextAt(): EpochMs | undefined {
    return this.#entries[0]?.at;
  }

  push(at: EpochMs, event: T): void {
    const entry = { at, order: this.#nextOrder, event };
    this.#nextOrder += 1;
    const entries = this.#entries;
    let hole = entries.length;
    entries.push(entry);
    while (hole > 0) {
      const parentIndex = (hole - 1) >> 1;
      const parent = entries[parentIndex];
      if (parent === undefined || compareEntries(parent, entry) <= 0) break;
      entries[hole] = parent;
      hole = parentIndex;
    }
    entries[hole] = entry;
  }

  /** Removes and returns the earliest entry. */
  pop(): HeapEntry<T> | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first;
    this.#sink(last);
    return first;
  }

  /** The entries in the order in which they will happen, for a snapshot. */
  exportState(): HeapState<T> {
    return { entries: this.#entries.toSorted(compareEntries), nextOrder: this.#nextOrder };
  }

  #sink(entry: HeapEntry<T>): void {
    const entries = this.#entries;
    let hole = 0;
    for (;;) {
      const smallest = this.#smallerChildOf(hole);
      const child = entries[smallest];
      if (child === undefined || compareEntries(entry, child) <= 0) break;
      entries[hole] = child;
      hole = smallest;
    }
    entries[hole] = entry;
  }

  #smallerChildOf(index: number): number {
    const left = 2 * index + 1;
    const leftEntry = this.#entries[left];
    const rightEntry = this.#entries[left + 1];
    if (leftEntry === undefined || rightEntry === undefined) return left;
    return compareEntries(rightEntry, leftEntry) < 0 ? left + 1 : left;
  }
}

function compareEntries(a: HeapEntry<unknown>, b: HeapEntry<unknown>): number {
  return a.at - b.at || a.order - b.order;
}
