// Simulations on several cores: a module in a few threads, each given one task after the other. A
// task that fails ends the pool: simulations are pure, so it would fail again.

import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';

export interface PooledTask {
  /** Tasks of one affinity share what is dear to prepare: a thread stays with one. */
  readonly affinity: string;
}

export interface Threads {
  /** The module that calls `serveTasks`. */
  readonly module: URL;
  /** What every thread starts with, as its `workerData`. */
  readonly ground?: unknown;
  /** Default: one for each core. */
  readonly threads?: number;
}

export interface Batch<Task extends PooledTask, Answer> {
  /** In the order in which they are wanted; each and its answer must be cloneable. */
  readonly tasks: readonly Task[];
  readonly onAnswer: (task: Task, answer: Answer) => void;
  /** Asked before each task; true leaves the rest undone. */
  readonly isOver?: () => boolean;
}

/** Threads that stay between batches. */
export interface ThreadPool<Task extends PooledTask, Answer> {
  /** Resolves when no thread works any more. Rejects with a task's failure. One at a time. */
  run(batch: Batch<Task, Answer>): Promise<void>;
  close(): Promise<void>;
}

interface Failure {
  readonly failure: string;
}

/** Threads are started as there are tasks for them. */
export function openThreads<Task extends PooledTask, Answer>(
  options: Threads,
): ThreadPool<Task, Answer> {
  const threadsMax = options.threads ?? availableParallelism();
  const workers: Worker[] = [];
  return {
    run: async (batch) => {
      const count = Math.min(threadsMax, batch.tasks.length);
      while (workers.length < count) {
        workers.push(new Worker(options.module, { workerData: options.ground }));
      }
      const waiting = [...batch.tasks];
      const busy = new Map<Worker, string>();
      const shifts = workers.slice(0, count);
      await Promise.all(shifts.map((worker) => workOff(worker, { batch, waiting, busy })));
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** One batch, in threads of its own. */
export async function runInThreads<Task extends PooledTask, Answer>(
  options: Threads & Batch<Task, Answer>,
): Promise<void> {
  const pool = openThreads<Task, Answer>(options);
  try {
    await pool.run(options);
  } finally {
    await pool.close();
  }
}

interface Shift<Task extends PooledTask, Answer> {
  readonly batch: Batch<Task, Answer>;
  readonly waiting: Task[];
  /** The affinity that each thread is at. */
  readonly busy: Map<Worker, string>;
}

async function workOff<Task extends PooledTask, Answer>(
  worker: Worker,
  shift: Shift<Task, Answer>,
): Promise<void> {
  const { batch, waiting, busy } = shift;
  while (batch.isOver?.() !== true) {
    const task = takeTask(waiting, busy.get(worker), new Set(busy.values()));
    if (task === undefined) return;
    busy.set(worker, task.affinity);
    batch.onAnswer(task, await ask<Task, Answer>(worker, task));
  }
}

/** One of the thread's own affinity; else the first that no other thread is at; else the first. */
function takeTask<Task extends PooledTask>(
  waiting: Task[],
  own: string | undefined,
  taken: ReadonlySet<string>,
): Task | undefined {
  const same = waiting.findIndex(({ affinity }) => affinity === own);
  const free = waiting.findIndex(({ affinity }) => !taken.has(affinity));
  const index = same >= 0 ? same : Math.max(0, free);
  return waiting.splice(index, 1)[0];
}

function ask<Task extends PooledTask, Answer>(worker: Worker, task: Task): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const finish = (settle: () => void): void => {
    worker.off('message', receive);
    worker.off('error', lose);
    settle();
  };
  const receive = (message: { readonly answer: Answer } | Failure): void => {
    finish(() => {
      if ('failure' in message) reject(new Error(message.failure));
      else resolve(message.answer);
    });
  };
  const lose = (error: unknown): void => finish(() => reject(error));
  worker.on('message', receive);
  worker.on('error', lose);
  worker.postMessage(task);
  return promise;
}

/** A thread's side: answers each task as it comes. */
export function serveTasks<Task, Answer>(answer: (task: Task) => Answer | Promise<Answer>): void {
  const port = parentPort;
  if (port === null) throw new Error('serveTasks is for a thread of runInThreads');
  port.on('message', (task: Task) => {
    void Promise.resolve()
      .then(() => answer(task))
      .then(
        (answered) => port.postMessage({ answer: answered }),
        (error: unknown) => port.postMessage({ failure: String(error) }),
      );
  });
}
