// One queue with its messages as plain JSON, and back. The orders are not written: they follow from
// the messages.

import type { EpochMs } from '../time.ts';
import type { ApproximateCounts, Settling } from './approximate-counts.ts';
import { createDeduplication } from './deduplication.ts';
import type { RememberedId } from './deduplication.ts';
import { createMessage } from './message.ts';
import type { Message, MessageAttribute, MessageContent, MessageState } from './message.ts';
import type { Queue } from './queue.ts';
import { createQueue } from './queue.ts';
import type { QueueActivity } from './queue-activity.ts';
import { settingsOf } from './queue-attributes.ts';
import type { RedrivePolicy } from './redrive-policy.ts';
import { restoreMessage } from './transitions.ts';

export interface QueueState {
  readonly name: string;
  readonly serial: number;
  readonly createdAt: EpochMs;
  readonly modifiedAt: EpochMs;
  readonly purgedAt?: EpochMs | undefined;
  readonly attributes: readonly (readonly [string, string])[];
  readonly redrivePolicy?: RedrivePolicy | undefined;
  readonly tags: readonly (readonly [string, string])[];
  readonly messages: readonly MessageRecord[];
  readonly approximate: ApproximateCounts;
  readonly deduplication: readonly RememberedId[];
  readonly activity: QueueActivity;
  readonly idPrefix: string;
  readonly nextSequence: number;
}

interface MessageRecord {
  readonly content: ContentRecord;
  readonly sequence: number;
  readonly enqueuedAt: EpochMs;
  readonly state: MessageState;
  readonly place: number;
  readonly dueAt: EpochMs;
  readonly receivedAt: EpochMs;
  readonly firstReceivedAt?: EpochMs | undefined;
  readonly receiveCount: number;
  readonly receiveCountHere: number;
}

type ContentRecord = Omit<MessageContent, 'attributes'> & {
  readonly attributes: readonly (readonly [string, MessageAttribute])[];
};

/** The queue with all its messages. */
export function writeQueue(queue: Queue): QueueState {
  return {
    name: queue.name,
    serial: queue.serial,
    createdAt: queue.createdAt,
    modifiedAt: queue.modifiedAt,
    purgedAt: queue.purgedAt,
    attributes: [...queue.attributes],
    redrivePolicy: queue.settings.redrivePolicy,
    tags: [...queue.tags],
    messages: [...queue.messages.values()].map(writeMessage),
    approximate: copyCounts(queue.approximate),
    deduplication: queue.deduplication.values(),
    activity: { ...queue.activity },
    idPrefix: queue.idPrefix,
    nextSequence: queue.nextSequence,
  };
}

function copyCounts({ reported, nextLookAt }: ApproximateCounts): ApproximateCounts {
  return { reported: { ...reported }, nextLookAt };
}

function writeMessage(message: Message): MessageRecord {
  const { timerIndex: _timer, lineIndex: _line, ageIndex: _age, content, ...record } = message;
  return { ...record, content: { ...content, attributes: [...content.attributes] } };
}

/** The queue that `writeQueue` has written. */
export function readQueue(state: QueueState, settling: Settling): Queue {
  const attributes = new Map(state.attributes);
  const { name, serial, idPrefix } = state;
  const setup = { name, serial, attributes, idPrefix, settling };
  const created = createQueue(setup, state.createdAt);
  const queue: Queue = {
    ...created,
    modifiedAt: state.modifiedAt,
    purgedAt: state.purgedAt,
    settings: settingsOf(attributes, state.redrivePolicy),
    tags: new Map(state.tags),
    approximate: copyCounts(state.approximate),
    deduplication: createDeduplication(state.deduplication),
    activity: { ...state.activity },
    nextSequence: state.nextSequence,
  };
  const messages = state.messages.map(readMessage);
  for (const message of messages) queue.messages.set(message.sequence, message);
  // In the order of their places, in which a line of fresh messages is rebuilt.
  for (const message of messages.toSorted((a, b) => a.place - b.place)) {
    restoreMessage(queue, message);
  }
  return queue;
}

function readMessage({ content, ...record }: MessageRecord): Message {
  const full = { ...content, attributes: new Map(content.attributes) };
  return Object.assign(createMessage(full, record.sequence, record.enqueuedAt), record);
}
