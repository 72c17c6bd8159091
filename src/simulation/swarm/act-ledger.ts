// The acts of a run from decision to outcome, kept beside the controller's own memory: what it was
// told, what is durable, and so what it must still know after a crash.

import type { Actuation, Decision } from '../../core/decision.ts';
import type { EpochMs } from '../../core/time.ts';

export interface DecidedAct {
  readonly decision: Decision;
  isDurable: boolean;
  /** The controller was told that it could not be written. */
  isRefusedByStore: boolean;
  isCalled: boolean;
  actuation: Actuation | null;
  /** When the outcome was told, by the controller's clock. */
  concludedAt: EpochMs;
  /** The same by the true clock. */
  concludedMs: number;
  isOutcomeDurable: boolean;
}

export class ActLedger {
  #acts: DecidedAct[] = [];

  decide(decision: Decision): void {
    this.#acts.push({
      decision,
      isDurable: false,
      isRefusedByStore: false,
      isCalled: false,
      actuation: null,
      concludedAt: 0,
      concludedMs: 0,
      isOutcomeDurable: false,
    });
  }

  /** The newest act decided at that time. */
  find(decisionAt: EpochMs): DecidedAct | undefined {
    return this.#acts.findLast(({ decision }) => decision.at === decisionAt);
  }

  /** The newest act to that size that no call was made for. */
  findUncalled(size: number): DecidedAct | undefined {
    return this.#acts.findLast((act) => !act.isCalled && act.decision.to === size);
  }

  /** The call that waits for its outcome. */
  findOpen(): DecidedAct | undefined {
    return this.#acts.findLast((act) => act.isCalled && act.actuation === null);
  }

  /** Changes that AWS accepted and the controller knows of. */
  accepted(): readonly DecidedAct[] {
    return this.#acts.filter(({ actuation }) => actuation?.kind === 'accepted');
  }

  /** Those that AWS answered by setting the size, or having it already. */
  concluded(): readonly DecidedAct[] {
    return this.#acts.filter(
      ({ actuation }) => actuation?.kind === 'accepted' || actuation?.kind === 'unchanged',
    );
  }

  /** Whether an act was refused at that time, and none concluded otherwise or decided then. */
  isOnlyRefusedAt(at: EpochMs): boolean {
    const others = this.#acts.some(
      (act) =>
        act.decision.at === at || (act.concludedAt === at && act.actuation?.kind !== 'refused'),
    );
    if (others) return false;
    return this.#acts.some((act) => act.concludedAt === at && act.actuation?.kind === 'refused');
  }

  /** A successor knows what is durable, unless the journal could not be read; no time lies ahead. */
  restart(now: EpochMs, isRemembered: boolean): void {
    this.#acts = this.#acts.filter((act) => isRemembered && act.isDurable && act.isOutcomeDurable);
    for (const act of this.#acts) act.concludedAt = Math.min(act.concludedAt, now);
  }
}
