// A binary heap whose items know their own place, so that any item can be removed or re-keyed in
// logarithmic time. A plain record with functions: there may be one for each of many small groups.

export interface IndexedHeap<T> {
  /** The smallest item is the first; the others are in no useful order. */
  readonly items: T[];
  readonly order: HeapOrder<T>;
}

/** Shared by all heaps of a kind. The order must be total: equal items have no stable order. */
export interface HeapOrder<T> {
  isBefore(a: T, b: T): boolean;
  /** Where the item stands in its heap; -1 when it is in none. */
  getIndex(item: T): number;
  setIndex(item: T, index: number): void;
}

/** An empty heap. An item may be in one heap of its order at a time. */
export function createHeap<T>(order: HeapOrder<T>): IndexedHeap<T> {
  return { items: [], order };
}

/** `undefined` when the heap is empty. */
export function peekHeap<T>(heap: IndexedHeap<T>): T | undefined {
  return heap.items[0];
}

/** Adds an item that is in no heap of this order. */
export function pushToHeap<T>(heap: IndexedHeap<T>, item: T): void {
  heap.items.push(item);
  siftUp(heap, item, heap.items.length - 1);
}

/** Takes the smallest item out. */
export function popFromHeap<T>(heap: IndexedHeap<T>): T | undefined {
  const top = heap.items[0];
  if (top === undefined) return undefined;
  heap.order.setIndex(top, -1);
  removeAt(heap, 0);
  return top;
}

/** Takes the item out; does nothing when it is not in this heap. */
export function removeFromHeap<T>(heap: IndexedHeap<T>, item: T): void {
  const index = heap.order.getIndex(item);
  if (index < 0) return;
  heap.order.setIndex(item, -1);
  removeAt(heap, index);
}

/** Restores the order after the key of an item in the heap has changed. */
export function updateInHeap<T>(heap: IndexedHeap<T>, item: T): void {
  const index = heap.order.getIndex(item);
  if (index >= 0) sift(heap, item, index);
}

/** Takes all items out. */
export function clearHeap<T>(heap: IndexedHeap<T>): void {
  for (const item of heap.items) heap.order.setIndex(item, -1);
  heap.items.length = 0;
}

function removeAt<T>(heap: IndexedHeap<T>, index: number): void {
  const last = heap.items.pop();
  if (last !== undefined && index < heap.items.length) sift(heap, last, index);
}

/** Puts the item into the slot, or above or below it. */
function sift<T>(heap: IndexedHeap<T>, item: T, index: number): void {
  const parent = index > 0 ? heap.items[(index - 1) >> 1] : undefined;
  if (parent !== undefined && heap.order.isBefore(item, parent)) siftUp(heap, item, index);
  else siftDown(heap, item, index);
}

function siftUp<T>({ items, order }: IndexedHeap<T>, item: T, start: number): void {
  let index = start;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = items[parentIndex];
    if (parent === undefined || !order.isBefore(item, parent)) break;
    items[index] = parent;
    order.setIndex(parent, index);
    index = parentIndex;
  }
  items[index] = item;
  order.setIndex(item, index);
}

function siftDown<T>({ items, order }: IndexedHeap<T>, item: T, start: number): void {
  let index = start;
  for (;;) {
    const left = index * 2 + 1;
    let childIndex = left;
    let child = items[left];
    if (child === undefined) break;
    const right = items[left + 1];
    if (right !== undefined && order.isBefore(right, child)) {
      childIndex = left + 1;
      child = right;
    }
    if (!order.isBefore(child, item)) break;
    items[index] = child;
    order.setIndex(child, index);
    index = childIndex;
  }
  items[index] = item;
  order.setIndex(item, index);
}
