// A binary heap whose items know their own place, so that any item can be removed or re-keyed in
// logarithmic time. The order of equal items is decided by the comparison alone: make it total.

/** The smallest item by `isBefore` is on top. */
export interface IndexedHeap<T> {
  readonly size: number;
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
  /** Takes the item out; does nothing when it is not in this heap. */
  remove(item: T): void;
  /** Restores the order after the item's key has changed. */
  update(item: T): void;
  /** All items, in no useful order. */
  values(): readonly T[];
  clear(): void;
}

export interface HeapOrder<T> {
  isBefore(a: T, b: T): boolean;
  /** Where the item stands in this heap; -1 when it is not in it. */
  getIndex(item: T): number;
  setIndex(item: T, index: number): void;
}

export function createIndexedHeap<T>(order: HeapOrder<T>): IndexedHeap<T> {
  const items: T[] = [];

  function place(item: T, index: number): void {
    items[index] = item;
    order.setIndex(item, index);
  }

  function siftUp(item: T, start: number): void {
    let index = start;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      // The parent of a filled slot is filled: the heap has no gaps.
      const parent = items[parentIndex] as T;
      if (!order.isBefore(item, parent)) break;
      place(parent, index);
      index = parentIndex;
    }
    place(item, index);
  }

  function siftDown(item: T, start: number): void {
    let index = start;
    for (;;) {
      const left = index * 2 + 1;
      if (left >= items.length) break;
      const right = left + 1;
      let smaller = left;
      // `left` and `right` were compared with the length: both slots are filled.
      if (right < items.length && order.isBefore(items[right] as T, items[left] as T)) {
        smaller = right;
      }
      const child = items[smaller] as T;
      if (!order.isBefore(child, item)) break;
      place(child, index);
      index = smaller;
    }
    place(item, index);
  }

  function removeAt(index: number): void {
    const last = items.pop();
    if (last === undefined || index === items.length) return;
    if (index > 0 && order.isBefore(last, items[(index - 1) >> 1] as T)) siftUp(last, index);
    else siftDown(last, index);
  }

  return {
    get size() {
      return items.length;
    },
    push(item) {
      items.push(item);
      siftUp(item, items.length - 1);
    },
    peek() {
      return items[0];
    },
    pop() {
      const top = items[0];
      if (top === undefined) return undefined;
      order.setIndex(top, -1);
      removeAt(0);
      return top;
    },
    remove(item) {
      const index = order.getIndex(item);
      if (index < 0) return;
      order.setIndex(item, -1);
      removeAt(index);
    },
    update(item) {
      const index = order.getIndex(item);
      if (index < 0) return;
      if (index > 0 && order.isBefore(item, items[(index - 1) >> 1] as T)) siftUp(item, index);
      else siftDown(item, index);
    },
    values() {
      return items;
    },
    clear() {
      for (const item of items) order.setIndex(item, -1);
      items.length = 0;
    },
  };
}
