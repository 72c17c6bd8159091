// The backlog policy: a queue's latency promise as a size, by its own rule or by the published recipe.

import type { QueueReading } from '../../queue/queue-reading.ts';
import { abstainBlindly, type Opinion, type PolicyContext } from '../opinion.ts';
import type { BacklogPolicy } from '../policy.ts';
import { messageGroupCap, sizeForPromise } from './promise.ts';
import { sizeByRecipe } from './recipe.ts';
import { findBacklogPerInstance, findNativeTarget } from './setter.ts';

/**
 * `promise`: what the waiting and the coming messages need, where the group is smaller; what is worth
 * keeping, where it is larger. `recipe`: as AWS's target tracking on backlog per instance. Both are
 * valid at no instance. `setter`: no size, for AWS's policy is in charge. Without a fresh count of the queue it abstains, blocking scale-in.
 */
export function followBacklog(policy: BacklogPolicy, context: PolicyContext): Opinion {
  const { queue: reading, current, now } = context;
  const { name, staleAfterMs, promiseMs } = policy;
  if (reading === undefined) return abstainBlindly(name, { code: 'queue-unknown' });
  const ageMs = now - reading.at;
  if (ageMs > staleAfterMs) return abstainBlindly(name, { code: 'queue-stale', ageMs });
  const seen = { visible: reading.visible, inFlight: reading.inFlight };
  const { meanMs } = reading.durations;
  if (policy.setter !== undefined) {
    const backlog = findBacklogPerInstance(reading);
    const { native = null } = context;
    const reason = {
      code: 'backlog-setter',
      ...seen,
      native: policy.setter.nativePolicy,
      backlog,
      target: findNativeTarget(policy, meanMs),
      isFixed: policy.fixedTarget !== null,
      present: native?.target ?? null,
      problem: native?.problem ?? null,
      held: native?.held ?? null,
      meanMs,
    } as const;
    // Nothing is unseen: others may remove what they like.
    const recommendation = { kind: 'abstain', policy: name, blocksScaleIn: false, reason } as const;
    return { recommendation, wakes: [] };
  }
  if (policy.mode === 'recipe') {
    const { desired: asked, target, backlog } = sizeByRecipe(reading, policy, current);
    const desired = Math.min(asked, messageGroupCap(reading, policy.workersPerInstance));
    const limit = desired < asked ? sayLimit(reading) : {};
    const reason = { code: 'backlog-recipe', ...seen, backlog, target, meanMs, ...limit } as const;
    return { recommendation: { kind: 'desired', policy: name, desired, reason }, wakes: [] };
  }
  const unseen = withUnseenLaunches(reading, current);
  const { add, keep, cap, hopeless } = sizeForPromise(unseen, policy, now);
  const desired = Math.max(add, Math.min(current, keep));
  const { leadMs, arrivalsPerSecond } = reading;
  const oldestMs = reading.waiting[0]?.ageMs ?? 0;
  const { p95Ms } = reading.durations;
  const learned = { meanMs, p95Ms, leadMs, arrivalsPerSecond };
  const reason = {
    code: 'backlog-promise',
    ...seen,
    ...learned,
    promiseMs,
    oldestMs,
    add,
    keep,
    hopeless,
    ...(cap !== null && sayLimit(reading)),
  } as const;
  return { recommendation: { kind: 'desired', policy: name, desired, reason }, wakes: [] };
}

/** Instances that were asked for and that no description shows yet are as far as a launch can be. */
function withUnseenLaunches(reading: QueueReading, current: number): QueueReading {
  const shown = reading.launching.reduce((sum, { instances }) => sum + instances, 0);
  const unseen = current - reading.inService - shown;
  if (unseen <= 0) return reading;
  const launch = { readyInMs: reading.leadMs, instances: unseen };
  return { ...reading, launching: [...reading.launching, launch] };
}

function sayLimit({ messageGroups }: QueueReading): { readonly messageGroups?: number } {
  return messageGroups === undefined ? {} : { messageGroups };
}
