// Tells what the worker does, once a second while there is news and often enough otherwise that it is
// not taken for dead. What cannot be delivered waits, within a bound; what does not fit is counted.

import type { FinishedWork } from '../wire/work.ts';
import { finishedPerReportMax } from '../wire/work.ts';

export interface WorkMessage {
  readonly inHand: number;
  readonly finished: readonly FinishedWork[];
  readonly omitted: number;
}

/** What the other side answered: whether it wants the worker to drain. */
export interface SinkAnswer {
  readonly isDraining: boolean;
  /** When the instance is ended all the same, from now; absent where nobody says. */
  readonly withinMs?: number;
}

/** Where reports go. `send` rejects where it could not deliver; what it carried is sent again. */
export interface WorkSink {
  readonly name: string;
  send(message: WorkMessage): Promise<SinkAnswer>;
  close(): Promise<void>;
}

const periodMs = 1000;
/** An agent drops what nobody renews for a minute. */
const renewalMs = 10_000;
const waitingMax = 4096;

export interface ReporterOptions {
  readonly sink: WorkSink;
  readonly countInHand: () => number;
  readonly log: (line: string) => void;
  readonly onDrain: (withinMs: number) => void;
}

export class Reporter {
  readonly #options: ReporterOptions;
  #waiting: FinishedWork[] = [];
  #omitted = 0;
  #toldInHand = -1;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isSending = false;
  #isTroubleTold = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#tick(), periodMs);
    this.#timer.unref();
  }

  /**
   * Tells once that the worker is there, and hears whether it is to drain. Resolves within the limit,
   * whoever answers.
   */
  async greet(limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([this.#send(), late]);
    clearTimeout(timer);
  }

  add(finished: FinishedWork): void {
    if (this.#waiting.length < waitingMax) this.#waiting.push(finished);
    else this.#omitted += 1;
  }

  /** Sends what there is still to tell, once, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const batches = Math.ceil(this.#waiting.length / finishedPerReportMax) + 1;
    for (let batch = 0; batch < batches && !this.#isTroubleTold; batch += 1) await this.#send();
    await this.#options.sink.close();
  }

  async #tick(): Promise<void> {
    const isNews =
      this.#waiting.length > 0 ||
      this.#omitted > 0 ||
      this.#options.countInHand() !== this.#toldInHand ||
      performance.now() - this.#toldAt >= renewalMs;
    if (isNews && !this.#isSending) await this.#send();
  }

  async #send(): Promise<void> {
    const { sink, countInHand, log, onDrain } = this.#options;
    this.#isSending = true;
    const inHand = countInHand();
    const finished = this.#waiting.slice(0, finishedPerReportMax);
    const omitted = this.#omitted;
    try {
      const answer = await sink.send({ inHand, finished, omitted });
      this.#waiting = this.#waiting.slice(finished.length);
      this.#omitted -= omitted;
      this.#toldInHand = inHand;
      this.#toldAt = performance.now();
      if (this.#isTroubleTold) log(`${sink.name} takes reports again`);
      this.#isTroubleTold = false;
      if (answer.isDraining) onDrain(answer.withinMs ?? Number.POSITIVE_INFINITY);
    } catch (error) {
      if (!this.#isTroubleTold) log(`${sink.name} takes no reports: ${describe(error)}`);
      this.#isTroubleTold = true;
    } finally {
      this.#isSending = false;
    }
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.message;
}
