// What a group's backlog policy needs to know: counts of its queue from the group's sources, finished
// messages from reports, launches from descriptions. Keeps the model; decides nothing.

import { evaluate } from '../core/expression.ts';
import type { Observation } from '../core/observation.ts';
import type { BacklogPolicy, Policy } from '../core/policies/policy.ts';
import { recallQueue, rememberQueue } from '../core/queue/queue-memory.ts';
import {
  createQueueModel,
  noteLead,
  noteOmitted,
  noteQueue,
  noteWork,
  readQueue,
  type QueueModel,
} from '../core/queue/queue-model.ts';
import type { SignalReadings } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { WorkReport } from '../wire/work.ts';
import type { Member } from './member.ts';
import { PromiseRecord } from './promise-record.ts';
import type { SourceBoard } from './source-board.ts';

/** The policy and what was learned for it. */
interface Watched {
  readonly policy: BacklogPolicy;
  readonly model: QueueModel;
  readonly promise: PromiseRecord;
}

/** What is looked at at one moment. */
export interface QueueSight {
  readonly sources: SourceBoard;
  readonly members: Iterable<Member>;
  /** Whether an instance says that it has no message in hand. */
  readonly isWorkerIdle: boolean;
  readonly readings: { readonly signals: SignalReadings; readonly warmed: number };
}

export class QueueWatch {
  #watched: Watched | null;
  /** Launches by instance, and when they were first seen. Those that are pending now. */
  #launches = new Map<string, EpochMs>();

  constructor(policies: readonly Policy[]) {
    this.#watched = watch(policies);
  }

  /** What was learned stays where the queue stays. */
  reconfigure(policies: readonly Policy[]): void {
    const policy = findBacklog(policies);
    const known = this.#watched;
    const isSame = policy !== null && policy.queueKey === known?.policy.queueKey;
    if (!isSame || known === null) {
      this.#watched = watch(policies);
      return;
    }
    // Messages are judged by one promise: under another one the count begins anew.
    const isKept = policy.promiseMs === known.promise.promiseMs;
    const promise = isKept ? known.promise : new PromiseRecord(policy.promiseMs);
    this.#watched = { policy, model: known.model, promise };
  }

  /** Null without a backlog policy. */
  get promise(): PromiseRecord | null {
    return this.#watched?.promise ?? null;
  }

  /** Whether there is a queue to learn of. */
  get isWatching(): boolean {
    return this.#watched !== null;
  }

  /** What was learned, for a controller that comes after this one; null while that is nothing. */
  remember(now: EpochMs): Uint8Array | null {
    if (this.#watched === null) return null;
    const { policy, model } = this.#watched;
    return rememberQueue(model, { queueKey: policy.queueKey, at: now });
  }

  /** Goes on from what `remember` gave. Why it does not, or null. */
  recall(bytes: Uint8Array, now: EpochMs): string | null {
    if (this.#watched === null) return null;
    const { policy } = this.#watched;
    const recalled = recallQueue(bytes, { queueKey: policy.queueKey, at: now }, policy);
    if (!recalled.ok) return recalled.problem;
    this.#watched = { ...this.#watched, model: recalled.model };
    return null;
  }

  /** Of one report that was not delivered before. */
  take(work: WorkReport, at: EpochMs): void {
    if (this.#watched === null) return;
    const { policy, model, promise } = this.#watched;
    promise.note(work, at);
    noteWork(model, work.finished, policy.messageGroups?.kind === 'learned' ? at : null);
    noteOmitted(model, work.omitted);
  }

  /** Empty without a backlog policy, and until its queue was counted once. */
  observe(
    { sources, members, isWorkerIdle, readings }: QueueSight,
    now: EpochMs,
  ): Pick<Observation, 'queue'> {
    if (this.#watched === null) return {};
    const { policy, model } = this.#watched;
    const { inService, pendingForMs } = this.#countMembers(members, model, now);
    const { visible, inFlight, dead } = policy.counts;
    const waiting = sources.newest(visible);
    const working = sources.newest(inFlight);
    if (waiting !== null && working !== null) {
      const laidAside = dead === null ? null : sources.newest(dead);
      const counts = {
        // The older of the two: a policy may not take it for fresher than it is.
        at: Math.min(waiting.at, working.at),
        // Whatever a source says, no fewer than none.
        visible: Math.max(0, waiting.value),
        inFlight: Math.max(0, working.value),
        ...(laidAside !== null && { dead: laidAside.value }),
        ...readMessageGroups(policy, readings),
      };
      noteQueue(model, counts, { inService, isWorkerIdle });
    }
    const queue = readQueue(model, { now, inService, pendingForMs });
    return queue === null ? {} : { queue };
  }

  #countMembers(
    members: Iterable<Member>,
    model: QueueModel,
    now: EpochMs,
  ): { readonly inService: number; readonly pendingForMs: readonly number[] } {
    const launches = new Map<string, EpochMs>();
    const pendingForMs: number[] = [];
    let inService = 0;
    for (const { id, phase, firstSeenAt, inServiceSince, isLeaving } of members) {
      if (phase === 'pending') {
        launches.set(id, firstSeenAt);
        pendingForMs.push(Math.max(0, now - firstSeenAt));
      }
      if (phase !== 'in-service') continue;
      // One that drains takes no more messages.
      if (!isLeaving) inService += 1;
      const launchedAt = this.#launches.get(id);
      if (launchedAt !== undefined) noteLead(model, (inServiceSince ?? now) - launchedAt);
    }
    this.#launches = launches;
    return { inService, pendingForMs };
  }
}

/** The config allows one for a group. */
export function findBacklog(policies: readonly Policy[]): BacklogPolicy | null {
  return policies.find((policy) => policy.type === 'backlog') ?? null;
}

/** None where the signal has no value: a limit that is not known limits nothing. */
function readMessageGroups(
  { messageGroups }: BacklogPolicy,
  { signals, warmed }: QueueSight['readings'],
): { readonly messageGroups?: number } {
  if (messageGroups === undefined || messageGroups.kind === 'learned') return {};
  if (messageGroups.kind === 'count') return { messageGroups: messageGroups.groups };
  const { signal, key, expression } = messageGroups.selector;
  const value =
    expression === undefined
      ? signals[key]?.value
      : evaluate(signal, expression, { signals, warmed });
  return typeof value === 'number' && value >= 0 ? { messageGroups: Math.ceil(value) } : {};
}

function watch(policies: readonly Policy[]): Watched | null {
  const policy = findBacklog(policies);
  if (policy === null) return null;
  const { promiseMs } = policy;
  return { policy, model: createQueueModel(policy), promise: new PromiseRecord(promiseMs) };
}
