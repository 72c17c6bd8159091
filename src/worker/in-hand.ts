// The messages in the worker's hands: how long each takes, how each ends, and how the ones that are
// left are given back. Knows neither the queue nor the network.
//
//     (queue) ──▶ in hand ──handler ends──▶ done | failed
//                    └──── given back ────▶ returned

import {
  defaultWorkClass,
  durationMsMax,
  isWorkClass,
  messageAgeMsMax,
  type FinishedWork,
} from '../wire/work.ts';

/** Thrown in place of the handler's outcome when a message is given back unfinished. */
export class ReturnedError extends Error {
  override readonly name = 'ReturnedError';
}

export interface WorkCounts {
  readonly inHand: number;
  readonly done: number;
  readonly failed: number;
  readonly returned: number;
}

/** What is known of a message before it is handled. */
export interface Work {
  readonly class: string;
  /** Epoch milliseconds, by the queue's clock; null where it does not say. */
  readonly sentAt: number | null;
  /** What tells a FIFO queue's message group from others. */
  readonly group?: string | undefined;
}

interface Held {
  giveBack(): void;
}

/** How short a duration can be told: a timer's own resolution. */
const durationMsMin = 0.001;

export class WorkInHand {
  readonly #held = new Set<Held>();
  readonly #tell: (finished: FinishedWork) => void;
  readonly #counts = { done: 0, failed: 0, returned: 0 };

  constructor(tell: (finished: FinishedWork) => void) {
    this.#tell = tell;
  }

  get counts(): WorkCounts {
    return { inHand: this.#held.size, ...this.#counts };
  }

  /**
   * Runs the handler for one message. Rejects with what the handler rejected with, or with a
   * `ReturnedError` as soon as the message is given back, whether the handler heeds its signal or not.
   */
  async work<T>(work: Work, handle: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const startedAt = performance.now();
    let giveBack = (): void => {};
    const returned = new Promise<never>((_, reject) => {
      giveBack = () => {
        abort.abort();
        reject(new ReturnedError('given back: the worker has to go'));
      };
    });
    const held = { giveBack };
    this.#held.add(held);
    let outcome: FinishedWork['outcome'] = 'failed';
    try {
      const value = await Promise.race([handle(abort.signal), returned]);
      outcome = 'done';
      return value;
    } catch (error) {
      outcome = error instanceof ReturnedError ? 'returned' : 'failed';
      throw error;
    } finally {
      this.#held.delete(held);
      this.#counts[outcome] += 1;
      const elapsedMs = performance.now() - startedAt;
      const durationMs = Math.min(durationMsMax, Math.max(durationMsMin, elapsedMs));
      const finished = { class: nameClass(work.class), durationMs, outcome, ...ageOf(work) };
      this.#tell(work.group === undefined ? finished : { ...finished, group: work.group });
    }
  }

  /** Gives every message back that is in hand now. */
  giveBackAll(): void {
    for (const held of this.#held) held.giveBack();
  }
}

/** A clock that is behind the queue's makes no message younger than new. */
function ageOf({ sentAt }: Work): Pick<FinishedWork, 'ageMs'> {
  if (sentAt === null) return {};
  return { ageMs: Math.min(messageAgeMsMax, Math.max(0, Date.now() - sentAt)) };
}

function nameClass(name: string): string {
  return isWorkClass(name) ? name : defaultWorkClass;
}
