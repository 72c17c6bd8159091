// Time that moves only when it is told to. Timers run in the order of their times, those of one
// moment in the order in which they were set, and promises settle between them.

import type { EpochMs } from '../core/time.ts';
import type { CancelTimer, Clock } from '../controller/ports/clock.ts';

/**
 * Turns of the microtask queue after each timer. Work that a timer starts is over by then as long as
 * it awaits only other promises, fewer than this in a row.
 */
const microtaskTurns = 64;

interface Timer {
  readonly at: EpochMs;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualClock implements Clock {
  #now: EpochMs;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startsAt: EpochMs) {
    this.#now = startsAt;
  }

  now(): EpochMs {
    return this.#now;
  }

  elapsedMs(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer = { at: this.#now + Math.max(0, delayMs), order: this.#order, run };
    this.#order += 1;
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves on to `until`, running what falls due on the way. */
  async advanceTo(until: EpochMs): Promise<void> {
    await settlePromises();
    for (;;) {
      const timer = this.#findNext();
      if (timer === null || timer.at > until) break;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settlePromises();
    }
    this.#now = Math.max(this.#now, until);
  }

  async advance(ms: number): Promise<void> {
    await this.advanceTo(this.#now + ms);
  }

  /** Sets the time without running what lies between, as a machine's clock is stepped. */
  step(ms: number): void {
    this.#now += ms;
  }

  #findNext(): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      const isEarlier =
        next === null || timer.at < next.at || (timer.at === next.at && timer.order < next.order);
      if (isEarlier) next = timer;
    }
    return next;
  }
}

async function settlePromises(): Promise<void> {
  for (let turn = 0; turn < microtaskTurns; turn += 1) await Promise.resolve();
}
