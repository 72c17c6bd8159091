// The queue to the store's thread. One batch is on its way at a time; what is asked meanwhile waits
// and goes together, so that a busy controller's appends share one wait for the disk.
//
//     idle ──ask──> scheduled ──turn ends──> waiting ──answers──> idle, or scheduled
//                                               │
//                                               └──too late──> late ──answers──> idle
//
// While the thread is late, every call is refused at once. An append that failed takes with it those
// that waited behind it: a journal has no hole that its next entry does not tell of.

import { Worker } from 'node:worker_threads';

import type { StoreOutcome } from '../controller/ports/store.ts';
import type {
  EngineOptions,
  FromStoreThread,
  StoreAnswers,
  StoreCall,
  StoreCallKind,
  ToStoreThread,
} from './store-call.ts';

/** Calls that wait; with so many the controller is far ahead of the disk, and more are refused. */
const waitingCallsMax = 10_000;
/** Bounds how long a batch takes, and so how long the calls after it wait. */
const callsPerBatchMax = 1000;

export interface StoreThreadOptions {
  /** The module that runs in the thread. */
  readonly thread: URL;
  readonly engine: EngineOptions;
  readonly answerWithinMs: number;
  readonly onSetAside: (path: string) => void;
}

export interface StoreThread {
  /** Never rejects. */
  ask<Kind extends StoreCallKind>(
    call: Extract<StoreCall, { readonly kind: Kind }>,
  ): Promise<StoreOutcome<StoreAnswers[Kind]>>;
  /** Lets what was asked be carried out, then ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  readonly call: StoreCall;
  /** Called once with the outcome; later calls do nothing. */
  readonly settle: (outcome: StoreOutcome<unknown>) => void;
}

type Phase = 'idle' | 'scheduled' | 'waiting' | 'late';

export function startStoreThread(options: StoreThreadOptions): StoreThread {
  const { path } = options.engine.connection;
  let waiting: Waiting[] = [];
  let asked: Waiting[] = [];
  let phase: Phase = 'idle';
  let worker: Worker | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | null = null;
  let whenDone: () => void = () => {};

  const settleAll = (calls: readonly Waiting[], message: string): void => {
    for (const each of calls) each.settle({ ok: false, message });
  };

  const obtainWorker = (): Worker => {
    if (worker !== null) return worker;
    const started = new Worker(options.thread, { workerData: options.engine });
    started.on('message', receive);
    started.on('error', (error) => lose(started, error.message));
    started.on('exit', () => lose(started, 'it ended'));
    worker = started;
    return started;
  };

  /** The thread is gone: a bug, or no memory. The next call starts another one. */
  const lose = (lost: Worker, cause: string): void => {
    if (worker !== lost) return;
    worker = null;
    if (phase === 'waiting' || phase === 'late') finish(`the store ${path} failed: ${cause}`);
  };

  const schedule = (): void => {
    if (phase !== 'idle') return;
    if (waiting.length === 0) return whenDone();
    phase = 'scheduled';
    // After this turn: all that a tick asks goes together.
    setImmediate(send);
  };

  const send = (): void => {
    asked = waiting.slice(0, callsPerBatchMax);
    waiting = waiting.slice(callsPerBatchMax);
    phase = 'waiting';
    const recipient = obtainWorker();
    recipient.ref();
    timer = setTimeout(giveUp, options.answerWithinMs);
    try {
      post(recipient, { kind: 'batch', calls: asked.map(({ call }) => call) });
    } catch (error) {
      // Something in it is not plain data: a bug of the caller's, who is told.
      finish(`the store ${path} was given what it cannot keep: ${String(error)}`);
    }
  };

  /** The batch is over; calls without an answer get this message. */
  const finish = (message: string): void => {
    clearTimeout(timer);
    settleAll(asked, message);
    asked = [];
    phase = 'idle';
    // Does not keep a process alive that asks nothing more.
    worker?.unref();
    schedule();
  };

  const giveUp = (): void => {
    phase = 'late';
    const message = `the store ${path} has not answered for ${options.answerWithinMs / 1000} s`;
    settleAll([...asked, ...waiting], message);
    waiting = [];
    whenDone();
  };

  const receive = (message: FromStoreThread): void => {
    if (message.kind === 'closed') return;
    waiting = settleAsked(asked, message.outcomes, waiting);
    for (const damaged of message.setAside) options.onSetAside(damaged);
    finish(`the store ${path} gave no answer`);
  };

  const end = async (): Promise<void> => {
    if (phase === 'scheduled' || phase === 'waiting') {
      await new Promise<void>((resolve) => {
        whenDone = resolve;
      });
    }
    if (worker === null) return;
    await endWorker(worker, options.answerWithinMs);
    worker = null;
  };

  return {
    ask: (call) =>
      new Promise((resolve) => {
        // The thread answers a call of this kind with its kind of value: see `StoreAnswers`.
        const settle = resolve as (outcome: StoreOutcome<unknown>) => void;
        const refusal = closing === null ? refusalFor(phase, waiting.length) : 'is closed';
        if (refusal !== null) {
          settle({ ok: false, message: `the store ${path} ${refusal}` });
          return;
        }
        waiting.push({ call, settle });
        schedule();
      }),
    close: () => {
      closing ??= end();
      return closing;
    },
  };
}

/** Answers what was asked, and the appends behind one that failed; returns what still waits. */
function settleAsked(
  asked: readonly Waiting[],
  outcomes: readonly StoreOutcome<unknown>[],
  waiting: readonly Waiting[],
): Waiting[] {
  outcomes.forEach((outcome, position) => asked[position]?.settle(outcome));
  const hole = outcomes.find(({ ok }, at) => !ok && asked[at]?.call.kind === 'append');
  if (hole === undefined) return [...waiting];
  return waiting.filter(({ call, settle }) => {
    if (call.kind !== 'append') return true;
    settle(hole);
    return false;
  });
}

function refusalFor(phase: Phase, waitingCalls: number): string | null {
  if (phase === 'late') return 'does not answer; its disk may hang';
  return waitingCalls >= waitingCallsMax ? `is ${waitingCallsMax} calls behind` : null;
}

function post(worker: Worker, message: ToStoreThread): void {
  worker.postMessage(message);
}

/**
 * Ends it in order, or after a while by force, without waiting for a disk that hangs: what was
 * answered is kept either way.
 */
function endWorker(worker: Worker, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      void worker.terminate();
      worker.unref();
      resolve();
    }, withinMs);
    worker.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    worker.ref();
    post(worker, { kind: 'close' });
  });
}
