// What instances really reported of late, as it arrived: what readings must be made of.

import type { Sample } from './swarm-broker.ts';

interface Value {
  /** When it was sampled, by the true clock. */
  readonly at: number;
  readonly value: number;
}

/** Longer ago than this nothing can count: 3 × 5 s of silence and a window of 15 s, and some. */
const keptMs = 60_000;
/** Older ones are let go when there are more. */
const valuesMax = 4096;

export class SampleRecord {
  readonly #values = new Map<string, Value[]>();
  readonly #newest = new Map<string, number>();

  add({ instance, ageMs, signals }: Sample, now: number): void {
    const at = now - ageMs;
    this.#newest.set(instance, Math.max(at, this.#newest.get(instance) ?? at));
    for (const [name, value] of Object.entries(signals)) {
      const values = this.#values.get(name) ?? [];
      values.push({ at, value });
      this.#values.set(name, values);
      if (values.length <= valuesMax) continue;
      const recent = values.filter((one) => one.at > now - keptMs);
      this.#values.set(name, recent);
    }
  }

  /** Null if nothing was heard of it. */
  newestAt(instance: string): number | null {
    return this.#newest.get(instance) ?? null;
  }

  /** The smallest and largest value sampled after that time; null if there is none. */
  rangeSince(
    signal: string,
    since: number,
  ): { readonly low: number; readonly high: number } | null {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const { at, value } of this.#values.get(signal) ?? []) {
      if (at < since) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return low <= high ? { low, high } : null;
  }
}
