// Foretide's backlog policy on a simulated queue: the very model, `decide` and `conclude` of
// production, told what workers report and what a count of the queue every five seconds shows.
import { conclude } from '../../core/conclude.ts';
import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import type { Group } from '../../core/group.ts';
import type { Observation } from '../../core/observation.ts';
import type { BacklogPolicy } from '../../core/policies/policy.ts';
import {
  createQueueModel,
  noteLead,
  noteQueue,
  noteWork,
  readQueue,
  type QueueModel,
} from '../../core/queue/queue-model.ts';
import { initialState } from '../../core/state.ts';
import type { QueueSecond } from './queue-world.ts';

/** From a second of the queue to the wanted size. */
export type QueueRule = (seen: QueueSecond, desired: number) => number;

/** How often the queue is counted, as the config's default has it. */
const countSeconds = 5;
const accepted = { kind: 'accepted' } as const;

/** A group with nothing but bounds and a backlog policy. */
export function createBacklogGroup(
  policy: Partial<BacklogPolicy>,
  bounds: { readonly min: number; readonly max: number },
): Group & { readonly policies: readonly [BacklogPolicy] } {
  return {
    name: 'workers',
    mode: 'active',
    ...bounds,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0.5,
    policies: [
      {
        type: 'backlog',
        name: 'backlog',
        mode: 'promise',
        queueKey: 'jobs',
        counts: { visible: 'visible', inFlight: 'inFlight', dead: null },
        promiseMs: 300_000,
        firstDurationMs: 25_000,
        firstLeadMs: 120_000,
        workersPerInstance: 1,
        fixedTarget: null,
        staleAfterMs: 30_000,
        ...policy,
      },
    ],
  };
}

/** `phase`: at which seconds of five the queue is counted. One rule is good for one run. */
export function createBacklogRule(
  group: ReturnType<typeof createBacklogGroup>,
  { phase = 0, onDecision }: BacklogRuleOptions = {},
): QueueRule {
  const model = createQueueModel(group.policies[0]);
  // The queue was watched before the run began, and was empty.
  noteQueue(model, { at: (phase - countSeconds) * 1000, visible: 0, inFlight: 0 }, 1);
  let state = initialState;
  return (seen, desired) => {
    const now = seen.nowSeconds * 1000;
    learn(model, seen, phase);
    const pendingForMs = seen.pendingFor.map((seconds) => seconds * 1000);
    const queue = readQueue(model, { now, inService: seen.inService, pendingForMs });
    const observation = observe(seen, { group, desired, queue });
    const { state: decided, decision } = decide(group, state, observation, now);
    onDecision?.(decision);
    state = decision.acts ? conclude(decided, decision, accepted, now) : decided;
    return decision.acts ? decision.to : desired;
  };
}

interface BacklogRuleOptions {
  readonly phase?: number;
  readonly onDecision?: (decision: Decision) => void;
}

function learn(model: QueueModel, seen: QueueSecond, phase: number): void {
  const { nowSeconds, finished, cameUpAfter, visible, inFlight, inService } = seen;
  noteWork(
    model,
    finished.map((seconds) => ({
      class: 'default',
      durationMs: seconds * 1000,
      outcome: 'done',
    })),
  );
  for (const seconds of cameUpAfter) noteLead(model, seconds * 1000);
  if (nowSeconds % countSeconds !== phase) return;
  noteQueue(model, { at: nowSeconds * 1000, visible, inFlight }, inService);
}

function observe(
  { nowSeconds, inService, pendingFor }: QueueSecond,
  seen: {
    readonly group: Group;
    readonly desired: number;
    readonly queue: ReturnType<typeof readQueue>;
  },
): Observation {
  const { group, desired, queue } = seen;
  const pending = pendingFor.length;
  return {
    capacity: {
      describedAt: nowSeconds * 1000,
      min: group.min,
      max: group.max,
      desired,
      inService,
      pending,
      terminating: 0,
    },
    fleet: { warmed: inService, warming: 0, expected: 0, reporting: 0, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    ...(queue !== null && { queue }),
  };
}
