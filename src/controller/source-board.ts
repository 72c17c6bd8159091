// The numbers of a group that come from sources, and what the group's selectors make of them. A
// number stands until it is stale; it never stands for an instance.

import type { SignalReading, SignalReadings, SignalSelector } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import { CounterRate, takenBy } from './counter-rate.ts';
import { RunningReading } from './running-reading.ts';

export interface Standing {
  readonly value: number;
  readonly at: EpochMs;
}

/** A source as far as its readings go. */
export interface SourceTerms {
  readonly name: string;
  readonly staleAfterMs: number;
}

export class SourceBoard {
  #staleAfterMs: ReadonlyMap<string, number> = new Map();
  #readings: readonly RunningReading[] = [];
  readonly #standing = new Map<string, Standing>();
  readonly #counters = new Map<string, CounterRate>();

  constructor(sources: readonly SourceTerms[], selectors: readonly SignalSelector[]) {
    this.reconfigure(sources, selectors);
  }

  /** Other sources or selectors: a number that still has a source stands on. */
  reconfigure(sources: readonly SourceTerms[], selectors: readonly SignalSelector[]): void {
    this.#staleAfterMs = new Map(sources.map(({ name, staleAfterMs }) => [name, staleAfterMs]));
    this.#readings = selectors
      .filter(({ signal }) => this.#staleAfterMs.has(signal))
      .map((selector) => new RunningReading(selector));
    for (const name of this.#standing.keys()) {
      if (this.#staleAfterMs.has(name)) continue;
      this.#standing.delete(name);
      this.#counters.delete(name);
    }
  }

  /** A newer reading of a source takes the place of the last. */
  take(source: string, value: number, at: EpochMs): void {
    const before = this.#standing.get(source);
    if (before !== undefined && at < before.at) return;
    const counter = this.#counters.get(source) ?? new CounterRate();
    const rateBefore = counter.perSecond;
    counter.take(value, at);
    this.#counters.set(source, counter);
    this.#standing.set(source, { value, at });
    if (before === undefined) return;
    for (const reading of this.#readings) {
      if (reading.selector.signal !== source) continue;
      if (reading.selector.read !== 'rate') reading.replace(before.value, value, at);
      else if (rateBefore !== null) reading.replace(rateBefore, counter.perSecond ?? 0, at);
    }
  }

  /** What the selectors read; without an entry where the source has fallen silent. */
  read(now: EpochMs): SignalReadings {
    const signals: Record<string, SignalReading> = {};
    for (const reading of this.#readings) {
      reading.reset();
      const { signal, key } = reading.selector;
      const standing = this.#standing.get(signal);
      const boundMs = this.#staleAfterMs.get(signal) ?? 0;
      if (standing === undefined || now - standing.at > boundMs) continue;
      const counter = this.#counters.get(signal);
      const value = takenBy(reading.selector, { value: standing.value, counter });
      if (value === null) continue;
      reading.count(value, standing.at);
      const taken = reading.take(now);
      // Of no instance: it is there while no instance is.
      if (taken !== undefined) signals[key] = { ...taken, instances: 0 };
    }
    return signals;
  }

  /** A selector's number between ticks; null where it is not one of a source. */
  peek(key: string): number | null {
    const reading = this.#readings.find((one) => one.selector.key === key);
    return reading?.peek() ?? null;
  }

  /** The last number of a source, however old; null before the first. */
  newest(source: string): Standing | null {
    return this.#standing.get(source) ?? null;
  }

  /** A source's number; null while it has none that is recent. */
  value(source: string, now: EpochMs): number | null {
    return this.isStale(source, now) ? null : (this.#standing.get(source)?.value ?? null);
  }

  isStale(source: string, now: EpochMs): boolean {
    const standing = this.#standing.get(source);
    return standing === undefined || now - standing.at > (this.#staleAfterMs.get(source) ?? 0);
  }
}
