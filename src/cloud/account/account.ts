// One account in one region: the world of instances, its queues and its metrics as one cloud on one
// virtual time. What each of them does is in its own folder; here they are told of each other.

import type { CloudFormation, CloudFormationState } from '../cloudformation/cloudformation.ts';
import { createCloudFormation } from '../cloudformation/cloudformation.ts';
import { cloudFormationTimeline } from '../cloudformation/stack-timeline.ts';
import type { AlarmActionPort } from '../cloudwatch/alarms/alarm.ts';
import {
  advanceCloudWatch,
  createCloudWatch,
  nextCloudWatchWakeAt,
  record,
} from '../cloudwatch/cloudwatch.ts';
import type { CloudWatch, CloudWatchOptions } from '../cloudwatch/cloudwatch.ts';
import type { Measurement, PublicationDelays } from '../cloudwatch/metric-store.ts';
import type { CloudWatchState } from '../cloudwatch/snapshot.ts';
import { restoreCloudWatch } from '../cloudwatch/snapshot.ts';
import type { EventBus } from '../events/event-bus.ts';
import { createEventBus, eventBusTimeline } from '../events/event-bus.ts';
import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { randomStream } from '../random.ts';
import type { Registry } from '../registry/stored-resource.ts';
import { advanceRegistry, createRegistry } from '../registry/stored-resource.ts';
import type { SqsState } from '../sqs/snapshot.ts';
import { restoreSqs } from '../sqs/snapshot.ts';
import { advanceSqs, createSqs, nextSqsWakeAt } from '../sqs/sqs.ts';
import type { Sqs, SqsOptions } from '../sqs/sqs.ts';
import { trackingPolicies } from '../target-tracking.ts';
import type { EpochMs } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import { advanceTogether } from '../timeline.ts';
import type { World } from '../world.ts';
import { actOnAlarm } from './act-on-alarm.ts';
import { createGroupMetrics } from './group-metrics.ts';
import type { IssuedSecrets } from './issued-secrets.ts';
import { createIssuedSecrets } from './issued-secrets.ts';
import { createPolicyAlarms } from './tracking-alarms.ts';

/** What the model cannot do by itself, and figures that AWS does not promise. */
export interface AccountOptions {
  /** SHA-256 in hex: the deduplication id of a message that brings none. */
  contentDigest(body: string): string;
  /** How far behind the counts of `GetQueueAttributes` may be; 0: not at all. A minute if absent. */
  readonly settleMs?: number;
  /** When CloudWatch shows samples; AWS's own delays if absent. */
  readonly delays?: PublicationDelays;
  /** Is told of every alarm's action, whether a policy takes it or nobody does. */
  readonly onAlarmAction?: AlarmActionPort;
}

/** Figures that go on from where they were when a state is restored. */
interface Counters {
  /** Random numbers that SQS has drawn. */
  sqsDraws: number;
  /** Measurements of the services' own that CloudWatch had no room for. */
  lostMeasurements: number;
}

export interface Account {
  readonly world: World;
  readonly sqs: Sqs;
  readonly cloudWatch: CloudWatch;
  readonly eventBus: EventBus;
  /** Networks, roles and whatever else is known by name only. */
  readonly registry: Registry;
  readonly cloudFormation: CloudFormation;
  readonly secrets: IssuedSecrets;
  readonly counters: Readonly<Counters>;
  /**
   * In the order in which they see the same moment: instances, their groups' metrics, events of
   * both, stacks, queues with their metrics, then the alarms on all of them.
   */
  readonly timelines: readonly Timeline[];
}

/** The parts of a saved account besides its world. */
export interface AccountParts {
  readonly sqs: SqsState;
  readonly cloudWatch: CloudWatchState;
  readonly eventBus: EventBus;
  readonly registry: Registry;
  readonly cloudFormation: CloudFormationState;
  readonly secrets: IssuedSecrets;
  readonly counters: Readonly<Counters>;
}

/** An account around the world, without queues and metrics, its time that of the world. */
export function createAccount(world: World, options: AccountOptions): Account {
  const counters = { sqsDraws: 0, lostMeasurements: 0 };
  const wiring = wire(world, options, counters);
  const cloudWatch = createCloudWatch(world.now, wiring.cloudWatchOptions);
  const sqs = createSqs(world.now, wiring.sqsOptions);
  return assemble(wiring, cloudWatch, sqs, {
    // What happened before there was a bus is nobody's news.
    eventBus: createEventBus(world.eventsSince(0).cursor),
    registry: createRegistry(),
    cloudFormation: undefined,
    secrets: createIssuedSecrets(),
  });
}

