// What a seed stands for: the messages and what their handlers do, the workers' settings, the sizes that
// the group is to have, and everything that goes wrong.

import { createRandom, drawBetween, drawChoice, drawLognormal, drawUniform } from '../random.ts';
import type { Random } from '../random.ts';

/** 2026-01-01T00:00:00Z. */
export const queueStartMs = 1_767_225_600_000;

/** What becomes of a message in a handler. */
export interface MessagePlan {
  readonly id: string;
  readonly sentAtMs: number;
  readonly handlerMs: number;
  /** So often the handler rejects before it resolves; infinite for a poison message. */
  readonly failures: number;
}

export type WorkerFault =
  /** The worker's process is killed; its supervisor starts another. */
  | 'crash'
  /** Two minutes' notice, then the machine goes. */
  | 'spot'
  /** The machine goes without a word. */
  | 'power-off'
  /** The worker's calls to SQS fail for a while. */
  | 'queue-cut'
  /** Reports, statuses and commands of the instance are lost for a while. */
  | 'broker-cut'
  /** A deploy: the process is told to end, and has ten seconds. */
  | 'deploy'
  /** The controller is stopped and another one goes on. */
  | 'restart-controller';

export const workerFaults: readonly WorkerFault[] = [
  'crash',
  'spot',
  'power-off',
  'queue-cut',
  'broker-cut',
  'deploy',
  'restart-controller',
];

export interface PlannedFault {
  readonly atMs: number;
  readonly kind: WorkerFault;
  /** Which of the instances, as a share of them. */
  readonly place: number;
  readonly forMs: number;
}

export interface QueueScenario {
  readonly seed: number;
  readonly messages: readonly MessagePlan[];
  readonly sizes: readonly { readonly atMs: number; readonly size: number }[];
  readonly faults: readonly PlannedFault[];
  readonly calmFromMs: number;
  readonly maxReceiveCount: number;
  readonly worker: {
    readonly concurrency: number;
    readonly visibilitySeconds: number;
    readonly waitSeconds: number;
    readonly drainWithinMs: number;
    readonly watchesTermination: boolean;
    /** Whether it heeds the time that the order to drain gives, as one of another maker may not. */
    readonly heedsTime: boolean;
  };
  /** How long a scale-in lets busy workers drain; null: it waits for ever. */
  readonly groupDrainWithinMs: number | null;
  /** Whether a termination hook holds instances until the worker completes it. */
  readonly hookSeconds: number | null;
  /** Of commands, reports and statuses: the share that is lost on the way, 0–1. */
  readonly lossRatio: number;
  readonly bootMedianMs: number;
  readonly awsMax: number;
}

const turmoilMs = 480_000;

export function drawQueueScenario(seed: number): QueueScenario {
  const random = createRandom(seed, 'queue-swarm');
  const typicalMs = drawChoice(random, [500, 5000, 30_000, 60_000]);
  const maxReceiveCount = drawChoice(random, [2, 3, 5]);
  const hasHook = drawUniform(random) < 0.5;
  return {
    seed,
    messages: drawMessages(random, typicalMs, maxReceiveCount),
    sizes: drawSizes(random),
    faults: drawFaults(random),
    calmFromMs: turmoilMs,
    maxReceiveCount,
    worker: {
      concurrency: drawChoice(random, [1, 1, 2, 4]),
      visibilitySeconds: drawChoice(random, [10, 30, 60]),
      waitSeconds: drawChoice(random, [1, 10, 20]),
      drainWithinMs: drawChoice(random, [0, 20_000, 120_000, 600_000]),
      watchesTermination: hasHook || drawUniform(random) < 0.7,
      heedsTime: drawUniform(random) < 0.8,
    },
    groupDrainWithinMs: drawChoice(random, [30_000, 60_000, 180_000, 600_000, null]),
    hookSeconds: hasHook ? drawChoice(random, [30, 120, 600]) : null,
    lossRatio: drawChoice(random, [0, 0, 0.05, 0.3]),
    bootMedianMs: drawBetween(random, 10_000, 60_000),
    awsMax: 12,
  };
}

function drawMessages(
  random: Random,
  typicalMs: number,
  maxReceiveCount: number,
): readonly MessagePlan[] {
  const count = Math.round(drawBetween(random, 20, 100));
  return Array.from({ length: count }, (_, index) => {
    const chance = drawUniform(random);
    const failures =
      chance < 0.03
        ? Number.POSITIVE_INFINITY
        : chance < 0.1
          ? Math.floor(drawBetween(random, 1, maxReceiveCount))
          : 0;
    const isSlow = drawUniform(random) < 0.05;
    const handlerMs = drawLognormal(random, isSlow ? 150_000 : typicalMs, 0.8);
    return {
      id: `m${index}`,
      sentAtMs: drawMs(random, 0, turmoilMs * 0.8),
      handlerMs: Math.round(Math.min(400_000, handlerMs)),
      failures,
    };
  }).toSorted((one, other) => one.sentAtMs - other.sentAtMs);
}

/** Now up, now down: each fall is a scale-in that meets workers at work. */
function drawSizes(random: Random): QueueScenario['sizes'] {
  const sizes: { atMs: number; size: number }[] = [];
  let isUp = true;
  for (let atMs = 60_000; atMs < turmoilMs; atMs += drawMs(random, 20_000, 150_000)) {
    const size = isUp ? drawBetween(random, 4, 9) : drawBetween(random, 0, 4);
    sizes.push({ atMs, size: Math.floor(size) });
    isUp = !isUp;
  }
  return sizes;
}

function drawFaults(random: Random): readonly PlannedFault[] {
  const count = Math.round(drawBetween(random, 2, 14));
  return Array.from({ length: count }, () => ({
    atMs: drawMs(random, 60_000, turmoilMs),
    kind: drawChoice(random, workerFaults),
    place: drawUniform(random),
    forMs: drawMs(random, 2000, 90_000),
  })).toSorted((one, other) => one.atMs - other.atMs);
}

/** Whole milliseconds. */
function drawMs(random: Random, low: number, high: number): number {
  return Math.round(drawBetween(random, low, high));
}
