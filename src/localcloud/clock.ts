// The server's only clock: it tells the model's time, which may run faster than the wall's.

import type { EpochMs } from '../cloud/time.ts';

export interface Clock {
  /** The model's time now; never goes back. */
  now(): EpochMs;
  /** Calls once, that much model time from now. Returns what cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** Node's longest timer; longer waits are cut and simply come early. */
const TIMER_MAX_MS = 2_147_483_647;

/**
 * Returns a clock that starts at `startsAt` (default: now) and runs `speed` times as fast as the
 * wall. It is monotonic: a step of the wall clock does not show.
 */
export function createClock(options: { speed?: number; startsAt?: EpochMs } = {}): Clock {
  const speed = options.speed ?? 1;
  if (!Number.isFinite(speed) || speed <= 0) {
    throw new RangeError(`speed is ${speed}; it must be a number above 0`);
  }
  const startsAt = options.startsAt ?? Date.now();
  const startedAt = performance.now();
  return {
    now: () => Math.floor(startsAt + (performance.now() - startedAt) * speed),
    after(ms, act) {
      const timer = setTimeout(act, Math.min(TIMER_MAX_MS, Math.max(0, ms / speed)));
      return () => clearTimeout(timer);
    },
  };
}
