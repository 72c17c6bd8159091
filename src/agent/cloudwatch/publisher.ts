// The agent without a broker: measures on a grid that no delay shifts, and brings every value to
// CloudWatch, however often that refuses. One call at a time; after a refusal further apart.
//
//     sample ──▶ outbox ──call──▶ accepted
//                   ▲               │
//                   └── refused ────┘   1 s, 2 s, 4 s … a minute apart, by chance a little less

import type { CancelTimer, Clock } from '../clock.ts';
import type { TroubleLog } from '../log.ts';
import { Sampler } from '../sampler.ts';
import type { Access, AccessOutcome } from '../aws/find-credentials.ts';
import { MetricOutbox, type Datum } from './metric-outbox.ts';
import type { PutOutcome } from './put-metric-data.ts';
import type { Publishing } from './publishing.ts';

export interface PublisherPorts {
  readonly clock: Clock;
  readonly troubles: TroubleLog;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The value of each metric now; NaN where it cannot be measured. */
  readonly measure: () => readonly number[];
  readonly findAccess: () => Promise<AccessOutcome>;
  readonly put: (datums: readonly Datum[], access: Access) => Promise<PutOutcome>;
}

/** Fast values are collected for so long: a call each second would cost ten times as much. */
export const flushEveryMs = 10_000;
const backoffFirstMs = 1000;
const backoffMaxMs = 60_000;
/** A role's credentials are renewed this long before they end. */
const renewAheadMs = 300_000;
/** What may still be sent when the agent is told to stop. */
const farewellCallsMax = 3;

export class Publisher {
  readonly outbox = new MetricOutbox();
  readonly #publishing: Publishing;
  readonly #ports: PublisherPorts;
  readonly #sampler: Sampler;
  #access: Access | null = null;
  #failuresInRow = 0;
  #cancel: CancelTimer | null = null;
  #calling: Promise<boolean> | null = null;
  #isStopped = false;

  constructor(publishing: Publishing, ports: PublisherPorts) {
    this.#publishing = publishing;
    this.#ports = ports;
    // In the middle of the interval: a timer's delay never moves a value into the next.
    this.#sampler = new Sampler(null, publishing.intervalMs, ports.clock, {
      onTick: (_, lateMs) => this.#sample(lateMs),
    });
  }

  start(): void {
    this.#sampler.start();
    this.#schedule(Math.max(flushEveryMs, this.#publishing.intervalMs));
  }

  /** Sends what there is, as far as CloudWatch lets it at once. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#sampler.stop();
    this.#cancel?.();
    await this.#calling;
    for (let call = 0; call < farewellCallsMax && this.outbox.size > 0; call += 1) {
      if (!(await this.#send())) return;
    }
  }

  /** A value stands for the interval that it was due in, however late it was taken. */
  #sample(lateMs: number): void {
    const { intervalMs } = this.#publishing;
    const dueAt = this.#ports.clock.epochMs() - lateMs;
    const at = Math.floor(dueAt / intervalMs) * intervalMs;
    this.#ports.measure().forEach((value, metric) => {
      if (Number.isFinite(value)) this.outbox.add({ metric, at, value });
    });
    const { droppedCount } = this.outbox;
    if (droppedCount > 0) {
      const message = `CloudWatch has taken nothing for so long that ${droppedCount} values are lost`;
      this.#ports.troubles.say('outbox', message);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel = this.#ports.clock.after(delayMs, () => {
      this.#calling = this.#send();
      void this.#calling.then((isAccepted) => this.#schedule(this.#findWait(isAccepted)));
    });
  }

  #findWait(isAccepted: boolean): number {
    if (isAccepted) return this.outbox.size > 0 ? backoffFirstMs : flushEveryMs;
    const doublings = Math.min(this.#failuresInRow - 1, 10);
    const waitMs = Math.min(backoffMaxMs, backoffFirstMs * 2 ** doublings);
    return waitMs * (0.5 + this.#ports.random() / 2);
  }

  /** One call. Whether CloudWatch has what was sent; also where there was nothing to send. */
  async #send(): Promise<boolean> {
    const datums = this.outbox.peek();
    if (datums.length === 0) return true;
    const { put, troubles } = this.#ports;
    const access = await this.#findAccess();
    if (access === null) return this.#fail();
    const outcome = await put(datums, access);
    if (outcome.kind === 'accepted') {
      this.outbox.settle(datums);
      this.#failuresInRow = 0;
      troubles.clear('cloudwatch', 'CloudWatch takes values again');
      return true;
    }
    if (outcome.kind === 'expired') this.#access = null;
    troubles.say('cloudwatch', `CloudWatch takes no values: ${outcome.message}; trying again`);
    return this.#fail();
  }

  #fail(): boolean {
    this.#failuresInRow += 1;
    return false;
  }

  async #findAccess(): Promise<Access | null> {
    const { clock, findAccess, troubles } = this.#ports;
    const endsAt = this.#access?.endsAt ?? Number.POSITIVE_INFINITY;
    if (this.#access !== null && clock.epochMs() < endsAt - renewAheadMs) return this.#access;
    const outcome = await findAccess();
    if (outcome.ok) {
      troubles.forget('cloudwatch');
      this.#access = outcome.access;
      return outcome.access;
    }
    // Those that have not ended yet still serve.
    if (this.#access !== null && clock.epochMs() < endsAt) return this.#access;
    this.#access = null;
    troubles.say('cloudwatch', `${outcome.message}; trying again`);
    return null;
  }
}
