// `foretide/worker`: what programs that work off a queue import.

export { ReturnedError, type WorkCounts } from './in-hand.ts';
export type {
  CloudWatchOptions,
  LifecycleOptions,
  MessageHandler,
  ReportTo,
  WorkerOptions,
} from './options.ts';
export { startWorker, type Worker } from './worker.ts';
