// One thread of `foretide compare`: tunes a rival on the arena that every thread was started with.

import { workerData } from 'node:worker_threads';
import type { Arena } from '../../simulation/arena.ts';
import { serveTasks } from './thread-pool.ts';
import { tuneRival, type TuningTask } from './tune-rivals.ts';

// `tuneInThreads` gives nothing else.
const arena = workerData as Arena;

serveTasks((task: TuningTask) => tuneRival(arena, task));
