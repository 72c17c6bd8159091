// Simulations and comparisons that someone asked for: one at a time in a thread of its own, bounded in
// number, time and memory, so that no question keeps the controller from deciding.
//
//     waiting ──its turn──> running ──> done | failed
//        └──────────── cancelled ◀────┘

import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** What the thread is given. */
export interface JobTask {
  readonly kind: 'simulate' | 'compare';
  /** The text of a config. */
  readonly config: string;
  readonly group: string | null;
  readonly trace:
    | { readonly generator: string; readonly seed: number; readonly durationMs: number | null }
    | { readonly csv: string };
  readonly bootMs: number | null;
  /** Work per second of an instance; null: a tenth of the scored mean. */
  readonly capacity: number | null;
}

/** What the thread says. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly progress: number }
  | { readonly kind: 'done'; readonly result: unknown; readonly svg: string }
  /** Something is wrong with what was asked, in lines for people. */
  | { readonly kind: 'failed'; readonly message: string };

export interface Job {
  readonly id: string;
  readonly kind: JobTask['kind'];
  readonly by: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** 0–1. */
  readonly progress: number;
  /** What `foretide simulate --json` or `compare --json` prints; null before the end. */
  readonly result: unknown;
  readonly svg: string | null;
  /** Why it failed. */
  readonly problem: string | null;
}

export interface Jobs {
  /** Null: too many wait. */
  start(task: JobTask, by: string | null): Job | null;
  find(id: string): Job | null;
  /** False for one that is not there. */
  cancel(id: string): boolean;
  close(): Promise<void>;
}

export interface JobsOptions {
  /** The file of the thread. */
  readonly thread: URL;
  readonly onChange: (job: Job) => void;
  readonly limitMs?: number;
}

export const waitingJobsMax = 8;
/** Of jobs that have ended: the oldest is forgotten. */
const keptMax = 20;
/** A comparison with every rival on a fortnight takes about a minute of a core. */
export const jobLimitMs = 300_000;
const memoryMaxMegabytes = 1024;

interface Entry {
  job: Job;
  readonly task: JobTask;
}

export function createJobs({ limitMs = jobLimitMs, onChange, thread }: JobsOptions): Jobs {
  const entries = new Map<string, Entry>();
  let running: { readonly id: string; readonly worker: Worker } | null = null;

  const change = (entry: Entry, more: Partial<Job>): void => {
    entry.job = { ...entry.job, ...more };
    onChange(entry.job);
  };

  const end = (entry: Entry, more: Partial<Job>): void => {
    if (entry.job.state === 'waiting' || entry.job.state === 'running') change(entry, more);
    const ended = [...entries.values()].filter(({ job }) => isOver(job));
    for (const { job } of ended.slice(0, Math.max(0, ended.length - keptMax))) {
      entries.delete(job.id);
    }
  };

  const next = (): void => {
    if (running !== null) return;
    const entry = [...entries.values()].find(({ job }) => job.state === 'waiting');
    if (entry === undefined) return;
    const worker = new Worker(thread, {
      workerData: entry.task,
      resourceLimits: { maxOldGenerationSizeMb: memoryMaxMegabytes },
      // What it prints is no answer, and its environment holds keys that it does not need.
      stdout: true,
      stderr: true,
      env: {},
    });
    running = { id: entry.job.id, worker };
    change(entry, { state: 'running' });
    const timer = setTimeout(() => {
      end(entry, { state: 'failed', problem: `it took longer than ${limitMs / 1000} s` });
      void worker.terminate();
    }, limitMs);
    worker.on('message', (message: JobMessage) => take(entry, message));
    worker.on('error', (error) => {
      end(entry, { state: 'failed', problem: `it ended early: ${error.message}` });
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      end(entry, { state: 'failed', problem: 'it ended without a result' });
      running = null;
      next();
    });
  };

  const take = (entry: Entry, message: JobMessage): void => {
    if (isOver(entry.job)) return;
    switch (message.kind) {
      case 'progress':
        return change(entry, { progress: message.progress });
      case 'done':
        return end(entry, {
          state: 'done',
          progress: 1,
          result: message.result,
          svg: message.svg,
        });
      case 'failed':
        return end(entry, { state: 'failed', problem: message.message });
    }
  };

  return {
    start: (task, by) => {
      const waiting = [...entries.values()].filter(({ job }) => job.state === 'waiting').length;
      if (waiting >= waitingJobsMax) return null;
      const job: Job = {
        id: randomUUID(),
        kind: task.kind,
        by,
        state: 'waiting',
        progress: 0,
        result: null,
        svg: null,
        problem: null,
      };
      const entry = { job, task };
      entries.set(job.id, entry);
      onChange(job);
      next();
      return entry.job;
    },
    find: (id) => entries.get(id)?.job ?? null,
    cancel: (id) => {
      const entry = entries.get(id);
      if (entry === undefined) return false;
      end(entry, { state: 'cancelled' });
      if (running?.id === id) void running.worker.terminate();
      return true;
    },
    close: async () => {
      for (const entry of entries.values()) end(entry, { state: 'cancelled' });
      await running?.worker.terminate();
    },
  };
}

function isOver({ state }: Job): boolean {
  return state !== 'waiting' && state !== 'running';
}
