// How long to wait before connecting again: exponential backoff with full jitter, so that a
// thousand agents that lose one broker together do not come back together.

export const reconnectBaseMs = 500;
export const reconnectCapMs = 30_000;
/** A connection that stayed up this long starts the count of attempts anew. */
export const stableAfterMs = 10_000;

const doublingsMax = 16;

/**
 * A uniform draw from 0 to min(cap, base · 2^attempt), in milliseconds. `attempt` counts from 0,
 * `random` is in [0, 1). Attempt 3 with random 0.5 waits 2,000 ms.
 * Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 ("full jitter").
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const ceilingMs = reconnectBaseMs * 2 ** Math.min(attempt, doublingsMax);
  return random * Math.min(reconnectCapMs, ceilingMs);
}
