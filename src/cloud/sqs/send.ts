// SendMessage: the rules for a message, deduplication, and its entry into the queue.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseFound, refuseMissing, refuseOverLimit, refuseParameter } from './faults.ts';
import type { MessageAttribute } from './message.ts';
import { measureMessage } from './message-attributes.ts';
import { messageIdOf, sequenceNumberOf } from './message-id.ts';
import type { Queue } from './queue.ts';
import { countSent } from './queue-activity.ts';
import type { SentReceipt } from './deduplication.ts';
import type { Sqs } from './sqs.ts';
import { enterQueue } from './transitions.ts';

export interface SendRequest {
  readonly body?: string | undefined;
  /** Seconds; the queue's own delay when left out. */
  readonly delayS?: number | undefined;
  readonly attributes: ReadonlyMap<string, MessageAttribute>;
  readonly traceHeader?: string | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
}

/** A bound that AWS does not have: of the messages in one queue, and of the ids it remembers. */
export const MESSAGES_MAX = 10_000_000;
const DELAY_S_MAX = 900;
const TOKEN = /^[!-~]{1,128}$/;

/** What the sender is told; of a duplicate the same as of the first. */
export function sendMessage(
  sqs: Sqs,
  queue: Queue,
  request: SendRequest,
  now: EpochMs,
): Outcome<SentReceipt> {
  const measured = measureMessage(request.body, request.attributes);
  if (!measured.ok) return measured;
  if (measured.value > queue.settings.messageBytesMax) {
    return refuseParameter(
      'One or more parameters are invalid. Reason: Message must be shorter than ' +
        `${queue.settings.messageBytesMax} bytes.`,
    );
  }
  const delayed = checkDelay(queue, request.delayS);
  if (!delayed.ok) return delayed;
  const tokens = checkTokens(queue, request);
  if (!tokens.ok) return tokens;
  if (Math.max(queue.messages.size, queue.deduplication.size) >= MESSAGES_MAX) {
    return refuseOverLimit(`No more than ${MESSAGES_MAX} messages can be in the queue.`);
  }
  if (!queue.isFifo) return succeed(enter(queue, request, measured.value, now));
  // A FIFO queue takes the message of an id once.
  const { groupId, body = '' } = request;
  const deduplicationId = request.deduplicationId ?? sqs.options.contentDigest(body);
  const key = deduplicationKey(queue, groupId, deduplicationId);
  const known = queue.deduplication.find(key, now);
  if (known !== undefined) return succeed(known);
  const receipt = enter(queue, { ...request, deduplicationId }, measured.value, now);
  queue.deduplication.remember(key, receipt);
  return succeed(receipt);
}

function enter(queue: Queue, request: SendRequest, sizeBytes: number, now: EpochMs): SentReceipt {
  const sequence = queue.nextSequence;
  const messageId = messageIdOf(queue.idPrefix, sequence);
  const sequenceNumber = queue.isFifo ? sequenceNumberOf(sequence) : undefined;
  const content = {
    id: messageId,
    body: request.body ?? '',
    attributes: request.attributes,
    traceHeader: request.traceHeader,
    sizeBytes,
    sentAt: now,
    groupId: request.groupId,
    deduplicationId: request.deduplicationId,
    sequenceNumber,
    sourceArn: undefined,
  };
  enterQueue(queue, content, delayOf(queue, request), now);
  countSent(queue.activity, sizeBytes);
  return { messageId, sequenceNumber, sentAt: now };
}

function delayOf(queue: Queue, { delayS }: SendRequest): number {
  if (queue.isFifo || delayS === undefined) return queue.settings.delayMs;
  return delayS * 1000;
}

function checkDelay(queue: Queue, delayS: number | undefined): Outcome<true> {
  if (delayS === undefined) return succeed(true);
  if (delayS < 0 || delayS > DELAY_S_MAX) {
    return refuseFound(delayS, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${DELAY_S_MAX}.`);
  }
  if (queue.isFifo && delayS > 0) {
    const reason = 'The request include parameter that is not valid for this queue type.';
    return refuseFound(delayS, 'DelaySeconds', reason);
  }
  return succeed(true);
}

/** Group and deduplication ids: required, allowed and formed as the kind of queue has it. */
function checkTokens(queue: Queue, request: SendRequest): Outcome<true> {
  const { groupId, deduplicationId } = request;
  if (groupId !== undefined && !TOKEN.test(groupId)) return refuseToken(groupId, 'MessageGroupId');
  if (deduplicationId !== undefined && !TOKEN.test(deduplicationId)) {
    return refuseToken(deduplicationId, 'MessageDeduplicationId');
  }
  if (!queue.isFifo) {
    if (deduplicationId === undefined) return succeed(true);
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    return refuseFound(deduplicationId, 'MessageDeduplicationId', reason);
  }
  if (groupId === undefined) return refuseMissing('MessageGroupId');
  if (deduplicationId !== undefined || queue.settings.isContentDeduplicated) return succeed(true);
  return refuseMissingDeduplication();
}

/** The refusal of a FIFO message without any deduplication id. */
export function refuseMissingDeduplication(): Outcome<never> {
  return refuseParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId ' +
      'provided explicitly',
  );
}

function refuseToken(found: string, parameter: string): Outcome<never> {
  const rule = 'can only include alphanumeric and punctuation characters. 1 to 128 in length.';
  return refuseFound(found, parameter, `${parameter} ${rule}`);
}

function deduplicationKey(
  queue: Queue,
  groupId: string | undefined,
  deduplicationId: string,
): string {
  return queue.settings.isDeduplicatedByGroup
    ? JSON.stringify([groupId, deduplicationId])
    : deduplicationId;
}
