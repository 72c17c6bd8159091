// A job's thread for tests: does what the name of the config's group says.

import { parentPort, workerData } from 'node:worker_threads';
import type { JobMessage, JobTask } from '../jobs.ts';

/** Only `jobs.ts` starts this file, with a task. */
const { config, trace } = workerData as JobTask;

/** In short: docs/simulate.md has all of its keys. */
const report = { violationShare: 0.018, costInstanceSeconds: 14_592_081, costUsd: 389.12 };

function say(message: JobMessage): void {
  parentPort?.postMessage(message);
}

say({ kind: 'progress', progress: 0.5 });
if (config.includes('throws')) throw new Error('a bug');
if (config.includes('refused')) say({ kind: 'failed', message: 'there is no such group' });
else if (config.includes('endless')) setInterval(() => undefined, 1000);
else say({ kind: 'done', result: config.includes('echo') ? { trace } : report, svg: '<svg/>' });
