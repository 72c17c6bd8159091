// Fits for live groups, in one thread beside the controller's. It is started when there is something to
// fit and ended when nothing came for a while; one that fails, hangs or ends is given up with its fit.

import { Worker } from 'node:worker_threads';
import type { FittedName } from '../../core/forecasting/experts/fitted-expert.ts';
import type { FitRefusal, FitTask } from '../../core/forecasting/fit-series.ts';
import type { FitOutcome, ModelFitter } from '../../controller/ports/model-fitter.ts';
import type { FittingTask } from './fitting-thread.ts';

/** As it runs from its sources, or compiled. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
/** A fit takes half a second; on a machine that is busy throughout, some. */
const fitMsMax = 60_000;
/** Longer than the pause between fits: with many groups the thread stays. */
const idleMsMax = 120_000;
/** Four weeks of steps and a model's derivatives come to some megabytes. */
const heapMegabytesMax = 128;

export interface ThreadFitterOptions {
  /** Default: the module that fits. */
  readonly module?: URL;
  readonly fitMsMax?: number;
}

type Answer = { readonly answer: Float64Array | FitRefusal } | { readonly failure: string };

/** One fit at a time. */
export class ThreadFitter implements ModelFitter {
  readonly #options: ThreadFitterOptions;
  #worker: Worker | null = null;
  #idleTimer: NodeJS.Timeout | null = null;

  constructor(options: ThreadFitterOptions = {}) {
    this.#options = options;
  }

  async fit(name: FittedName, task: FitTask): Promise<FitOutcome> {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    const outcome = await this.#ask({ affinity: name, name, task });
    if (!outcome.ok && (outcome.code === 'took-too-long' || outcome.code === 'thread-failed')) {
      await this.close();
    } else {
      this.#idleTimer = setTimeout(() => void this.close(), idleMsMax).unref();
    }
    return outcome;
  }

  /** Ends the thread, and what it was fitting. Harmless when there is none. */
  async close(): Promise<void> {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #ask(task: FittingTask): Promise<FitOutcome> {
    const { promise, resolve } = Promise.withResolvers<FitOutcome>();
    const worker = this.#open();
    const fail = (): void => resolve({ ok: false, code: 'thread-failed' });
    const receive = (message: Answer): void => {
      if ('failure' in message) fail();
      else if (typeof message.answer === 'string') resolve({ ok: false, code: message.answer });
      else resolve({ ok: true, packed: message.answer });
    };
    const limit = setTimeout(
      () => resolve({ ok: false, code: 'took-too-long' }),
      this.#options.fitMsMax ?? fitMsMax,
    ).unref();
    worker.on('message', receive);
    worker.on('error', fail);
    worker.on('exit', fail);
    worker.postMessage(task);
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      worker.off('message', receive);
      worker.off('exit', fail);
    }
  }

  #open(): Worker {
    if (this.#worker !== null) return this.#worker;
    const module =
      this.#options.module ?? new URL(`./fitting-thread.${extension}`, import.meta.url);
    const worker = new Worker(module, {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
    });
    // A thread that nobody waits for must not keep the process.
    worker.unref();
    // One that ends between two fits makes room for another.
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }
}
