// What the controller counts about itself: for `/metrics`, `status` and the benchmarks.

import type { CallOutcome, Decision } from '../core/decision.ts';
import { rejectionReasons, type RejectionReason } from '../wire/rejection.ts';

/** Samples of a duration that are kept for its percentiles: the newest ones. */
const durationSamplesMax = 4096;

/** The newest durations of one kind of work, in milliseconds. */
export class Durations {
  readonly #samples = new Float64Array(durationSamplesMax);
  #count = 0;
  #sum = 0;

  add(ms: number): void {
    this.#samples[this.#count % durationSamplesMax] = ms;
    this.#count += 1;
    this.#sum += ms;
  }

  get count(): number {
    return this.#count;
  }

  get sumMs(): number {
    return this.#sum;
  }

  /** By nearest rank over the samples that are kept; null while there are none. */
  quantile(ratio: number): number | null {
    const size = Math.min(this.#count, durationSamplesMax);
    if (size === 0) return null;
    const sorted = this.#samples.slice(0, size).toSorted();
    return sorted[Math.max(0, Math.ceil(ratio * size) - 1)] ?? null;
  }
}

export type RejectionCounts = Record<RejectionReason, number>;

export function countNoRejections(): RejectionCounts {
  const counts: Partial<RejectionCounts> = {};
  for (const reason of rejectionReasons) counts[reason] = 0;
  // Every reason has just been set.
  return counts as RejectionCounts;
}

export class Counters {
  reportsReceived = 0;
  lateReports = 0;
  ticks = 0;
  ticksSkipped = 0;
  earlyTicks = 0;
  journalFailures = 0;
  readonly decisions: Record<Decision['kind'], number> = {
    'scale-out': 0,
    'scale-in': 0,
    hold: 0,
  };
  /** Calls that change a group, by what became of them. */
  readonly actuations: Record<CallOutcome['kind'], number> = {
    accepted: 0,
    unchanged: 0,
    refused: 0,
    unknown: 0,
  };
  /** By reason, over all groups and messages that belong to none. */
  readonly rejected: RejectionCounts = countNoRejections();
  /** From draining the inbox to the last decision of a tick. */
  readonly tickMs = new Durations();
  /** From a report's arrival to the answer of the call that it led to. */
  readonly reactionMs = new Durations();
}
