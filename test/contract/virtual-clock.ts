// A clock that stands still until a test moves it, so that no contract test sleeps.

import type { EpochMs } from '../../src/cloud/time.ts';
import type { PollClock } from '../../src/localcloud/polling.ts';

export interface VirtualClock extends PollClock {
  /** Moves time forward, waking whoever waits until then. */
  advance(byMs: number): void;
  /** Resolves once that many wait. */
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

export function createVirtualClock(start: EpochMs): VirtualClock {
  let now = start;
  const waiters = new Set<Waiter>();
  const watchers = new Set<Watcher>();

  function tellWatchers(): void {
    for (const watcher of watchers) {
      if (watcher.count !== waiters.size) continue;
      watchers.delete(watcher);
      watcher.resolve();
    }
  }

  return {
    now: () => now,
    waitUntil(at, signal) {
      if (at <= now || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const waiter: Waiter = {
          at,
          wake() {
            waiters.delete(waiter);
            tellWatchers();
            resolve();
          },
        };
        waiters.add(waiter);
        signal.addEventListener('abort', waiter.wake, { once: true });
        tellWatchers();
      });
    },
    advance(byMs) {
      now += byMs;
      const due = [...waiters].filter(({ at }) => at <= now);
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
