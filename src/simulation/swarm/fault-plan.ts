// What goes wrong in a seed's run, and when: data only. Whoever stands in for the part that fails
// carries it out.

import { createRandom, drawBetween, drawChoice, drawUniform, type Random } from '../random.ts';

/** Until then the group boots, and is left in peace. */
export const faultsFromMs = 30_000;

/** Where a controller is killed: at once, or when it next comes to that point. */
export type CrashPoint =
  | 'at-once'
  /** The append never reaches the disk. */
  | 'before-append'
  /** It is durable, and nobody lives to know: between journal and act. */
  | 'after-append'
  /** The call has left, its answer is not awaited: between act and conclude. */
  | 'during-call'
  /** The answer is there and nobody concludes from it. */
  | 'after-call'
  /** The outcome is durable, and not shown by a description yet. */
  | 'after-outcome';

export type FaultEffect =
  /** Shares of the messages, 0–1. */
  | {
      readonly kind: 'bad-network';
      readonly lost: number;
      readonly doubled: number;
      readonly late: number;
      readonly lateMsMax: number;
    }
  /** That share of the instances has no way to the broker. */
  | { readonly kind: 'partition'; readonly ratio: number }
  /** The controller has no way to the broker. */
  | { readonly kind: 'controller-cut-off' }
  | { readonly kind: 'broker-restart'; readonly isMemoryLost: boolean }
  | { readonly kind: 'agent-crash'; readonly ratio: number }
  | { readonly kind: 'agent-clock-step'; readonly ratio: number; readonly byMs: number }
  | { readonly kind: 'describe-fails'; readonly code: 'throttled' | 'denied' | 'timed-out' }
  | { readonly kind: 'act-fails'; readonly code: 'throttled' | 'denied' }
  | { readonly kind: 'act-times-out'; readonly doneRatio: number; readonly afterMs: number }
  | { readonly kind: 'launch-failures'; readonly ratio: number }
  | { readonly kind: 'spot-storm'; readonly ratio: number }
  | { readonly kind: 'others-set-size'; readonly ratio: number }
  | { readonly kind: 'others-set-bounds'; readonly low: number; readonly high: number }
  | { readonly kind: 'others-terminate'; readonly isDecrementing: boolean }
  | { readonly kind: 'store-refuses'; readonly isWritten: boolean }
  | { readonly kind: 'store-slow'; readonly delayMs: number }
  | {
      readonly kind: 'crash';
      readonly point: CrashPoint;
      /** The machine's clock is set meanwhile: a running controller's own clock is monotonic. */
      readonly clockStepMs: number;
      readonly isOtherName: boolean;
    }
  | { readonly kind: 'override'; readonly wish: 'set' | 'hold' | 'pause'; readonly ratio: number }
  | { readonly kind: 'override-ends' };

export interface Fault {
  /** Since the start of the run. */
  readonly fromMs: number;
  /** What lasts is over then; a crashed controller or agent is started again. */
  readonly untilMs: number;
  readonly effect: FaultEffect;
}

export type FaultKind = FaultEffect['kind'];

const crashPoints: readonly CrashPoint[] = [
  'at-once',
  'before-append',
  'after-append',
  'during-call',
  'after-call',
  'after-outcome',
];

