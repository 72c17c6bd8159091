// Sends messages whose body says how long their handling is to take, at once or at a rate: what the
// worker in `examples/queue-worker` reads. Knows nothing of who works them off.

import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, drawLognormal, type Random } from '../../simulation/random.ts';
import { StartError } from '../start-error.ts';
import { explaining, type OpenQueue } from './open-queue.ts';

export interface MessageTerms {
  readonly count: number;
  /** The mean. > 0. */
  readonly durationMs: number;
  /** Deviation of the durations as a share of their mean, lognormal; 0 makes all alike. */
  readonly spreadRatio: number;
  /** Messages a second; null sends as fast as SQS takes them. */
  readonly perSecond: number | null;
  readonly seed: number;
}

/** "A maximum of 10 messages": SQS API reference, SendMessageBatch. */
const batchMax = 10;
/** Tries of a message that SQS does not take. */
const triesMax = 5;
const retryAfterMs = 200;
/** Sleeping is cut into pieces, so that a stop is heard. */
const sleepMaxMs = 1000;

/** How many SQS has taken: fewer than wanted where `isStopped` became true. */
export async function sendMessages(
  queue: OpenQueue,
  terms: MessageTerms,
  isStopped: () => boolean = () => false,
): Promise<number> {
  const random = createRandom(terms.seed, 'durations');
  const run = `${Date.now().toString(36)}-${process.pid}`;
  const startedAt = performance.now();
  let sent = 0;
  while (sent < terms.count && !isStopped()) {
    const due = countDue(terms, (performance.now() - startedAt) / 1000);
    const size = Math.min(batchMax, due - sent);
    if (size <= 0) {
      const dueAt = startedAt + (sent / (terms.perSecond ?? 1)) * 1000;
      await sleep(Math.min(sleepMaxMs, Math.max(1, dueAt - performance.now())));
      continue;
    }
    const first = sent;
    const bodies = Array.from({ length: size }, (_, place) =>
      JSON.stringify({ job: `${run}-${first + place}`, durationMs: draw(terms, random) }),
    );
    await sendBatch(queue, `${run}-${first}`, bodies);
    sent += size;
  }
  return sent;
}

/** The first is due at once. */
function countDue({ count, perSecond }: MessageTerms, seconds: number): number {
  if (perSecond === null) return count;
  return Math.min(count, 1 + Math.floor(seconds * perSecond));
}

/** Lognormal with this mean: μ = ln mean − σ²/2, σ² = ln(1 + spread²). */
function draw({ durationMs, spreadRatio }: MessageTerms, random: Random): number {
  if (spreadRatio === 0) return durationMs;
  const variance = Math.log(1 + spreadRatio * spreadRatio);
  const median = durationMs * Math.exp(-variance / 2);
  return Math.max(1, Math.round(drawLognormal(random, median, Math.sqrt(variance))));
}

async function sendBatch(queue: OpenQueue, id: string, bodies: readonly string[]): Promise<void> {
  const { name, sqs, url, isFifo } = queue;
  let left = bodies.map((MessageBody, place) => ({
    Id: String(place),
    MessageBody,
    // Each its own group: a FIFO queue hands out one message of a group at a time.
    ...(isFifo && {
      MessageGroupId: `${id}-${place}`,
      MessageDeduplicationId: `${id}-${place}`,
    }),
  }));
  for (let tries = 1; left.length > 0; tries += 1) {
    const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: left });
    const { Failed: failed = [] } = await explaining(name, () => sqs.send(command));
    const worst = failed.find(({ SenderFault }) => SenderFault === true) ?? failed[0];
    if (worst === undefined) return;
    if (worst.SenderFault === true || tries === triesMax) {
      throw new StartError(`the queue ${name} does not take a message: ${worst.Message}`, 1);
    }
    const again = new Set(failed.map(({ Id }) => Id));
    left = left.filter(({ Id }) => again.has(Id));
    await sleep(retryAfterMs);
  }
}
