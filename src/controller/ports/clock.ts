// Time, as the controller gets it. Live it is the machine's clock; in the demo a faster one; in a
// simulation a virtual one.

import type { EpochMs } from '../../core/time.ts';

/** Ends a timer that has not run yet. Harmless afterwards. */
export type CancelTimer = () => void;

export interface Clock {
  now(): EpochMs;
  /**
   * Milliseconds of real time from an arbitrary start, never going back: for measuring how long our
   * own work takes, which no faster clock makes quicker.
   */
  elapsedMs(): number;
  /** Runs once, `delayMs` of this clock's time from now; at once for a delay ≤ 0. */
  after(delayMs: number, run: () => void): CancelTimer;
}
