// SendMessageBatch: the rules for the batch as a whole, then each message by itself.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { checkBatch, checkBatchSize, runBatch } from './batch.ts';
import type { BatchResult } from './batch.ts';
import type { SentReceipt } from './deduplication.ts';
import { refuseParameter } from './faults.ts';
import { measureMessage } from './message-attributes.ts';
import type { Queue } from './queue.ts';
import { refuseMissingDeduplication, sendMessage } from './send.ts';
import type { SendRequest } from './send.ts';
import type { Sqs } from './sqs.ts';

export interface BatchEntry extends SendRequest {
  readonly id: string;
}

/** An outcome for each entry, or the refusal of the whole batch. */
export function sendBatch(
  sqs: Sqs,
  queue: Queue,
  entries: readonly BatchEntry[],
  now: EpochMs,
): Outcome<BatchResult<SentReceipt>> {
  const ids = entries.map(({ id }) => id);
  const checked = checkBatch(ids, 'SendMessageBatchRequestEntry');
  if (!checked.ok) return checked;
  const sized = checkBatchSize(entries.reduce((sum, entry) => sum + sizeOf(entry), 0));
  if (!sized.ok) return sized;
  const tokens = checkFifoTokens(queue, entries);
  if (!tokens.ok) return tokens;
  return succeed(runBatch(entries, (entry) => sendMessage(sqs, queue, entry, now)));
}

/** An entry that is refused by itself later on counts nothing. */
function sizeOf({ body, attributes }: BatchEntry): number {
  const measured = measureMessage(body, attributes);
  return measured.ok ? measured.value : 0;
}

/** What a FIFO queue needs of each message, its batch lacks as a whole. */
function checkFifoTokens(queue: Queue, entries: readonly BatchEntry[]): Outcome<true> {
  if (!queue.isFifo) return succeed(true);
  if (entries.some(({ groupId }) => groupId === undefined)) {
    return refuseParameter('The request must contain the parameter MessageGroupId.');
  }
  const isComplete = entries.every(({ deduplicationId }) => deduplicationId !== undefined);
  if (isComplete || queue.settings.isContentDeduplicated) return succeed(true);
  return refuseMissingDeduplication();
}
