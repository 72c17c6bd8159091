// The local cloud's clock, turned by hand.

import type { EpochMs } from '../../src/cloud/time.ts';
import type { Clock } from '../../src/localcloud/clock.ts';

export interface ModelClock extends Clock {
  /** Passes that much time, making the calls that fall due on the way, each at its own time. */
  advance(ms: number): void;
}

interface Call {
  readonly at: EpochMs;
  readonly act: () => void;
}

export function createModelClock(startsAt: EpochMs): ModelClock {
  let now = startsAt;
  const calls = new Set<Call>();
  return {
    now: () => now,
    after(ms, act) {
      const call = { at: now + Math.max(0, ms), act };
      calls.add(call);
      return () => void calls.delete(call);
    },
    advance(ms) {
      const until = now + ms;
      for (let due = findFirst(calls, until); due !== null; due = findFirst(calls, until)) {
        calls.delete(due);
        now = due.at;
        due.act();
      }
      now = until;
    },
  };
}

/** The earliest call up to that time, the one asked for first where two fall together. */
function findFirst(calls: ReadonlySet<Call>, until: EpochMs): Call | null {
  let first: Call | null = null;
  for (const call of calls) {
    if (call.at <= until && (first === null || call.at < first.at)) first = call;
  }
  return first;
}
