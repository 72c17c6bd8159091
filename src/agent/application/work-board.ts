// What the queue workers of the instance have told: the messages in each one's hands, and those that
// were finished and stand in no report yet. A worker that no longer says anything holds nothing.

import {
  finishedPerReportMax,
  parseWork,
  workInHandSignal,
  type FinishedWork,
} from '../../wire/work.ts';

/** On one instance; each has one number here. */
export const workersMax = 256;
/** Waiting for a report. At one report a second this is never reached by honest workers. */
export const finishedWaitingMax = 4096;
const workerNameMax = 64;
const inHandMax = 100_000;

interface Told {
  readonly count: number;
  readonly renewedAtMs: number;
  /** Whether it told this after it had been answered that the instance drains. */
  readonly knew: boolean;
  /** Whether it was answered so now. */
  readonly hears: boolean;
}

export class WorkBoard {
  readonly #inHand = new Map<string, Told>();
  readonly #isDraining: () => boolean;
  readonly #lifetimeMs: number;
  #finished: FinishedWork[] = [];
  #omitted = 0;
  #isTold = false;

  constructor(lifetimeMs: number, isDraining: () => boolean = () => false) {
    this.#lifetimeMs = lifetimeMs;
    this.#isDraining = isDraining;
  }

  /** Takes a post or nothing of it. Null when it stands; else why not, in one line. */
  take(body: Readonly<Record<string, unknown>>, nowMs: number): string | null {
    const { inHand, worker = 'worker', ...work } = body;
    if (typeof worker !== 'string' || worker === '' || worker.length > workerNameMax) {
      return `"worker" must be a text of 1 to ${workerNameMax} characters`;
    }
    const isCount = typeof inHand === 'number' && Number.isSafeInteger(inHand);
    if (inHand !== undefined && (!isCount || inHand < 0 || inHand > inHandMax)) {
      return `"inHand" must be a whole number from 0 to ${inHandMax}`;
    }
    const parsed = parseWork(work);
    if (!parsed.ok) return describeRejection(parsed.reason);
    this.#dropSilent(nowMs);
    if (isCount && !this.#inHand.has(worker) && this.#inHand.size >= workersMax) {
      return `no room for worker ${JSON.stringify(worker)}: at most ${workersMax}`;
    }
    if (isCount) this.#tell(worker, inHand, nowMs);
    this.#omitted += parsed.value.omitted;
    for (const finished of parsed.value.finished) this.add(finished);
    return null;
  }

  add(finished: FinishedWork): void {
    if (this.#finished.length < finishedWaitingMax) this.#finished.push(finished);
    else this.#omitted += 1;
  }

  #tell(worker: string, count: number, renewedAtMs: number): void {
    const isDraining = this.#isDraining();
    const knew = isDraining && this.#inHand.get(worker)?.hears === true;
    this.#inHand.set(worker, { count, renewedAtMs, knew, hears: isDraining });
    this.#isTold = true;
  }

  /**
   * The messages in all hands, once any worker has told of them: one that only prints what it has
   * finished may be at work at any time. While the instance drains, a worker that does not know it yet
   * counts as holding one, for it may take a message at any moment.
   */
  collect(nowMs: number, put: (name: string, value: number) => void): void {
    this.#dropSilent(nowMs);
    if (!this.#isTold) return;
    const isDraining = this.#isDraining();
    let total = 0;
    for (const { count, knew } of this.#inHand.values()) {
      total += isDraining && !knew ? Math.max(1, count) : count;
    }
    put(workInHandSignal, total);
  }

  /** What goes into the next report, as JSON, and is forgotten here; null if there is nothing. */
  takeJson(): string | null {
    if (this.#finished.length === 0 && this.#omitted === 0) return null;
    const finished = this.#finished.slice(0, finishedPerReportMax);
    this.#finished = this.#finished.slice(finishedPerReportMax);
    const omitted = this.#omitted;
    this.#omitted = 0;
    return JSON.stringify({ finished, omitted });
  }

  #dropSilent(nowMs: number): void {
    for (const [worker, { renewedAtMs }] of this.#inHand) {
      if (nowMs - renewedAtMs > this.#lifetimeMs) this.#inHand.delete(worker);
    }
  }
}

function describeRejection(reason: string): string {
  const shape =
    '{"class": name, "durationMs": above 0 and at most 12 h, "outcome": "done", "ageMs": at most 14 days}';
  return `"finished" is ${reason}: it takes up to ${finishedPerReportMax} of ${shape}`;
}