/** The account that was saved, or why it cannot be had. */
export function restoreParts(
  world: World,
  options: AccountOptions,
  parts: AccountParts,
): Outcome<Account> {
  const wiring = wire(world, options, { ...parts.counters });
  const cloudWatch = restoreCloudWatch(parts.cloudWatch, wiring.cloudWatchOptions);
  if (!cloudWatch.ok) return cloudWatch;
  const sqs = restoreSqs(parts.sqs, wiring.sqsOptions);
  return sqs.ok ? succeed(assemble(wiring, cloudWatch.value, sqs.value, parts)) : sqs;
}

/** Lets everything happen that is due by then, in the order of time. */
export function advanceAccount(account: Account, now: EpochMs): void {
  advanceTogether(account.timelines, now);
}

interface Wiring {
  readonly world: World;
  readonly counters: Counters;
  readonly cloudWatchOptions: CloudWatchOptions;
  readonly sqsOptions: SqsOptions;
  readonly measure: (measurement: Measurement, now: EpochMs) => void;
  /** Alarms and measurements go to this one from its making on. */
  connect(cloudWatch: CloudWatch): void;
}

function wire(world: World, options: AccountOptions, counters: Counters): Wiring {
  let connected: CloudWatch | undefined;
  const measure = (measurement: Measurement, now: EpochMs): void => {
    const stored = connected && record(connected, measurement, now);
    if (stored?.ok !== true) counters.lostMeasurements += 1;
  };
  const { seed, region, accountId } = world.options;
  return {
    world,
    counters,
    measure,
    cloudWatchOptions: {
      onAlarmAction: (arn, alarm, change) => {
        if (connected !== undefined) actOnAlarm({ world, book: connected }, arn, alarm, change);
        options.onAlarmAction?.(arn, alarm, change);
      },
      ...(options.delays && { delays: options.delays }),
    },
    sqsOptions: {
      region,
      accountId,
      contentDigest: (body) => options.contentDigest(body),
      onMeasurement: measure,
      ...(options.settleMs !== undefined && { settleMs: options.settleMs }),
      // A stream for each draw: how many there were is all that has to be saved.
      random() {
        counters.sqsDraws += 1;
        return randomStream(seed, 'sqs', counters.sqsDraws).nextRatio();
      },
    },
    connect(cloudWatch) {
      connected = cloudWatch;
    },
  };
}

interface KnownByName {
  readonly eventBus: EventBus;
  readonly registry: Registry;
  readonly cloudFormation: CloudFormationState | undefined;
  readonly secrets: IssuedSecrets;
}

function assemble(wiring: Wiring, cloudWatch: CloudWatch, sqs: Sqs, known: KnownByName): Account {
  const { world, counters, measure } = wiring;
  const { eventBus, registry, secrets } = known;
  const cloudFormation = createCloudFormation(world.options, known.cloudFormation);
  wiring.connect(cloudWatch);
  attachAlarms(world, cloudWatch);
  const timelines: readonly Timeline[] = [
    world,
    createGroupMetrics(world, measure),
    eventBusTimeline(eventBus, world, sqs),
    cloudFormationTimeline(cloudFormation),
    {
      nextEventAt: () => undefined,
      advanceTo: (now) => advanceRegistry(registry, now),
    },
    {
      nextEventAt: () => nextSqsWakeAt(sqs),
      advanceTo: (now) => advanceSqs(sqs, now),
    },
    {
      nextEventAt: () => nextCloudWatchWakeAt(cloudWatch),
      advanceTo: (now) => advanceCloudWatch(cloudWatch, now),
    },
  ];
  const named = { eventBus, registry, cloudFormation, secrets };
  return { world, sqs, cloudWatch, ...named, counters, timelines };
}

/** From now on policies make their own alarms; those that were there before get theirs here. */
function attachAlarms(world: World, cloudWatch: CloudWatch): void {
  const alarms = createPolicyAlarms(world, cloudWatch);
  world.attachAlarms(alarms);
  for (const group of world.groups.values()) {
    for (const { policy } of trackingPolicies(group)) {
      if (!policy.alarmNames.every((name) => cloudWatch.alarms.has(name))) alarms.put(policy);
    }
  }
}
