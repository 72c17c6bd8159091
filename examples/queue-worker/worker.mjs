// A worker whose messages say how long they take: what `foretide queue send` sends.

import { startWorker } from 'foretide/worker';
import { setTimeout as sleep } from 'node:timers/promises';

const worker = startWorker({
  queueUrl: process.env.QUEUE_URL,
  handle: ({ Body }, signal) => sleep(JSON.parse(Body).durationMs, undefined, { signal }),
  ...(process.env.AGENT && { reportTo: { agent: process.env.AGENT } }),
});
await worker.drained;
