// A clock that stands still until a test moves it, so that no contract test sleeps; tests can wait
// until that many calls wait on it.

import type { EpochMs } from '../../src/cloud/time.ts';
import type { Clock } from '../../src/localcloud/clock.ts';

export interface VirtualClock extends Clock {
  /** Moves time forward, waking whoever waits until then. */
  advance(byMs: number): void;
  /** Resolves once that many calls wait. */
  untilWaiting(count: number): Promise<void>;
}

interface Waiter {
  readonly at: EpochMs;
  readonly wake: () => void;
}

interface Watcher {
  readonly count: number;
  readonly resolve: () => void;
}

/** The server itself waits, too, for its models' next event: once, always. */
const SERVER_WAITERS = 1;

export function createVirtualClock(start: EpochMs): VirtualClock {
  let now = start;
  const waiters = new Set<Waiter>();
  const watchers = new Set<Watcher>();

  function tellWatchers(): void {
    for (const watcher of watchers) {
      if (watcher.count + SERVER_WAITERS !== waiters.size) continue;
      watchers.delete(watcher);
      watcher.resolve();
    }
  }

  function leave(waiter: Waiter): void {
    if (waiters.delete(waiter)) tellWatchers();
  }

  return {
    now: () => now,
    after(ms, act) {
      const waiter: Waiter = {
        at: now + Math.max(0, ms),
        wake() {
          waiters.delete(waiter);
          act();
          tellWatchers();
        },
      };
      waiters.add(waiter);
      tellWatchers();
      return () => leave(waiter);
    },
    advance(byMs) {
      now += byMs;
      const due = [...waiters].filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at);
      for (const { wake } of due) wake();
    },
    untilWaiting(count) {
      return new Promise((resolve) => {
        watchers.add({ count, resolve });
        tellWatchers();
      });
    },
  };
}
