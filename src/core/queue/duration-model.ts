// What is known of a queue's messages by those that were finished: how long each class takes, how many
// failed. Failed ones are counted and shown, and are no part of any duration: a message that fails for
// ever would otherwise set the size of the group.

import {
  addDuration,
  believe,
  createDurationSketch,
  meanDuration,
  quantileDuration,
  variationOf,
} from './duration-sketch.ts';
import type { DurationSketch } from './duration-sketch.ts';

/** Classes kept apart; messages of further ones count together, in this one. */
export const classesMax = 32;
const otherClasses = 'other';
/** The first duration of the config counts as much as so many messages: the first real one unlearns it. */
export const priorMessages = 0.25;

/** One message that a worker is done with. */
export interface FinishedMessage {
  readonly class: string;
  /** > 0. */
  readonly durationMs: number;
  readonly outcome: 'done' | 'failed' | 'returned';
  /** Of a FIFO queue, where the worker tells it. */
  readonly group?: string;
}

/** Only this file changes it. */
export interface DurationModel {
  /** Of all messages together. */
  readonly all: DurationSketch;
  readonly classes: Map<string, DurationSketch>;
  done: number;
  failed: number;
  returned: number;
}

export interface DurationReading {
  readonly meanMs: number;
  /** Squared coefficient of variation. ≥ 0. */
  readonly variation: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Counts since the controller began. */
  readonly done: number;
  readonly failed: number;
}

/** `firstMs`: what a message is believed to take before one is finished. > 0. */
export function createDurationModel(firstMs: number): DurationModel {
  const all = createDurationSketch();
  believe(all, firstMs, priorMessages);
  return { all, classes: new Map(), done: 0, failed: 0, returned: 0 };
}

export function noteFinished(model: DurationModel, message: FinishedMessage): void {
  switch (message.outcome) {
    case 'failed':
      model.failed += 1;
      return;
    case 'returned':
      // Cut short: it tells nothing of how long it takes.
      model.returned += 1;
      return;
    case 'done': {
      model.done += 1;
      addDuration(model.all, message.durationMs);
      addDuration(findClass(model, message.class), message.durationMs);
    }
  }
}

function findClass({ classes }: DurationModel, name: string): DurationSketch {
  const known = classes.get(name);
  if (known !== undefined) return known;
  const kept = classes.size < classesMax - 1 ? name : otherClasses;
  const sketch = classes.get(kept) ?? createDurationSketch();
  classes.set(kept, sketch);
  return sketch;
}

export function readDurations({ all, done, failed }: DurationModel): DurationReading {
  const quantile = (share: number): number => quantileDuration(all, share) ?? 0;
  return {
    meanMs: meanDuration(all) ?? 0,
    variation: variationOf(all),
    p50Ms: quantile(0.5),
    p90Ms: quantile(0.9),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    done,
    failed,
  };
}
