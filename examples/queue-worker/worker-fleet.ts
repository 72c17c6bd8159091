// A worker for each instance of a group, in this process: begun when the instance is in service, drained
// when it goes.

import type { SQSClient } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker, type Worker } from '../../src/worker/index.ts';

export interface WorkerFleetOptions {
  readonly queueUrl: string;
  readonly sqs: SQSClient;
  readonly broker: string;
  readonly group: string;
}

export class WorkerFleet {
  readonly #options: WorkerFleetOptions;
  readonly #working = new Map<string, Worker>();
  /** Those of instances that are gone: their counts count. */
  readonly #gone: Worker[] = [];

  constructor(options: WorkerFleetOptions) {
    this.#options = options;
  }

  /** Instances that work. */
  get size(): number {
    return this.#working.size;
  }

  get done(): number {
    return this.#sum('done');
  }

  get returned(): number {
    return this.#sum('returned');
  }

  /** Takes over which instances are in service now. */
  follow(instances: readonly string[]): void {
    const wanted = new Set(instances);
    for (const [id, worker] of this.#working) {
      if (wanted.has(id)) continue;
      this.#working.delete(id);
      this.#gone.push(worker);
      void worker.drain('the instance goes');
    }
    for (const id of wanted) if (!this.#working.has(id)) this.#working.set(id, this.#start(id));
  }

  async close(): Promise<void> {
    this.follow([]);
    await Promise.all(this.#gone.map(({ drained }) => drained));
  }

  #start(instance: string): Worker {
    const { broker, group, queueUrl, sqs } = this.#options;
    return startWorker({
      queueUrl,
      sqs,
      handle: ({ Body }, signal) => sleep(readDuration(Body), undefined, { signal }),
      reportTo: { broker, group, instance },
      waitSeconds: 1,
      drainWithinMs: 0,
      drainsOnSignal: false,
      log: () => {},
    });
  }

  #sum(outcome: 'done' | 'returned'): number {
    const workers = [...this.#working.values(), ...this.#gone];
    return workers.reduce((sum, worker) => sum + worker.counts()[outcome], 0);
  }
}

function readDuration(body = '{}'): number {
  const { durationMs } = JSON.parse(body) as { readonly durationMs?: unknown };
  return typeof durationMs === 'number' ? durationMs : 0;
}
