// How calls that wait see the server's clock: its present is that of the models, brought up to date.

import type { EpochMs } from '../cloud/time.ts';
import type { Clock } from './clock.ts';
import type { PollClock } from './polling.ts';

/** `advance` brings the models to the present and says when that is. */
export function createPollClock(clock: Clock, advance: () => EpochMs): PollClock {
  return {
    now: advance,
    waitUntil(at, signal) {
      if (signal.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      // Not below 1 ms: a timer that is early shall not spin.
      const cancel = clock.after(Math.max(1, at - clock.now()), resolve);
      const leave = (): void => {
        cancel();
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      return promise.finally(() => signal.removeEventListener('abort', leave));
    },
  };
}
