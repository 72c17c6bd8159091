// A clock that a test turns by hand: timers run in order of their time, each at its own time.

import type { CancelTimer, Clock } from '../../src/agent/clock.ts';

interface PendingTimer {
  readonly atMs: number;
  readonly callback: () => void;
}

export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #epochAtStartMs: number;
  readonly #timers = new Set<PendingTimer>();

  constructor(epochAtStartMs = 1_700_000_000_000) {
    this.#epochAtStartMs = epochAtStartMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  epochMs(): number {
    return this.#epochAtStartMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** How long until the next timer is due, or null if there is none. */
  get nextTimerInMs(): number | null {
    const first = this.#firstDue(Number.POSITIVE_INFINITY);
    return first === null ? null : first.atMs - this.#nowMs;
  }

  /** Passes `durationMs`, running what falls due on the way. */
  advance(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs;
    for (let due = this.#firstDue(untilMs); due !== null; due = this.#firstDue(untilMs)) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.callback();
    }
    this.#nowMs = untilMs;
  }

  /** Passes `durationMs` as a stalled process sees it: nothing runs until it is over. */
  stall(durationMs: number): void {
    this.#nowMs += durationMs;
    this.advance(0);
  }

  #firstDue(untilMs: number): PendingTimer | null {
    let first: PendingTimer | null = null;
    for (const timer of this.#timers) {
      if (timer.atMs <= untilMs && (first === null || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  }
}
