// Deque and indexed heap against plain arrays.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeque } from './deque.ts';
import {
  clearHeap,
  createHeap,
  peekHeap,
  popFromHeap,
  pushToHeap,
  removeFromHeap,
  updateInHeap,
} from './indexed-heap.ts';

describe('deque', () => {
  it('gives items back in the order in which they came, for any mix of pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { maxLength: 6000 }), (steps) => {
        const deque = createDeque<number>();
        const model: number[] = [];
        for (const step of steps) {
          if (step === null) expect(deque.shift()).toBe(model.shift());
          else {
            deque.push(step);
            model.push(step);
          }
          expect(deque.size).toBe(model.length);
          expect(deque.peek()).toBe(model[0]);
        }
        expect(deque.values()).toEqual(model);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps its items when the emptied front is dropped', () => {
    const deque = createDeque<number>();
    for (let i = 0; i < 5000; i += 1) deque.push(i);
    for (let i = 0; i < 4000; i += 1) expect(deque.shift()).toBe(i);
    expect(deque.values()[0]).toBe(4000);
    expect(deque.size).toBe(1000);
  });
});

interface Entry {
  key: number;
  id: number;
  index: number;
}

function createEntryHeap() {
  return createHeap<Entry>({
    isBefore: (a, b) => a.key < b.key || (a.key === b.key && a.id < b.id),
    getIndex: (entry) => entry.index,
    setIndex: (entry, index) => {
      entry.index = index;
    },
  });
}

const stepArbitrary = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), key: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ kind: fc.constant('pop' as const) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('update' as const), at: fc.nat(), key: fc.integer({ max: 50 }) }),
);

describe('indexed heap', () => {
  it('pops the smallest item whatever was pushed, removed and re-keyed', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 400 }), (steps) => {
        const heap = createEntryHeap();
        let model: Entry[] = [];
        let nextId = 0;
        const smallest = () => model.toSorted((a, b) => a.key - b.key || a.id - b.id)[0];
        for (const step of steps) {
          const target = 'at' in step ? model[step.at % Math.max(model.length, 1)] : undefined;
          if (step.kind === 'push') {
            const entry = { key: step.key, id: nextId++, index: -1 };
            pushToHeap(heap, entry);
            model.push(entry);
          } else if (step.kind === 'pop') {
            const expected = smallest();
            expect(popFromHeap(heap)).toBe(expected);
            model = model.filter((entry) => entry !== expected);
          } else if (step.kind === 'remove' && target) {
            removeFromHeap(heap, target);
            model = model.filter((entry) => entry !== target);
          } else if (step.kind === 'update' && target) {
            target.key = step.key;
            updateInHeap(heap, target);
          }
          expect(peekHeap(heap)).toBe(smallest());
          expect(heap.items.length).toBe(model.length);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('ignores the removal of an item that is not in it', () => {
    const heap = createEntryHeap();
    pushToHeap(heap, { key: 1, id: 0, index: -1 });
    removeFromHeap(heap, { key: 1, id: 1, index: -1 });
    expect(heap.items.length).toBe(1);
  });

  it('forgets every place when cleared', () => {
    const heap = createEntryHeap();
    const entry = { key: 1, id: 0, index: -1 };
    pushToHeap(heap, entry);
    clearHeap(heap);
    expect(entry.index).toBe(-1);
    expect(popFromHeap(heap)).toBeUndefined();
  });
});
