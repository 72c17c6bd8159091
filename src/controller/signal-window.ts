// A reading averaged over a window of time, kept running: each value counts for the time that it
// stood, and gaps count for nothing.

import type { EpochMs } from '../core/time.ts';

/** A value stands for at most this long: after that its time is a gap. */
export const holdMsMax = 5000;
/** Values kept at most: an hour of 10 early ticks a second is not, an hour of ticks is. */
const entriesMax = 8192;

interface Entry {
  readonly at: EpochMs;
  readonly value: number;
  readonly weightMs: number;
}

export class SignalWindow {
  readonly #windowMs: number;
  #entries: Entry[] = [];
  #first = 0;
  #weighted = 0;
  #weightMs = 0;
  #lastAt: EpochMs | null = null;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Enters a value and returns the mean over the window that ends now. */
  add(at: EpochMs, value: number): number {
    const sinceLastMs = this.#lastAt === null ? holdMsMax : at - this.#lastAt;
    this.#lastAt = at;
    const weightMs = Math.max(1, Math.min(sinceLastMs, holdMsMax, this.#windowMs));
    this.#push({ at, value, weightMs });
    this.#expire(at);
    return this.#weighted / this.#weightMs;
  }

  /** What `add` would return for a value that stands for the next `weightMs`, without entering it. */
  preview(value: number, weightMs: number): number {
    return (this.#weighted + value * weightMs) / (this.#weightMs + weightMs);
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    this.#weighted += entry.value * entry.weightMs;
    this.#weightMs += entry.weightMs;
  }

  #expire(now: EpochMs): void {
    const oldest = now - this.#windowMs;
    while (this.#first < this.#entries.length - 1) {
      const entry = this.#entries[this.#first];
      const isOverfull = this.#entries.length - this.#first > entriesMax;
      if (entry === undefined || (entry.at > oldest && !isOverfull)) break;
      this.#weighted -= entry.value * entry.weightMs;
      this.#weightMs -= entry.weightMs;
      this.#first += 1;
    }
    if (this.#first > 1024 && this.#first * 2 > this.#entries.length) this.#compact();
  }

  /** Drops what has expired, and sums anew so that rounding does not pile up. */
  #compact(): void {
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
    this.#weighted = 0;
    this.#weightMs = 0;
    for (const entry of this.#entries) {
      this.#weighted += entry.value * entry.weightMs;
      this.#weightMs += entry.weightMs;
    }
  }
}
