// Simulations on several cores: a module in a few threads, each given one task after the other. A
// task that fails ends the pool: simulations are pure, so it would fail again.

import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';

export interface PooledTask {
  /** Tasks of one affinity share what is dear to prepare: a thread stays with one. */
  readonly affinity: string;
}

export interface PoolOptions<Task extends PooledTask, Answer> {
  /** The module that calls `serveTasks`. */
  readonly module: URL;
  /** What every thread starts with, as its `workerData`. */
  readonly ground?: unknown;
  /** In the order in which they are wanted; each and its answer must be cloneable. */
  readonly tasks: readonly Task[];
  /** Default: one for each core. */
  readonly threads?: number;
  readonly onAnswer: (task: Task, answer: Answer) => void;
  /** Asked before each task; true leaves the rest undone. */
  readonly isOver?: () => boolean;
}

interface Failure {
  readonly failure: string;
}

/** Runs the tasks, and resolves when no thread works any more. Rejects with a task's failure. */
export async function runInThreads<Task extends PooledTask, Answer>(
  options: PoolOptions<Task, Answer>,
): Promise<void> {
  const { tasks } = options;
  const count = Math.min(options.threads ?? availableParallelism(), tasks.length);
  const waiting = [...tasks];
  const busy = new Map<Worker, string>();
  const workers = Array.from({ length: count }, () => {
    return new Worker(options.module, { workerData: options.ground });
  });
  try {
    await Promise.all(workers.map((worker) => workOff(worker, { options, waiting, busy })));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

interface Shift<Task extends PooledTask, Answer> {
  readonly options: PoolOptions<Task, Answer>;
  readonly waiting: Task[];
  /** The affinity that each thread is at. */
  readonly busy: Map<Worker, string>;
}

async function workOff<Task extends PooledTask, Answer>(
  worker: Worker,
  shift: Shift<Task, Answer>,
): Promise<void> {
  const { options, waiting, busy } = shift;
  while (options.isOver?.() !== true) {
    const task = takeTask(waiting, busy.get(worker), new Set(busy.values()));
    if (task === undefined) return;
    busy.set(worker, task.affinity);
    options.onAnswer(task, await ask<Task, Answer>(worker, task));
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
