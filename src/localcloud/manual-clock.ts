// A clock that stands still until it is told to go on: for tests of what takes hours.

import type { EpochMs } from '../cloud/time.ts';
import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Moves on by that much; what falls due on the way is called in its order. */
  pass(ms: number): void;
}

export function createManualClock(startsAt: EpochMs): ManualClock {
  let now = startsAt;
  let nextOrder = 0;
  const waiting = new Map<number, { readonly at: EpochMs; readonly act: () => void }>();
  const takeDue = (
    until: EpochMs,
  ): { readonly at: EpochMs; readonly act: () => void } | undefined => {
    const due = [...waiting]
      .filter(([, { at }]) => at <= until)
      .toSorted(([orderA, a], [orderB, b]) => a.at - b.at || orderA - orderB)[0];
    if (due === undefined) return undefined;
    waiting.delete(due[0]);
    return due[1];
  };
  return {
    now: () => now,
    after(ms, act) {
      const order = nextOrder;
      nextOrder += 1;
      waiting.set(order, { at: now + Math.max(0, ms), act });
      return () => void waiting.delete(order);
    },
    pass(ms) {
      const until = now + ms;
      for (let due = takeDue(until); due !== undefined; due = takeDue(until)) {
        now = Math.max(now, due.at);
        due.act();
      }
      now = until;
    },
  };
}
