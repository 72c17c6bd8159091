// ReceiveMessage: at once, or with long polling.

import { succeed } from '../../cloud/fault.ts';
import type { Outcome } from '../../cloud/fault.ts';
import type { Queue } from '../../cloud/sqs/queue.ts';
import { answerEmpty, checkReceive, receiveMessages } from '../../cloud/sqs/receive.ts';
import type { ReceivedMessage, ReceiveRequest } from '../../cloud/sqs/receive.ts';
import { findQueueByArn, openQueue } from '../../cloud/sqs/sqs.ts';
import { nextAppearanceAt } from '../../cloud/sqs/transitions.ts';
import type { EpochMs } from '../../cloud/time.ts';
import { listOf, readInteger, readText, structureOf } from '../json-shape.ts';
import type { Poll, StartPoll } from '../polling.ts';
import type { CallContext, Operation } from '../service.ts';
import { describeMessage } from './message-shapes.ts';
import type { Wanted } from './message-shapes.ts';
import { readQueueUrl } from './queue-url.ts';
import type { Output, SqsContext } from './sqs-context.ts';

const readInput = structureOf({
  QueueUrl: readText,
  AttributeNames: listOf(readText),
  MessageSystemAttributeNames: listOf(readText),
  MessageAttributeNames: listOf(readText),
  MaxNumberOfMessages: readInteger,
  VisibilityTimeout: readInteger,
  WaitTimeSeconds: readInteger,
});

interface Receive {
  readonly name: string;
  readonly request: ReceiveRequest;
  readonly wanted: Wanted;
  readonly waitMs: number;
}

/** Once, without waiting: what a caller gets that cannot wait. */
export function receiveMessageOperation(context: SqsContext): Operation {
  return (input, call) => {
    const receive = prepare(context, input, call);
    if (!receive.ok) return receive;
    const poll = createPoll(context, receive.value, call);
    return poll.attempt(call.now) ?? poll.giveUp(call.now);
  };
}

/** "The call returns sooner than WaitTimeSeconds" when a message arrives. */
export function receiveMessagePoll(context: SqsContext): StartPoll {
  return (input, call) => {
    const receive = prepare(context, input, call);
    if (!receive.ok) return { kind: 'answer', outcome: receive };
    const poll = createPoll(context, receive.value, call);
    const outcome = poll.attempt(call.now);
    if (outcome !== undefined) return { kind: 'answer', outcome };
    if (receive.value.waitMs === 0) return { kind: 'answer', outcome: poll.giveUp(call.now) };
    return { kind: 'wait', poll };
  };
}

function prepare({ sqs }: SqsContext, given: Output, call: CallContext): Outcome<Receive> {
  const input = readInput(given, '');
  if (!input.ok) return input;
  const name = readQueueUrl(input.value.QueueUrl, call.accountId);
  if (!name.ok) return name;
  const queue = openQueue(sqs, name.value, call.now);
  if (!queue.ok) return queue;
  const { AttributeNames = [], MessageSystemAttributeNames = [] } = input.value;
  const request = {
    countMax: input.value.MaxNumberOfMessages,
    visibilityTimeoutS: input.value.VisibilityTimeout,
    waitS: input.value.WaitTimeSeconds,
  };
  const waitMs = checkReceive(queue.value, request);
  if (!waitMs.ok) return waitMs;
  const wanted = {
    systemAttributes: [...AttributeNames, ...MessageSystemAttributeNames],
    attributes: input.value.MessageAttributeNames ?? [],
  };
  return succeed({ name: name.value, request, wanted, waitMs: waitMs.value });
}

function createPoll(context: SqsContext, receive: Receive, call: CallContext): Poll {
  const { sqs, arrivals } = context;
  const { name, request, wanted, waitMs } = receive;
  const describe = (messages: readonly ReceivedMessage[]): Outcome<Output> =>
    succeed(
      messages.length === 0
        ? {}
        : { Messages: messages.map((one) => describeMessage(one, wanted, call.accountId)) },
    );
  return {
    deadline: call.now + waitMs,
    attempt(now) {
      const queue = openQueue(sqs, name, now);
      if (!queue.ok) return queue;
      const messages = receiveMessages(sqs, queue.value, request, now);
      announceOthers(context, queue.value);
      return messages.length === 0 ? undefined : describe(messages);
    },
    giveUp(now: EpochMs) {
      const queue = openQueue(sqs, name, now);
      if (!queue.ok) return queue;
      const answered = answerEmpty(queue.value, waitMs);
      return answered.ok ? describe(answered.value) : answered;
    },
    nextChangeAt() {
      const queue = sqs.queues.get(name);
      return queue && nextAppearanceAt(queue);
    },
    onChange: (listener) => arrivals.wait(name, listener),
  };
}

/** A receive may have moved messages to the dead-letter queue, where others wait. */
function announceOthers({ sqs, arrivals }: SqsContext, queue: Queue): void {
  const policy = queue.settings.redrivePolicy;
  const target = policy && findQueueByArn(sqs, policy.targetArn);
  if (target !== undefined) arrivals.announce(target.name, target.counts.visible);
}
