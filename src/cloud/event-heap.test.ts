// The heap against a sorted list.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventHeap } from './event-heap.ts';

it('gives events back by time, and by order of arrival within one time', () => {
  const steps = fc.array(fc.option(fc.nat({ max: 20 }), { freq: 3 }), { maxLength: 300 });
  fc.assert(
    fc.property(steps, (times) => {
      let heap = new EventHeap<number>();
      let model: { at: number; event: number }[] = [];
      for (const [event, at] of times.entries()) {
        if (at === null) {
          const [first, ...rest] = model.toSorted((a, b) => a.at - b.at || a.event - b.event);
          expect(heap.pop()?.event).toBe(first?.event);
          model = rest;
        } else {
          heap.push(at, event);
          model.push({ at, event });
        }
        expect(heap.size).toBe(model.length);
        // A heap made from another's state goes on as that one would have.
        if (event % 7 === 0) heap = new EventHeap(heap.exportState());
      }
    }),
  );
});

it('is empty when it is new', () => {
  const heap = new EventHeap<string>();
  expect(heap.nextAt()).toBeUndefined();
  expect(heap.pop()).toBeUndefined();
});
