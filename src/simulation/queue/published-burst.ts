// The burst that AWS's recipe was published with: 50 messages at once, a promise of 300 s, one
// instance at the start; and the least that any fleet must pay for it.
import type { BootTime } from '../fluid/boot-time.ts';
import { pendingSeconds } from '../score/billing.ts';
import { createBacklogGroup, createBacklogRule } from './backlog-rule.ts';
import type { QueueSecond } from './queue-world.ts';
import { runMessages } from './run-messages.ts';

export interface Burst {
  readonly messageSeconds: number;
  readonly boot: BootTime;
  readonly mode: 'promise' | 'recipe';
  /** Of the recipe: messages per instance, whatever they take. */
  readonly fixedTarget?: number;
  /** What a message is believed to take at first; absent: what it does. */
  readonly firstSeconds?: number;
  readonly settleSeconds?: number;
  readonly launchFailureRatio?: number;
  readonly seed?: number;
  readonly onSecond?: (seen: QueueSecond) => void;
}

export interface BurstOutcome {
  readonly lastSeconds: number;
  /** The first instance counts until the last message is done. */
  readonly costInstanceSeconds: number;
  /** The least that keeps the promise, with boots as long as their median. */
  readonly minimumSeconds: number;
  readonly peakInstances: number;
}

export const burstMessages = 50;
export const burstPromiseSeconds = 300;
/** Everything is over by then under any rule. */
const spanSeconds = 1800;
const countPhases = 5;

export function measureBurst(burst: Burst): BurstOutcome {
  const { messageSeconds, boot, mode, seed = 1 } = burst;
  const bootSeconds = boot.kind === 'fixed' ? boot.seconds : boot.medianSeconds;
  const bounds = { min: 1, max: 100 };
  const group = createBacklogGroup(
    {
      mode,
      promiseMs: burstPromiseSeconds * 1000,
      firstDurationMs: (burst.firstSeconds ?? messageSeconds) * 1000,
      // Drawn boots are planned for as long as nine in ten of them are.
      firstLeadMs: (boot.kind === 'fixed' ? 1 : 1.3) * bootSeconds * 1000,
      fixedTarget: burst.fixedTarget ?? null,
    },
    bounds,
  );
  const result = runMessages({
    jobs: {
      sentAt: Array.from({ length: burstMessages }, () => 0),
      durations: Array.from({ length: burstMessages }, () => messageSeconds),
    },
    rule: createBacklogRule(group, { phase: seed % countPhases }),
    promiseSeconds: burstPromiseSeconds,
    minInstances: bounds.min,
    maxInstances: bounds.max,
    startInstances: 1,
    boot,
    launchFailureRatio: burst.launchFailureRatio ?? 0,
    scaleInOrder: 'idle-first',
    settleSeconds: burst.settleSeconds ?? 0,
    seed,
    scored: { fromSecond: 0, toSecond: spanSeconds },
    ...(burst.onSecond !== undefined && { onSecond: burst.onSecond }),
  });
  const idleSeconds = spanSeconds - Math.ceil(result.lastSeconds);
  return {
    lastSeconds: result.lastSeconds,
    costInstanceSeconds: result.costInstanceSeconds - idleSeconds,
    minimumSeconds: leastCost(messageSeconds, bootSeconds),
    peakInstances: result.peakInstances,
  };
}

/**
 * Work, and the billed boots of as few instances as can do in whole messages what the first cannot:
 * 25 s with boots of 60 s are 12 messages of the first and 9 of each other, so 5 more, 1,470 in all.
 */
export function leastCost(messageSeconds: number, bootSeconds: number): number {
  const byFirst = Math.floor(burstPromiseSeconds / messageSeconds);
  const byOther = Math.floor((burstPromiseSeconds - bootSeconds) / messageSeconds);
  const others = Math.ceil((burstMessages - byFirst) / byOther);
  return burstMessages * messageSeconds + others * (bootSeconds - pendingSeconds);
}
