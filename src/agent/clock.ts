// The agent's two clocks and its timer, as a port: tests turn time by hand. Samples are aged by the
// monotonic clock alone, so that setting the time of day never moves one.

export interface Clock {
  /** Milliseconds since some moment in the past; never goes back. */
  monotonicMs(): number;
  /** The time of day in epoch milliseconds, as right or wrong as the machine has it. */
  epochMs(): number;
  /** Calls back once, `delayMs` from now or a little later. Returns what calls it off. */
  after(delayMs: number, callback: () => void): CancelTimer;
}

export type CancelTimer = () => void;

export const systemClock: Clock = {
  monotonicMs: () => {
    // Not `performance.now()`: touching `performance` loads a module that an agent has no use for.
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1_000 + nanoseconds / 1_000_000;
  },
  epochMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