const drawEffect: { readonly [Kind in FaultKind]: (random: Random) => FaultEffect } = {
  'bad-network': (random) => ({
    kind: 'bad-network',
    lost: drawBetween(random, 0, 0.5),
    doubled: drawBetween(random, 0, 0.5),
    late: drawBetween(random, 0, 0.5),
    lateMsMax: drawChoice(random, [500, 3000, 20_000]),
  }),
  partition: (random) => ({ kind: 'partition', ratio: drawBetween(random, 0.1, 1) }),
  'controller-cut-off': () => ({ kind: 'controller-cut-off' }),
  'broker-restart': (random) => ({
    kind: 'broker-restart',
    isMemoryLost: drawUniform(random) < 0.5,
  }),
  'agent-crash': (random) => ({ kind: 'agent-crash', ratio: drawBetween(random, 0.1, 1) }),
  'agent-clock-step': (random) => ({
    kind: 'agent-clock-step',
    ratio: drawUniform(random),
    byMs: Math.round(drawBetween(random, -7_200_000, 7_200_000)),
  }),
  'describe-fails': (random) => ({
    kind: 'describe-fails',
    code: drawChoice(random, ['throttled', 'denied', 'timed-out'] as const),
  }),
  'act-fails': (random) => ({
    kind: 'act-fails',
    code: drawChoice(random, ['throttled', 'denied'] as const),
  }),
  'act-times-out': (random) => ({
    kind: 'act-times-out',
    doneRatio: drawUniform(random),
    afterMs: drawChoice(random, [2000, 10_000]),
  }),
  'launch-failures': (random) => ({
    kind: 'launch-failures',
    ratio: drawBetween(random, 0.2, 1),
  }),
  'spot-storm': (random) => ({ kind: 'spot-storm', ratio: drawBetween(random, 0.2, 1) }),
  'others-set-size': (random) => ({ kind: 'others-set-size', ratio: drawUniform(random) }),
  'others-set-bounds': (random) => ({
    kind: 'others-set-bounds',
    low: drawChoice(random, [0, 0, 1, 4]),
    high: drawChoice(random, [4, 8, 30, 30]),
  }),
  'others-terminate': (random) => ({
    kind: 'others-terminate',
    isDecrementing: drawUniform(random) < 0.5,
  }),
  'store-refuses': (random) => ({ kind: 'store-refuses', isWritten: drawUniform(random) < 0.3 }),
  'store-slow': (random) => ({
    kind: 'store-slow',
    delayMs: drawChoice(random, [50, 700, 4000]),
  }),
  crash: (random) => ({
    kind: 'crash',
    point: drawChoice(random, crashPoints),
    clockStepMs: drawUniform(random) < 0.3 ? Math.round(drawBetween(random, -600_000, 600_000)) : 0,
    isOtherName: drawUniform(random) < 0.3,
  }),
  override: (random) => ({
    kind: 'override',
    wish: drawChoice(random, ['set', 'hold', 'pause'] as const),
    ratio: drawUniform(random),
  }),
  'override-ends': () => ({ kind: 'override-ends' }),
};

/** Every kind once, the commoner ones again. */
export const faultKinds: readonly FaultKind[] = Object.keys(drawEffect).filter(
  (kind): kind is FaultKind => kind in drawEffect,
);
const drawnKinds: readonly FaultKind[] = [
  ...faultKinds,
  'bad-network',
  'crash',
  'crash',
  'act-times-out',
  'act-fails',
  'partition',
  'agent-crash',
];

/** Some seeds have hardly a fault, some very many; all are over at `calmFromMs`. */
export function drawFaults(random: Random, calmFromMs: number): readonly Fault[] {
  const count = drawChoice(random, [0, 2, 5, 10, 20]);
  const faults: Fault[] = [];
  for (let index = 0; index < count; index += 1) {
    const fromMs = Math.round(drawBetween(random, faultsFromMs, calmFromMs - 10_000));
    const lastsMs = drawChoice(random, [2000, 10_000, 30_000, 70_000]);
    const untilMs = Math.min(
      calmFromMs,
      Math.round(fromMs + drawBetween(random, 0.3, 1) * lastsMs),
    );
    const effect = drawEffect[drawChoice(random, drawnKinds)](random);
    faults.push({ fromMs, untilMs, effect });
  }
  return faults.toSorted((one, other) => one.fromMs - other.fromMs);
}

/** A stream of chances for one part of a run. */
export function chancesOf(seed: number, part: string): Random {
  return createRandom(seed, 'swarm', part);
}
