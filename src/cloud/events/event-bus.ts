// EventBridge's default bus: rules, their targets, and events on their way into queues.

import { formatUtcSeconds } from '../calendar.ts';
import type { Json, JsonRecord } from '../cloudformation/json.ts';
import { isList, isRecord, memberOf, textOf } from '../cloudformation/json.ts';
import type { HistoryCursor } from '../history.ts';
import { drawUuid, randomStream } from '../random.ts';
import { sendMessage } from '../sqs/send.ts';
import type { Sqs } from '../sqs/sqs.ts';
import { findQueueByArn, openQueue } from '../sqs/sqs.ts';
import type { EpochMs } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { World } from '../world.ts';
import { describeHappening } from './describe-happening.ts';
import { matchesPattern } from './event-pattern.ts';

export interface EventTarget {
  readonly id: string;
  readonly arn: string;
  /** Sent instead of the event. */
  readonly input: string | undefined;
  /** Which part of the event is sent, `$.detail` for example. */
  readonly inputPath: string | undefined;
  readonly messageGroupId: string | undefined;
}

export interface EventRule {
  readonly name: string;
  readonly description: string | undefined;
  readonly pattern: Json | undefined;
  readonly schedule: string | undefined;
  readonly isEnabled: boolean;
  readonly targets: Map<string, EventTarget>;
}

export interface EventBus {
  readonly rules: Map<string, EventRule>;
  /** Which of the world's happenings have been told. */
  cursor: HistoryCursor;
  nextNumber: number;
  /** Deliveries to targets that are not there or not modelled. */
  undeliveredCount: number;
}

/** One event as its source tells it. */
export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly at: EpochMs;
  readonly resources: readonly string[];
  readonly detail: JsonRecord;
}

export function createEventBus(cursor: HistoryCursor): EventBus {
  return { rules: new Map(), cursor, nextNumber: 1, undeliveredCount: 0 };
}

/** Tells of what happens to groups and instances, at the moment it happens. */
export function eventBusTimeline(bus: EventBus, world: World, sqs: Sqs): Timeline {
  return {
    nextEventAt: () => (world.eventsSince(bus.cursor).events.length > 0 ? world.now : undefined),
    advanceTo(now) {
      const page = world.eventsSince(bus.cursor);
      bus.cursor = page.cursor;
      if (bus.rules.size === 0) return;
      for (const happening of page.events) {
        for (const event of describeHappening(world, happening)) {
          emit({ bus, world, sqs }, event, now);
        }
      }
    },
  };
}

interface Place {
  readonly bus: EventBus;
  readonly world: World;
  readonly sqs: Sqs;
}

/** Hands the event to the targets of every rule that wants it. Returns the event's id. */
export function emit(place: Place, event: BusEvent, now: EpochMs): string {
  const { bus, world } = place;
  const { seed, region, accountId } = world.options;
  const id = drawUuid(randomStream(seed, 'bus-event', bus.nextNumber));
  bus.nextNumber += 1;
  const envelope: JsonRecord = {
    version: '0',
    id,
    'detail-type': event.detailType,
    source: event.source,
    account: accountId,
    time: formatUtcSeconds(event.at),
    region,
    resources: event.resources,
    detail: event.detail,
  };
  for (const rule of bus.rules.values()) {
    const isWanted = rule.pattern !== undefined && matchesPattern(rule.pattern, envelope);
    if (!rule.isEnabled || !isWanted) continue;
    for (const target of rule.targets.values()) deliver(place, target, envelope, now);
  }
  return id;
}

function deliver(
  { bus, sqs }: Place,
  target: EventTarget,
  envelope: JsonRecord,
  now: EpochMs,
): void {
  const known = findQueueByArn(sqs, target.arn);
  const queue = known === undefined ? undefined : openQueue(sqs, known.name, now);
  const body = target.input ?? JSON.stringify(partOf(envelope, target.inputPath));
  const { messageGroupId: groupId } = target;
  const sent =
    queue?.ok === true &&
    sendMessage(sqs, queue.value, { body, groupId, attributes: new Map() }, now).ok;
  if (!sent) bus.undeliveredCount += 1;
}

/** The part at a path of plain names, as `InputPath` has it. */
function partOf(envelope: Json, path: string | undefined): Json {
  let part: Json | undefined = envelope;
  for (const name of (path ?? '$').split('.').slice(1)) part = memberOf(part, name);
  return part ?? null;
}

/** A pattern's text read, or `undefined` if it is no JSON. */
export function readPattern(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) || isList(value) ? value : textOf(value);
  } catch {
    return undefined;
  }
}
