// The line of a FIFO queue: strictly in order within each message group, and no second helping from
// a group while any of its messages is in flight ("FIFO delivery logic", SQS Developer Guide).

import {
  createHeap,
  peekHeap,
  popFromHeap,
  pushToHeap,
  removeFromHeap,
} from '../collections/indexed-heap.ts';
import type { HeapOrder, IndexedHeap } from '../collections/indexed-heap.ts';
import { createPlaceHeap } from './line.ts';
import type { Line } from './line.ts';
import type { Message } from './message.ts';

interface Group {
  readonly id: string;
  /** Everything that is not in flight; delayed messages hold back those behind them. */
  readonly waiting: IndexedHeap<Message>;
  inFlightCount: number;
  /** Its place among the groups that have something to hand out; -1: it has not. */
  readyIndex: number;
}

/** The group whose first message has waited longest comes first. */
const GROUP_ORDER: HeapOrder<Group> = {
  isBefore: (a, b) => placeOf(a) < placeOf(b),
  getIndex: (group) => group.readyIndex,
  setIndex(group, index) {
    group.readyIndex = index;
  },
};

function placeOf(group: Group): number {
  return peekHeap(group.waiting)?.place ?? Infinity;
}

/** An empty line of groups. */
export function createFifoLine(): Line {
  const groups = new Map<string, Group>();
  const ready = createHeap(GROUP_ORDER);

  function openGroup(message: Message): Group {
    const id = message.content.groupId ?? '';
    let group = groups.get(id);
    if (group === undefined) {
      group = { id, waiting: createPlaceHeap(), inFlightCount: 0, readyIndex: -1 };
      groups.set(id, group);
    }
    return group;
  }

  /** Puts the group among the ready ones, or out of them, after any change. */
  function settle(group: Group): void {
    removeFromHeap(ready, group);
    const head = peekHeap(group.waiting);
    if (group.inFlightCount > 0) return;
    if (head === undefined) groups.delete(group.id);
    else if (head.state === 'visible') pushToHeap(ready, group);
  }

  function addWaiting(message: Message): Group {
    const group = openGroup(message);
    // The key of the ready heap is the head of this one: it must not change in place.
    removeFromHeap(ready, group);
    pushToHeap(group.waiting, message);
    return group;
  }

  return {
    enter(message) {
      settle(addWaiting(message));
    },
    wake(message) {
      settle(openGroup(message));
    },
    giveBack(message) {
      const group = addWaiting(message);
      group.inFlightCount -= 1;
      settle(group);
    },
    leave(message, wasInFlight) {
      const group = openGroup(message);
      removeFromHeap(ready, group);
      if (wasInFlight) group.inFlightCount -= 1;
      else removeFromHeap(group.waiting, message);
      settle(group);
    },
    hide(message) {
      const group = openGroup(message);
      removeFromHeap(ready, group);
      removeFromHeap(group.waiting, message);
      group.inFlightCount += 1;
      settle(group);
    },
    holdBack(message) {
      const group = openGroup(message);
      removeFromHeap(ready, group);
      group.inFlightCount += 1;
      settle(group);
    },
    take(count, accept) {
      const taken: Message[] = [];
      for (;;) {
        const group = taken.length < count ? popFromHeap(ready) : undefined;
        if (group === undefined) return taken;
        takeFromGroup(group, count, taken, accept);
        settle(group);
      }
    },
  };
}

function takeFromGroup(
  group: Group,
  count: number,
  taken: Message[],
  accept: (message: Message) => boolean,
): void {
  while (taken.length < count && peekHeap(group.waiting)?.state === 'visible') {
    const message = popFromHeap(group.waiting);
    if (message === undefined) return;
    if (!accept(message)) continue;
    group.inFlightCount += 1;
    taken.push(message);
  }
}
