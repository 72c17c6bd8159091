// How many of a queue's messages were done within their promise, over the last hour and day. Shown to
// people; nothing is decided by it. Kept in memory: it begins anew with the controller.

import type { EpochMs } from '../core/time.ts';
import type { WorkReport } from '../wire/work.ts';

/** Messages that were done. */
export interface PromiseCounts {
  /** Within the promise, from their sending to their end. */
  readonly kept: number;
  readonly late: number;
  /** Their workers do not say how old they were. */
  readonly unknown: number;
}

type Counts = { -readonly [key in keyof PromiseCounts]: PromiseCounts[key] };

const minuteMs = 60_000;
const hour = { stepMs: minuteMs, steps: 60 } as const;
const day = { stepMs: 10 * minuteMs, steps: 144 } as const;

export class PromiseRecord {
  readonly promiseMs: number;
  /** Since the record began. */
  readonly total: Counts = none();
  readonly #hour = new RecentCounts(hour);
  readonly #day = new RecentCounts(day);

  constructor(promiseMs: number) {
    this.promiseMs = promiseMs;
  }

  note({ finished, omitted }: WorkReport, at: EpochMs): void {
    const counts = none();
    counts.unknown += omitted;
    for (const { ageMs, outcome } of finished) {
      // A failed or returned message is in the queue still.
      if (outcome !== 'done') continue;
      if (ageMs === undefined) counts.unknown += 1;
      else if (ageMs <= this.promiseMs) counts.kept += 1;
      else counts.late += 1;
    }
    add(this.total, counts);
    this.#hour.add(counts, at);
    this.#day.add(counts, at);
  }

  read(now: EpochMs): { readonly hour: PromiseCounts; readonly day: PromiseCounts } {
    return { hour: this.#hour.sum(now), day: this.#day.sum(now) };
  }
}

interface Span {
  readonly stepMs: number;
  readonly steps: number;
}

/** Counts by step of time; a step gives way to the one that comes a span later. */
class RecentCounts {
  readonly #span: Span;
  /** By its place in the span. */
  readonly #buckets = new Map<number, { step: number; counts: Counts }>();

  constructor(span: Span) {
    this.#span = span;
  }

  add(counts: PromiseCounts, at: EpochMs): void {
    const step = Math.floor(at / this.#span.stepMs);
    const place = step % this.#span.steps;
    const known = this.#buckets.get(place);
    const bucket = known?.step === step ? known : { step, counts: none() };
    this.#buckets.set(place, bucket);
    add(bucket.counts, counts);
  }

  /** Of the steps that begin within the span before now. */
  sum(now: EpochMs): PromiseCounts {
    const newest = Math.floor(now / this.#span.stepMs);
    const sum = none();
    for (const { counts, step } of this.#buckets.values()) {
      if (step <= newest && step > newest - this.#span.steps) add(sum, counts);
    }
    return sum;
  }
}

function none(): Counts {
  return { kept: 0, late: 0, unknown: 0 };
}

function add(to: Counts, { kept, late, unknown }: PromiseCounts): void {
  to.kept += kept;
  to.late += late;
  to.unknown += unknown;
}
