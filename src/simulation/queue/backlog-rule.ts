// Foretide's backlog policy on a simulated queue: the very model, `decide` and `conclude` of
// production, told what workers report and what a count of the queue every five seconds shows.
import type { CalendarReading } from '../../controller/group-settings.ts';
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
import type { EpochMs } from '../../core/time.ts';
import { createDates, createSpending } from '../group-surroundings.ts';
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

export interface BacklogRuleOptions {
  /** At which seconds of five the queue is counted; default 0. */
  readonly phase?: number;
  /** Epoch seconds of the run's beginning, for calendars and for people; default 0. */
  readonly startSeconds?: number;
  /** The group's schedules and freezes; absent, a schedule policy lets nothing be removed. */
  readonly readCalendar?: (now: EpochMs) => CalendarReading;
  /** Dollars, for the group's budget; absent, none is kept. */
  readonly pricePerInstanceHour?: number;
  readonly onDecision?: (decision: Decision) => void;
}

/** A group with a backlog policy. One rule is good for one run. */
export function createBacklogRule(group: Group, options: BacklogRuleOptions = {}): QueueRule {
  const { phase = 0, startSeconds = 0, onDecision } = options;
  const model = createQueueModel(backlogOf(group));
  // The queue was watched before the run began, and was empty.
  const before = (startSeconds + phase - countSeconds) * 1000;
  noteQueue(model, { at: before, visible: 0, inFlight: 0 }, { inService: 1 });
  const dates = createDates(options.readCalendar);
  const readSpending = createSpending(group, options.pricePerInstanceHour);
  let state = initialState;
  return (seen, desired) => {
    const now = (startSeconds + seen.nowSeconds) * 1000;
    learn(model, seen, { now, isCount: seen.nowSeconds % countSeconds === phase });
    const pendingForMs = seen.pendingFor.map((seconds) => seconds * 1000);
    const queue = readQueue(model, { now, inService: seen.inService, pendingForMs });
    const pending = pendingForMs.length;
    const observation: Observation = {
      ...observe(seen, { now, group, desired, queue }),
      ...dates.read(now),
      ...readSpending({ ...seen, pending }, now),
    };
    const { state: decided, decision } = decide(group, state, observation, now);
    onDecision?.(decision);
    state = decision.acts ? conclude(decided, decision, accepted, now) : decided;
    return decision.acts ? decision.to : desired;
  };
}

/** The config allows one for a group. */
function backlogOf({ name, policies }: Group): BacklogPolicy {
  const policy = policies.find((one) => one.type === 'backlog');
  if (policy === undefined) throw new Error(`the group ${name} has no backlog policy`);
  return policy;
}

function learn(
  model: QueueModel,
  seen: QueueSecond,
  { now, isCount }: { readonly now: EpochMs; readonly isCount: boolean },
): void {
  const { finished, cameUpAfter, visible, inFlight, inService } = seen;
  noteWork(
    model,
    finished.map((seconds) => ({
      class: 'default',
      durationMs: seconds * 1000,
      outcome: 'done',
    })),
  );
  for (const seconds of cameUpAfter) noteLead(model, seconds * 1000);
  if (isCount) noteQueue(model, { at: now, visible, inFlight }, { inService });
}

function observe(
  { inService, pendingFor, draining }: QueueSecond,
  seen: {
    readonly now: EpochMs;
    readonly group: Group;
    readonly desired: number;
    readonly queue: ReturnType<typeof readQueue>;
  },
): Observation {
  const { group, desired, now, queue } = seen;
  const pending = pendingFor.length;
  return {
    capacity: {
      describedAt: now,
      min: group.min,
      max: group.max,
      desired,
      inService,
      pending,
      terminating: draining,
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
