// A clock that may run faster than the wall's: the server's only one, and under the demo's.

import type { EpochMs } from '../cloud/time.ts';

export interface Clock {
  /** The model's time now; never goes back. */
  now(): EpochMs;
  /** Calls once, that much model time from now. Returns what cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** Node's longest timer; a longer wait is made of several. */
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
    after: (ms, act) => startTimer(Math.max(0, ms / speed), act),
  };
}

function startTimer(wallMs: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = (remainingMs: number): void => {
    const thisMs = Math.min(remainingMs, TIMER_MAX_MS);
    timer = setTimeout(() => {
      if (remainingMs > thisMs) wait(remainingMs - thisMs);
      else act();
    }, thisMs);
  };
  wait(wallMs);
  return () => clearTimeout(timer);
}
