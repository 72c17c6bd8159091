// Messages as the API has them: what is read when they are sent, what is shown when they are
// received.

import type { MessageAttribute } from '../../cloud/sqs/message.ts';
import type { ReceivedMessage } from '../../cloud/sqs/receive.ts';
import type { SendRequest } from '../../cloud/sqs/send.ts';
import type { Structure } from '../json-shape.ts';
import { mapOf, readInteger, readText, structureOf } from '../json-shape.ts';
import { digestAttributes, digestBody } from './message-digest.ts';
import type { Output } from './sqs-context.ts';

const readAttributes = mapOf(
  structureOf({ DataType: readText, StringValue: readText, BinaryValue: readText }),
);

/** The members that `SendMessage` and an entry of `SendMessageBatch` have in common. */
export const sendShape = {
  MessageBody: readText,
  DelaySeconds: readInteger,
  MessageAttributes: readAttributes,
  MessageSystemAttributes: readAttributes,
  MessageGroupId: readText,
  MessageDeduplicationId: readText,
};

type GivenAttributes = Structure<typeof sendShape>['MessageAttributes'];

/** A message for the model, which checks it. */
export function toSendRequest(given: Structure<typeof sendShape>): SendRequest {
  return {
    body: given.MessageBody,
    delayS: given.DelaySeconds,
    attributes: toAttributes(given.MessageAttributes),
    traceHeader: given.MessageSystemAttributes?.get(TRACE_HEADER)?.StringValue,
    groupId: given.MessageGroupId,
    deduplicationId: given.MessageDeduplicationId,
  };
}

const TRACE_HEADER = 'AWSTraceHeader';

function toAttributes(given: GivenAttributes): ReadonlyMap<string, MessageAttribute> {
  const attributes = new Map<string, MessageAttribute>();
  for (const [name, { DataType = '', StringValue, BinaryValue }] of given ?? []) {
    attributes.set(name, {
      dataType: DataType,
      stringValue: StringValue,
      binaryValue: BinaryValue,
    });
  }
  return attributes;
}

/** The digests in the answer to a message that was sent. */
export function digestSent({ body = '', attributes, traceHeader }: SendRequest): Output {
  const trace = { dataType: 'String', stringValue: traceHeader };
  return {
    MD5OfMessageBody: digestBody(body),
    MD5OfMessageAttributes: digestAttributes(attributes),
    MD5OfMessageSystemAttributes:
      traceHeader === undefined ? undefined : digestAttributes(new Map([[TRACE_HEADER, trace]])),
  };
}

/** Which attributes a receiver wants. */
export interface Wanted {
  readonly systemAttributes: readonly string[];
  readonly attributes: readonly string[];
}

/** A received message with the attributes that are wanted, and the digests of what is shown. */
export function describeMessage(
  message: ReceivedMessage,
  wanted: Wanted,
  senderId: string,
): Output {
  const { content } = message;
  const chosen = new Map([...content.attributes].filter(([name]) => isWanted(name, wanted)));
  const system = systemAttributesOf(message, senderId).filter(
    ([name, value]) => value !== undefined && isSystemWanted(name, wanted),
  );
  return {
    MessageId: content.id,
    ReceiptHandle: message.receiptHandle,
    Body: content.body,
    MD5OfBody: digestBody(content.body),
    Attributes: system.length > 0 ? Object.fromEntries(system) : undefined,
    MD5OfMessageAttributes: digestAttributes(chosen),
    MessageAttributes: chosen.size > 0 ? describeAttributes(chosen) : undefined,
  };
}

function describeAttributes(attributes: ReadonlyMap<string, MessageAttribute>): Output {
  const entries = [...attributes].map(([name, { dataType, stringValue, binaryValue }]) => {
    return [name, { DataType: dataType, StringValue: stringValue, BinaryValue: binaryValue }];
  });
  return Object.fromEntries(entries);
}

/** `All`, `.*`, a prefix such as `bar.*`, or the name itself. */
function isWanted(name: string, { attributes }: Wanted): boolean {
  return attributes.some((wanted) => {
    if (wanted === 'All' || wanted === name) return true;
    return wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2));
  });
}

function isSystemWanted(name: string, { systemAttributes }: Wanted): boolean {
  return systemAttributes.includes('All') || systemAttributes.includes(name);
}

function systemAttributesOf(
  { content, receiveCount, firstReceivedAt }: ReceivedMessage,
  senderId: string,
): readonly (readonly [string, string | undefined])[] {
  return [
    ['SenderId', senderId],
    ['SentTimestamp', String(content.sentAt)],
    ['ApproximateReceiveCount', String(receiveCount)],
    ['ApproximateFirstReceiveTimestamp', String(firstReceivedAt)],
    ['SequenceNumber', content.sequenceNumber],
    ['MessageGroupId', content.groupId],
    ['MessageDeduplicationId', content.deduplicationId],
    [TRACE_HEADER, content.traceHeader],
    ['DeadLetterQueueSourceArn', content.sourceArn],
  ];
}
