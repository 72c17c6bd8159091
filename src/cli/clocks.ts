// The clocks that the composition hands out: the machine's own, and one that runs faster for the demo.

import type { Clock } from '../controller/ports/clock.ts';
import { createClock as createModelClock } from '../localcloud/clock.ts';

/** A clock that starts at the machine's time and runs `speed` times as fast, never going back. */
export function createClock(speed = 1): Clock {
  const { now, after } = createModelClock({ speed });
  return { now, after, elapsedMs: () => performance.now() };
}
