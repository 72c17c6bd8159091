// Lets an instance that is to end finish what its balancers have sent it: it says so, takes nothing new,
// and lets Auto Scaling go on as soon as no connection is left, at the latest when the time is up.
//
//     serving ──is to end──▶ draining ──no connection, or time is up──▶ released
//        ▲                      │
//        └─ is to serve again ──┘

import type { CancelTimer, Clock } from '../clock.ts';
import { describeError } from '../describe-error.ts';
import type { TroubleLog, Log } from '../log.ts';
import type { EndNotice } from './ask-end.ts';
import type { LifecycleOutcome } from './lifecycle-action.ts';

export interface ConnectionCount {
  readonly total: number;
  /** When it was counted, of the monotonic clock. */
  readonly countedAtMs: number;
}

export interface DrainPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly troubles: TroubleLog;
  /** Of the named ports; null where none are named or they are not counted yet. */
  connections(): ConnectionCount | null;
  ask(): Promise<EndNotice>;
  /** Makes the hook wait on; null without a hook. */
  readonly hold: (() => Promise<LifecycleOutcome>) | null;
  /** Lets Auto Scaling go on; null without a hook. */
  readonly release: (() => Promise<LifecycleOutcome>) | null;
  /** `isDraining` is another than it was. */
  changed(): void;
}

/** Spot's two minutes are looked at every five seconds by AWS's advice; a drain may be shorter. */
export const askPeriodMs = 2_000;
/** Hooks wait for 30 s at least. */
const holdPeriodMs = 20_000;
/** So long after the beginning a balancer has asked again, and what it had sent before has come. */
export const settleMs = 10_000;

export class Drain {
  readonly #withinMs: number;
  readonly #ports: DrainPorts;
  #startedAtMs: number | null = null;
  #heldAtMs = 0;
  #isReleased = false;
  #isStopped = false;
  #cancel: CancelTimer | null = null;

  constructor(withinMs: number, ports: DrainPorts) {
    this.#withinMs = withinMs;
    this.#ports = ports;
  }

  get isDraining(): boolean {
    return this.#startedAtMs !== null;
  }

  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { clock, troubles } = this.#ports;
    try {
      const notice = await this.#ports.ask();
      troubles.clear('metadata', 'the instance metadata answers again');
      if (!this.#isStopped) await this.#follow(notice);
    } catch (error) {
      // What was known stands: an instance does not serve again because nobody could be asked.
      const message = `the instance metadata does not say what is to come: ${describeError(error)}`;
      troubles.say('metadata', message);
    }
    if (!this.#isStopped) this.#cancel = clock.after(askPeriodMs, () => void this.#look());
  }

  async #follow(notice: EndNotice): Promise<void> {
    if (notice.kind === 'serve') this.#resume();
    else if (this.#startedAtMs === null) this.#begin(notice.why);
    else if (notice.kind === 'end' && !this.#isReleased) await this.#goOn(this.#startedAtMs);
  }

  #begin(why: string): void {
    const { clock, log } = this.#ports;
    this.#startedAtMs = clock.monotonicMs();
    this.#heldAtMs = this.#startedAtMs;
    log.info(`${why}: draining, for ${this.#withinMs / 1000} s at most`);
    this.#ports.changed();
  }

  #resume(): void {
    if (this.#startedAtMs === null) return;
    this.#startedAtMs = null;
    this.#isReleased = false;
    this.#ports.log.info('to serve again: no longer draining');
    this.#ports.changed();
  }

  async #goOn(startedAtMs: number): Promise<void> {
    const { clock, hold, log, release, troubles } = this.#ports;
    const now = clock.monotonicMs();
    const connections = this.#ports.connections();
    const isEmpty = connections?.total === 0 && connections.countedAtMs >= startedAtMs + settleMs;
    if (!isEmpty && now < startedAtMs + this.#withinMs) {
      if (hold === null || now < this.#heldAtMs + holdPeriodMs) return;
      this.#heldAtMs = now;
      this.#tell(await hold());
      return;
    }
    if (release !== null) {
      const outcome = await release();
      this.#tell(outcome);
      // Not waiting yet, or out of reach: asked again at the next look, while the instance stands.
      if (outcome.kind !== 'done') return;
    }
    this.#isReleased = true;
    troubles.forget('lifecycle');
    const left = connections === null ? '' : `, ${connections.total} connections left`;
    log.info(`drained in ${Math.round((now - startedAtMs) / 1000)} s${left}`);
  }

  #tell(outcome: LifecycleOutcome): void {
    if (outcome.kind !== 'failed') return;
    const message = `Auto Scaling is not told how far the drain is: ${outcome.message}`;
    this.#ports.troubles.say('lifecycle', message);
  }
}
