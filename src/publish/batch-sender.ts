// Brings what was given to it to a service that takes it in batches: one call at a time, further apart
// after a refusal, nothing lost while there is room. Says when it fails, and when that is over.
//
//     waiting ──call──▶ taken
//        ▲        │
//        └ refused┘   1 s, 2 s, 4 s … a minute apart

import type { CancelTimer, Clock } from '../controller/ports/clock.ts';
import type { Log } from '../controller/ports/log.ts';

/** Which of a batch the service did not take; and why, for one of them. */
export type SendOutcome<T> =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly left: readonly T[]; readonly message: string }
  /** No other try would help: the values are given up. */
  | { readonly kind: 'impossible'; readonly message: string };

export interface BatchSenderOptions<T> {
  /** As in `CloudWatch`, for the log. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly batchMax: number;
  readonly waitingMax: number;
  /** How long what comes is collected before a call. */
  readonly collectMs: number;
  readonly send: (batch: readonly T[]) => Promise<SendOutcome<T>>;
}

const backoffFirstMs = 1000;
const backoffMaxMs = 60_000;
const doublingsMax = 6;
/** What may still be sent when the controller stops. */
const farewellCallsMax = 5;

export class BatchSender<T> {
  readonly #options: BatchSenderOptions<T>;
  #waiting: readonly T[] = [];
  #lost = 0;
  #failuresInRow = 0;
  #cancel: CancelTimer | null = null;
  #calling: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: BatchSenderOptions<T>) {
    this.#options = options;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Given up for want of room since the start. */
  get lostCount(): number {
    return this.#lost;
  }

  add(items: readonly T[]): void {
    const { log, name, waitingMax } = this.#options;
    const all = [...this.#waiting, ...items];
    this.#waiting = all.slice(-waitingMax);
    const excess = all.length - this.#waiting.length;
    if (excess > 0 && this.#lost === 0) {
      log.write('warn', `${name} has taken nothing for so long that the oldest values are lost`);
    }
    this.#lost += excess;
    if (this.#waiting.length > 0) this.#schedule(this.#options.collectMs);
  }

  /** Sends what there is, as far as it is taken at once. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#calling;
    for (let call = 0; call < farewellCallsMax && this.#waiting.length > 0; call += 1) {
      await this.#send();
      if (this.#failuresInRow > 0) return;
    }
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped || this.#cancel !== null || this.#calling !== null) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#cancel = null;
      this.#calling = this.#send().finally(() => {
        this.#calling = null;
        if (this.#waiting.length > 0) this.#schedule(this.#findWait());
      });
    });
  }

  #findWait(): number {
    if (this.#failuresInRow === 0) return this.#options.collectMs;
    const doublings = Math.min(this.#failuresInRow - 1, doublingsMax);
    return Math.min(backoffMaxMs, backoffFirstMs * (1 << doublings));
  }

  async #send(): Promise<void> {
    const { batchMax, log, name, send } = this.#options;
    const batch = this.#waiting.slice(0, batchMax);
    const outcome = await send(batch);
    // What was lost for want of room meanwhile was the oldest: of this batch.
    const left = outcome.kind === 'refused' ? new Set(outcome.left) : new Set<T>();
    const sent = new Set(batch);
    this.#waiting = this.#waiting.filter((item) => !sent.has(item) || left.has(item));
    if (outcome.kind === 'taken') {
      if (this.#failuresInRow > 0) log.write('info', `${name} takes values again`);
      this.#failuresInRow = 0;
      return;
    }
    if (this.#failuresInRow === 0) {
      const then = outcome.kind === 'refused' ? 'trying again' : 'these values are given up';
      log.write('warn', `${name} takes no values: ${outcome.message}; ${then}`);
    }
    this.#failuresInRow += 1;
  }
}
