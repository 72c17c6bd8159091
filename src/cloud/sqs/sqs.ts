// SQS on virtual time: the queues of one account in one region. Callers give the time, which never
// goes back.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseUnknownQueue } from './faults.ts';
import type { Queue } from './queue.ts';
import type { QueueMeasurement } from './queue-metrics.ts';
import { isQueueActive, measureQueue } from './queue-metrics.ts';
import { advanceQueue } from './transitions.ts';

export interface SqsOptions {
  readonly region: string;
  readonly accountId: string;
  /** 0 (inclusive) to 1, from the seed: message ids and the settling of counts. */
  random(): number;
  /** SHA-256 in hex: the deduplication id of a message that brings none. */
  contentDigest(body: string): string;
  /** Takes the CloudWatch metrics, once a minute; they go nowhere when left out. */
  onMeasurement?(measurement: QueueMeasurement, now: EpochMs): void;
  /** How far behind the counts of `GetQueueAttributes` may be; 0: not at all. */
  readonly settleMs?: number;
}

/** "About a minute" until approximate counts are right. */
export const SETTLE_MS = 60_000;

export interface Sqs {
  readonly options: SqsOptions;
  /** By name. */
  readonly queues: Map<string, Queue>;
  /** When the queues of these names were deleted; a minute is remembered. */
  readonly deletedAt: Map<string, EpochMs>;
  nextSerial: number;
  now: EpochMs;
}

export const MINUTE_MS = 60_000;

/** An account without queues at `now`. */
export function createSqs(now: EpochMs, options: SqsOptions): Sqs {
  return { options, queues: new Map(), deletedAt: new Map(), nextSerial: 1, now };
}

/** Does what is due up to and including `now`: ends delays and timeouts, measures each minute. */
export function advanceSqs(sqs: Sqs, now: EpochMs): void {
  for (;;) {
    const minute = nextMinute(sqs.now);
    if (minute > now) break;
    const active = [...sqs.queues.values()].filter((queue) => isQueueActive(queue, minute));
    // Without active queues the minutes up to `now` have nothing to say.
    sqs.now = active.length === 0 ? now : minute;
    for (const queue of active) {
      advanceQueue(queue, minute);
      for (const measurement of measureQueue(queue, minute)) {
        sqs.options.onMeasurement?.(measurement, minute);
      }
    }
  }
  sqs.now = Math.max(sqs.now, now);
}

function nextMinute(after: EpochMs): EpochMs {
  return (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
}

/** When `advanceSqs` measures next; `undefined` while no queue is active. */
export function nextSqsWakeAt(sqs: Sqs): EpochMs | undefined {
  const minute = nextMinute(sqs.now);
  const isAnyActive = [...sqs.queues.values()].some((queue) => isQueueActive(queue, minute));
  return isAnyActive ? minute : undefined;
}

/** The queue as it is at `now`, for a call: which makes it active. */
export function openQueue(sqs: Sqs, name: string, now: EpochMs): Outcome<Queue> {
  advanceSqs(sqs, now);
  const queue = sqs.queues.get(name);
  if (queue === undefined) return refuseUnknownQueue();
  advanceQueue(queue, now);
  queue.activity.lastActiveAt = now;
  return succeed(queue);
}

/** The ARN of a queue of that name, whether there is one or not. */
export function queueArn({ options }: Sqs, name: string): string {
  return `arn:aws:sqs:${options.region}:${options.accountId}:${name}`;
}

/** The queue of an ARN of this account and region. */
export function findQueueByArn(sqs: Sqs, arn: string): Queue | undefined {
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  return arn === queueArn(sqs, name) ? sqs.queues.get(name) : undefined;
}
