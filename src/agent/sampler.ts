// Calls for a sample once every interval, on a grid that no delay shifts: the n-th tick is due at
// start + n · interval whatever happened before it. A late tick is skipped and counted, never caught
// up in a burst. Instances get their place in the interval by their name.

import type { CancelTimer, Clock } from './clock.ts';

export interface SamplerEvents {
  /** A sample was due `lateMs` ago, less than an interval; `skipped` ticks before it were missed. */
  onTick(skipped: number, lateMs: number): void;
}

export class Sampler {
  #intervalMs: number;
  #dueAtMs = 0;
  #cancel: CancelTimer = () => {};
  readonly #name: string | null;
  readonly #clock: Clock;
  readonly #events: SamplerEvents;

  /** Without a name its place is the middle of the interval. */
  constructor(name: string | null, intervalMs: number, clock: Clock, events: SamplerEvents) {
    this.#name = name;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#events = events;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** The first tick comes after half an interval at least, so that rates span some time. */
  start(): void {
    const toPhaseMs = msToPhase(this.#name, this.#clock.epochMs(), this.#intervalMs);
    const isSoon = toPhaseMs < this.#intervalMs / 2;
    const delayMs = isSoon ? toPhaseMs + this.#intervalMs : toPhaseMs;
    this.#dueAtMs = this.#clock.monotonicMs() + delayMs;
    this.#arm();
  }

  /** Goes on with another interval, from now. */
  setInterval(intervalMs: number): void {
    this.#cancel();
    this.#intervalMs = intervalMs;
    this.start();
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    const delayMs = Math.max(0, this.#dueAtMs - this.#clock.monotonicMs());
    this.#cancel = this.#clock.after(delayMs, () => this.#tick());
  }

  #tick(): void {
    const lateMs = this.#clock.monotonicMs() - this.#dueAtMs;
    // A timer may run up to a millisecond early; that is this tick still, not one more.
    const skipped = Math.max(0, Math.floor(lateMs / this.#intervalMs));
    this.#dueAtMs += (skipped + 1) * this.#intervalMs;
    this.#arm();
    this.#events.onTick(skipped, Math.max(0, lateMs - skipped * this.#intervalMs));
  }
}

/**
 * Milliseconds until the time of day is at the name's place in the interval, in [0, interval).
 * The time of day only spreads the instances of a group; it need not be right.
 */
export function msToPhase(name: string | null, epochMs: number, intervalMs: number): number {
  const phaseMs = (name === null ? 0.5 : hashName(name) / 2 ** 32) * intervalMs;
  const nowMs = epochMs % intervalMs;
  return (phaseMs - nowMs + intervalMs) % intervalMs;
}

/** FNV-1a, 32 bits, over UTF-16 units, then mixed, as FNV's upper bits differ little for `i-…1`, `i-…2`. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
