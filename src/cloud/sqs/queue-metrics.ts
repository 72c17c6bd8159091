// The copies of a queue's figures that SQS sends to CloudWatch each minute ("Available CloudWatch
// metrics for Amazon SQS").

import type { EpochMs } from '../time.ts';
import type { Queue } from './queue.ts';
import { resetActivity } from './queue-activity.ts';
import { oldestAgeMs } from './transitions.ts';

export interface QueueMeasurement {
  readonly namespace: 'AWS/SQS';
  readonly metricName: string;
  readonly dimensions: readonly [{ readonly name: 'QueueName'; readonly value: string }];
  readonly unit: 'Count' | 'Seconds' | 'Bytes';
  /** The start of the minute measured. */
  readonly at: EpochMs;
  readonly value: number | SizeStatistics;
}

interface SizeStatistics {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

const MINUTE_MS = 60_000;
/** "A queue stays active for up to six hours" after its last message or call. */
const ACTIVE_MS = 6 * 60 * 60_000;

/** Whether CloudWatch hears of the queue in the minute that ends at `now`. */
export function isQueueActive(queue: Queue, now: EpochMs): boolean {
  return queue.messages.size > 0 || now - queue.activity.lastActiveAt < ACTIVE_MS;
}

/** The figures of the minute that ends at `now`; starts the next one. */
export function measureQueue(queue: Queue, now: EpochMs): QueueMeasurement[] {
  const { activity, counts } = queue;
  const at = now - MINUTE_MS;
  const dimensions = [{ name: 'QueueName', value: queue.name }] as const;
  const base = { namespace: 'AWS/SQS', dimensions, at } as const;
  const figures: Readonly<Record<string, number>> = {
    ApproximateNumberOfMessagesVisible: counts.visible,
    ApproximateNumberOfMessagesNotVisible: counts.inFlight,
    ApproximateNumberOfMessagesDelayed: counts.delayed,
    NumberOfMessagesSent: activity.sentCount,
    NumberOfMessagesReceived: activity.receivedCount,
    NumberOfMessagesDeleted: activity.deletedCount,
    NumberOfEmptyReceives: activity.emptyReceiveCount,
  };
  const measurements: QueueMeasurement[] = Object.entries(figures).map(([metricName, value]) => {
    return { ...base, metricName, unit: 'Count', value };
  });
  const ageS = Math.floor(oldestAgeMs(queue, now) / 1000);
  const metricName = 'ApproximateAgeOfOldestMessage';
  measurements.push({ ...base, metricName, unit: 'Seconds', value: ageS });
  if (activity.sentCount > 0) {
    const value = {
      sampleCount: activity.sentCount,
      sum: activity.sentBytes,
      minimum: activity.smallestBytes,
      maximum: activity.largestBytes,
    };
    measurements.push({ ...base, metricName: 'SentMessageSize', unit: 'Bytes', value });
  }
  resetActivity(activity);
  if (queue.messages.size > 0) activity.lastActiveAt = now;
  return measurements;
}
