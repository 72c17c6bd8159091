// Decisions between ticks: what arrives is looked at soon after, and a group whose readings crossed a
// bound is decided early. Arrivals are taken in together, and no group twice within a moment.

import type { ManagedGroup } from './managed-group.ts';
import type { CancelTimer, Clock } from './ports/clock.ts';

/** Messages are looked at this long after the first of them came, together with those since. */
const pulseMs = 20;
/** Early ticks of one group: at most ten a second. */
const earlyTickGapMs = 100;

export interface EarlyTicksOptions {
  readonly clock: Clock;
  /** Takes in what arrived, and returns the groups whose readings it may have moved. */
  readonly drain: () => ReadonlySet<ManagedGroup>;
  readonly tick: (groups: readonly ManagedGroup[]) => void;
}

export class EarlyTicks {
  readonly #options: EarlyTicksOptions;
  /** Groups to be looked at soon: a source was read, or they were woken too soon after a tick. */
  readonly #waiting = new Set<ManagedGroup>();
  #cancel: CancelTimer | null = null;
  #isStopped = false;

  constructor(options: EarlyTicksOptions) {
    this.#options = options;
  }

  /** Something arrived. */
  schedule(delayMs = pulseMs): void {
    if (this.#isStopped || this.#cancel !== null) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#cancel = null;
      this.#pulse();
    });
  }

  /** Something of this group was read without a message. */
  expedite(group: ManagedGroup): void {
    this.#waiting.add(group);
    this.schedule();
  }

  forget(group: ManagedGroup): void {
    this.#waiting.delete(group);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #pulse(): void {
    const touched = this.#options.drain();
    const elapsedMs = this.#options.clock.elapsedMs();
    const woken = [...touched, ...this.#waiting].filter(
      (group) => group.heldBy === null && group.isWoken(),
    );
    this.#waiting.clear();
    const ready: ManagedGroup[] = [];
    for (const group of new Set(woken)) {
      const earliest = group.lastTickElapsedMs + earlyTickGapMs;
      if (elapsedMs >= earliest) ready.push(group);
      else this.#waiting.add(group);
    }
    if (this.#waiting.size > 0) this.schedule(earlyTickGapMs);
    if (ready.length > 0) this.#options.tick(ready);
  }
}
