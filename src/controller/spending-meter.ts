// What a group has cost since the month began. Its rate is kept in the history like a signal, so that
// a restarted controller goes on from where the last one stood, with no table of its own.

import { findInstancePrice } from '../core/instance-prices.ts';
import type { Spending } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';
import type { WarmPoolTerms } from '../core/warm-pool/warm-pool.ts';
import { findMonth, type CalendarMonth } from './calendar-month.ts';
import type { TargetDescription, TargetInstance } from './ports/scaling-target.ts';
import type { HistoryMinute } from './ports/store.ts';

/** Under this name the rate stands in the history. No signal may have it. */
export const spendingSignal = 'dollarsPerHour';
const hourMs = 3_600_000;

export class SpendingMeter {
  /** Of every instance; null takes the table's, by type. */
  #price: number | null;
  #perHour: number | null = null;
  #pricePerInstance: number | null;
  #countedUntil: EpochMs | null = null;
  #month: CalendarMonth | null = null;
  #spent = 0;
  /** Whether all of the month is counted: not after a history that could not be read. */
  #isComplete = true;
  #pool: WarmPoolTerms | null = null;

  constructor(pricePerInstanceHour: number | null) {
    this.#price = pricePerInstanceHour;
    this.#pricePerInstance = pricePerInstanceHour;
  }

  /** Another price from the next description on; what was spent stays spent. */
  reconfigure(pricePerInstanceHour: number | null): void {
    this.#price = pricePerInstanceHour;
    this.#pricePerInstance = pricePerInstanceHour ?? this.#pricePerInstance;
  }

  /** What waits in a warm pool that is ours is counted too; null: the group is to have none. */
  keepPool(terms: WarmPoolTerms | null): void {
    this.#pool = terms;
  }

  /** Of the next instance; null while it is not known. */
  get pricePerInstanceHour(): number | null {
    return this.#pricePerInstance;
  }

  /** Dollars an hour now; null while a price is not known. */
  get perHour(): number | null {
    return this.#perHour;
  }

  /** What the history has of the month. A gap between minutes cost as much as the one before it. */
  restore(minutes: readonly HistoryMinute[], now: EpochMs): void {
    this.#month = findMonth(now);
    this.#spent = 0;
    for (const [index, { start, mean }] of minutes.entries()) {
      const until = minutes[index + 1]?.start ?? now;
      this.#spent += (mean * Math.max(0, until - start)) / hourMs;
    }
    this.#countedUntil = now;
  }

  /** What was spent before now cannot be known: no budget of this month can be kept. */
  loseTrack(now: EpochMs): void {
    this.#enterMonth(now);
    this.#isComplete = false;
  }

  /** So many instances, each at the price that was given: of a fleet that has no description. */
  count(instances: number): void {
    this.#perHour = this.#price === null ? null : this.#price * instances;
  }

  describe({ instances }: TargetDescription): void {
    const charged = instances.filter((one) => isCharged(one, this.#pool !== null));
    let perHour = this.#priceWaiting(instances);
    for (const { instanceType } of charged) {
      const price = this.#price ?? findInstancePrice(instanceType);
      if (price === null) {
        this.#perHour = null;
        if (this.#price === null) this.#pricePerInstance = null;
        return;
      }
      perHour += price;
    }
    this.#perHour = perHour;
    // The next instance is taken to be of the type that most are of.
    this.#pricePerInstance = this.#price ?? findCommonPrice(charged) ?? this.#pricePerInstance;
  }

  /** The volumes of those that are stopped. */
  #priceWaiting(instances: readonly TargetInstance[]): number {
    const resting = instances.filter(
      ({ lifecycleState }) =>
        lifecycleState === 'Warmed:Stopped' || lifecycleState === 'Warmed:Hibernated',
    );
    return resting.length * (this.#pool?.volumesPerHour ?? 0);
  }

  /** Counts up to now. Returns null while a price is not known: no budget can be kept then. */
  read(now: EpochMs): Spending | null {
    const month = this.#enterMonth(now);
    const from = Math.max(this.#countedUntil ?? now, month.startedAt);
    this.#countedUntil = now;
    if (this.#perHour !== null) this.#spent += (this.#perHour * Math.max(0, now - from)) / hourMs;
    if (!this.#isComplete || this.#pricePerInstance === null || this.#perHour === null) return null;
    return {
      pricePerInstanceHour: this.#pricePerInstance,
      // Rounded, so that journals stay short.
      monthToDate: Math.round(this.#spent * 10_000) / 10_000,
      monthStartedAt: month.startedAt,
      monthEndsAt: month.endsAt,
    };
  }

  #enterMonth(now: EpochMs): CalendarMonth {
    if (this.#month === null || now >= this.#month.endsAt || now < this.#month.startedAt) {
      this.#month = findMonth(now);
      this.#spent = 0;
      this.#isComplete = true;
    }
    return this.#month;
  }
}

/**
 * From launch to termination. Of a warm pool those that run, to be prepared or for good, where the pool
 * is ours; another's is counted by who keeps it.
 */
function isCharged({ phase, lifecycleState }: TargetInstance, isPoolOurs: boolean): boolean {
  if (phase !== 'warm-pool') return true;
  const runs = lifecycleState === 'Warmed:Running' || lifecycleState.startsWith('Warmed:Pending');
  return isPoolOurs && runs;
}

/** The price of the commonest type, the first by name on a tie; null without instances. */
function findCommonPrice(instances: readonly TargetInstance[]): number | null {
  const counts = new Map<string, number>();
  for (const { instanceType } of instances) {
    counts.set(instanceType, (counts.get(instanceType) ?? 0) + 1);
  }
  const [commonest] = [...counts].toSorted(
    ([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1),
  );
  return commonest === undefined ? null : findInstancePrice(commonest[0]);
}
