// One selector's number over a group: taken anew at each tick, and kept running between ticks, so
// that the report which moves it across a bound is noticed when it comes.

import type { SignalReading, SignalSelector, Statistic } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import { openWindow, type ReadingWindow } from './reading-window.ts';

/** How long a running value is taken to stand when a window's next mean is foreseen. */
const previewMs = 1000;

const percentileRatios: Partial<Record<Statistic, number>> = {
  p50: 0.5,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
};

export class RunningReading {
  readonly selector: SignalSelector;
  readonly #window: ReadingWindow | null;
  readonly #percentileRatio: number | null;
  #values: number[] = [];
  #newestAt: EpochMs = 0;
  #sum = 0;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(selector: SignalSelector) {
    this.selector = selector;
    this.#window = openWindow(selector);
    this.#percentileRatio = percentileRatios[selector.statistic] ?? null;
  }

  /** Begins a new count; the window stays. */
  reset(): void {
    this.#values.length = 0;
    this.#newestAt = 0;
    this.#sum = 0;
    this.#count = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }

  /** Counts one instance's value. */
  count(value: number, at: EpochMs): void {
    if (this.#percentileRatio !== null) this.#values.push(value);
    this.#sum += value;
    this.#count += 1;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (at > this.#newestAt) this.#newestAt = at;
  }

  /** Puts a newer value of an instance in the place of the one that was counted. */
  replace(before: number, value: number, at: EpochMs): void {
    this.#sum += value - before;
    if (value > this.#max) this.#max = value;
    if (value < this.#min) this.#min = value;
    if (at > this.#newestAt) this.#newestAt = at;
  }

  /** The reading at a tick; undefined if nothing was counted. Enters it into the window. */
  take(now: EpochMs): SignalReading | undefined {
    if (this.#count === 0) return undefined;
    const instant = this.#percentileRatio === null ? this.#running() : this.#percentile();
    const value = this.#window === null ? instant : this.#window.add(now, instant);
    return { value, at: this.#newestAt, instances: this.#count };
  }

  /**
   * The number between ticks, as far as it can be kept running; null for percentiles and for the
   * minimum, which wait for the tick.
   */
  peek(): number | null {
    const { statistic } = this.selector;
    if (this.#count === 0 || this.#percentileRatio !== null || statistic === 'min') return null;
    const running = this.#running();
    return this.#window === null ? running : this.#window.preview(running, previewMs);
  }

  #running(): number {
    switch (this.selector.statistic) {
      case 'sum':
        return this.#sum;
      case 'min':
        return this.#min;
      case 'max':
        return this.#max;
      default:
        return this.#sum / this.#count;
    }
  }

  /** By nearest rank. */
  #percentile(): number {
    this.#values.sort((a, b) => a - b);
    const rank = Math.ceil((this.#percentileRatio ?? 0.5) * this.#values.length);
    return this.#values[Math.max(0, rank - 1)] ?? 0;
  }
}
