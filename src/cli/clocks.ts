// The clocks that the composition hands out: the machine's own, and one that runs faster for the demo.

import type { CancelTimer, Clock } from '../controller/ports/clock.ts';

/** Node's longest timer; a longer wait is made of several. */
const timerMsMax = 2_147_483_647;

/**
 * A clock that starts at the machine's time and runs `speed` times as fast. It is monotonic: when
 * the machine's clock is set, intervals stay what they were.
 */
export function createClock(speed = 1): Clock {
  if (!Number.isFinite(speed) || speed <= 0) {
    throw new RangeError(`the speed is ${speed}; it must be a number above 0`);
  }
  const startedAt = Date.now();
  const startedElapsedMs = performance.now();
  const now = (): number => Math.floor(startedAt + (performance.now() - startedElapsedMs) * speed);
  return {
    now,
    elapsedMs: () => performance.now(),
    after: (delayMs, run) => startTimer(Math.max(0, delayMs) / speed, run),
  };
}

function startTimer(delayMs: number, run: () => void): CancelTimer {
  let timer: NodeJS.Timeout;
  const wait = (remainingMs: number): void => {
    const thisMs = Math.min(remainingMs, timerMsMax);
    timer = setTimeout(() => {
      if (remainingMs > thisMs) wait(remainingMs - thisMs);
      else run();
    }, thisMs);
  };
  wait(delayMs);
  return () => clearTimeout(timer);
}
