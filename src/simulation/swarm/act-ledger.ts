// The acts of a run from decision to outcome, kept beside the controller's own memory: what it was
// told, what is durable, and so what it must still know after a crash.

import type { Actuation, CallOutcome, Decision } from '../../core/decision.ts';
import type { EpochMs } from '../../core/time.ts';

export interface DecidedAct {
  readonly decision: Decision;
  isDurable: boolean;
  /** The controller was told that it could not be written. */
  isRefusedByStore: boolean;
  isCalled: boolean;
  /** Of an act that cancels launches: the answers so far, by instance. */
  readonly launches: Map<string, CallOutcome>;
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
      launches: new Map(),
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
    return this.#acts.findLast(
      ({ decision, isCalled }) =>
        !isCalled && decision.to === size && decision.cancels === undefined,
    );
  }

  /** The newest act that is to cancel that launch and has no answer about it. */
  findCancelling(instance: string): DecidedAct | undefined {
    return this.#acts.findLast(
      ({ decision, launches, actuation }) =>
        actuation === null &&
        decision.cancels?.includes(instance) === true &&
        !launches.has(instance),
    );
  }

  /** The call that waits for its outcome. */
  findOpen(): DecidedAct | undefined {
    return this.#acts.findLast((act) => act.isCalled && act.actuation === null);
  }

  /** Changes that AWS accepted and the controller knows of. */
  accepted(): readonly DecidedAct[] {
    return this.#acts.filter(({ actuation }) => isChange(actuation));
  }

  /** Those that AWS answered by setting the size, or having it already. */
  concluded(): readonly DecidedAct[] {
    return this.#acts.filter(
      ({ actuation }) => isChange(actuation) || actuation?.kind === 'unchanged',
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

/** Whether AWS accepted any of it. */
function isChange(actuation: Actuation | null): boolean {
  if (actuation?.kind !== 'cancelled') return actuation?.kind === 'accepted';
  return actuation.launches.some(({ outcome }) => outcome.kind === 'accepted');
}
