// The beat: drift-free, because each tick's time is counted from the start and not from the last.
// A late tick is skipped and counted, never caught up in a burst.

import type { CancelTimer, Clock } from './ports/clock.ts';

export class Ticker {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #tick: (skipped: number) => void;
  #cancel: CancelTimer | null = null;
  #nextAt = 0;

  /** `tick` is told how many ticks were skipped since the last. */
  constructor(clock: Clock, periodMs: number, tick: (skipped: number) => void) {
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#tick = tick;
  }

  start(): void {
    this.#nextAt = this.#clock.now() + this.#periodMs;
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(this.#nextAt - this.#clock.now(), () => this.#fire());
  }

  #fire(): void {
    const now = this.#clock.now();
    // A clock that was set back must not stop the beat until it has caught up.
    if (this.#nextAt - now > this.#periodMs) this.#nextAt = now;
    const skipped = Math.floor(Math.max(0, now - this.#nextAt) / this.#periodMs);
    this.#nextAt += (skipped + 1) * this.#periodMs;
    this.#schedule();
    this.#tick(skipped);
  }
}
