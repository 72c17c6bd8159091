// A clock that stands still until a test moves it, so that no contract test sleeps.

import type { EpochMs } from '../../src/cloud/time.ts';
import type { PollClock } from '../../src/localcloud/polling.ts';

export interface VirtualClock extends PollClock {
  /** Moves time forward, waking whoever waits until then. */
  advance(byMs: number): void;
  /** Resolves once somebody waits. */
  waitForWaiter(): Promise<void>;
}

interface Waiter {
  readonly at: EpochMs;
  readonly wake: () => void;
}

export function createVirtualClock(start: EpochMs): VirtualClock {
  let now = start;
  const waiters = new Set<Waiter>();
  let watchers: (() => void)[] = [];

  return {
    now: () => now,
    waitUntil(at, signal) {
      if (at <= now || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const waiter: Waiter = {
          at,
          wake() {
            waiters.delete(waiter);
            resolve();
          },
        };
        waiters.add(waiter);
        signal.addEventListener('abort', waiter.wake, { once: true });
        for (const watcher of watchers) watcher();
        watchers = [];
      });
    },
    advance(byMs) {
      now += byMs;
      const due = [...waiters].filter(({ at }) => at <= now);
      for (const { wake } of due) wake();
    },
    waitForWaiter() {
      if (waiters.size > 0) return Promise.resolve();
      return new Promise((resolve) => watchers.push(resolve));
    },
  };
}
