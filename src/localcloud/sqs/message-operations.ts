// Sending, deleting and hiding messages, with AWS's member names.

import { succeed } from '../../cloud/fault.ts';
import type { Fault, Outcome } from '../../cloud/fault.ts';
import type { BatchResult } from '../../cloud/sqs/batch.ts';
import { checkBatch, runBatch } from '../../cloud/sqs/batch.ts';
import { refuseMissing } from '../../cloud/sqs/faults.ts';
import { sendMessage } from '../../cloud/sqs/send.ts';
import { sendBatch } from '../../cloud/sqs/send-batch.ts';
import { changeVisibility, deleteMessage } from '../../cloud/sqs/settle.ts';
import type { Structure } from '../json-shape.ts';
import { listOf, readInteger, readText, structureOf } from '../json-shape.ts';
import type { Operation } from '../service.ts';
import { digestSent, sendShape, toSendRequest } from './message-shapes.ts';
import { defineQueueOperation } from './sqs-context.ts';
import type { Output, SqsContext } from './sqs-context.ts';

export function sendMessageOperation(context: SqsContext): Operation {
  const readInput = structureOf({ QueueUrl: readText, ...sendShape });
  return defineQueueOperation(context, readInput, (queue, input, { now }) => {
    const request = toSendRequest(input);
    const sent = sendMessage(context.sqs, queue, request, now);
    if (!sent.ok) return sent;
    const { messageId, sequenceNumber } = sent.value;
    return succeed({
      ...digestSent(request),
      MessageId: messageId,
      SequenceNumber: sequenceNumber,
    });
  });
}

export function sendBatchOperation(context: SqsContext): Operation {
  const readEntries = listOf(structureOf({ Id: readText, ...sendShape }));
  const readInput = structureOf({ QueueUrl: readText, Entries: readEntries });
  return defineQueueOperation(context, readInput, (queue, { Entries = [] }, { now }) => {
    const entries = Entries.map((given) => ({ id: given.Id ?? '', ...toSendRequest(given) }));
    const result = sendBatch(context.sqs, queue, entries, now);
    if (!result.ok) return result;
    const Successful = result.value.successful.map(({ id, value }) => {
      const request = entries.find((entry) => entry.id === id);
      return {
        Id: id,
        ...(request === undefined ? {} : digestSent(request)),
        MessageId: value.messageId,
        SequenceNumber: value.sequenceNumber,
      };
    });
    return succeed({ Successful, Failed: result.value.failed.map(describeFailure) });
  });
}

const handleShape = { ReceiptHandle: readText, VisibilityTimeout: readInteger };
const readHandle = structureOf({ QueueUrl: readText, ...handleShape });
const entryShape = { Id: readText, ...handleShape };
const readHandles = structureOf({ QueueUrl: readText, Entries: listOf(structureOf(entryShape)) });
type HandleEntry = Structure<typeof entryShape>;

export function deleteMessageOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readHandle, (queue, { ReceiptHandle }, { now }) => {
    if (ReceiptHandle === undefined) return refuseMissing('ReceiptHandle');
    const outcome = deleteMessage(queue, ReceiptHandle, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function changeVisibilityOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readHandle, (queue, input, { now }) => {
    const { ReceiptHandle, VisibilityTimeout } = input;
    if (ReceiptHandle === undefined) return refuseMissing('ReceiptHandle');
    if (VisibilityTimeout === undefined) return refuseMissing('VisibilityTimeout');
    const outcome = changeVisibility(queue, ReceiptHandle, VisibilityTimeout, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function deleteBatchOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readHandles, (queue, { Entries = [] }, { now }) =>
    runHandles(Entries, 'DeleteMessageBatchRequestEntry', ({ ReceiptHandle }) =>
      ReceiptHandle === undefined
        ? refuseMissing('ReceiptHandle')
        : deleteMessage(queue, ReceiptHandle, now),
    ),
  );
}

export function changeVisibilityBatchOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readHandles, (queue, { Entries = [] }, { now }) =>
    runHandles(
      Entries,
      'ChangeMessageVisibilityBatchRequestEntry',
      ({ ReceiptHandle, VisibilityTimeout }) => {
        if (ReceiptHandle === undefined) return refuseMissing('ReceiptHandle');
        if (VisibilityTimeout === undefined) return refuseMissing('VisibilityTimeout');
        return changeVisibility(queue, ReceiptHandle, VisibilityTimeout, now);
      },
    ),
  );
}

function runHandles(
  given: readonly HandleEntry[],
  entryName: string,
  run: (entry: HandleEntry) => Outcome<true>,
): Outcome<Output> {
  const entries = given.map((entry) => ({ id: entry.Id ?? '', entry }));
  const checked = checkBatch(
    entries.map(({ id }) => id),
    entryName,
  );
  if (!checked.ok) return checked;
  const result: BatchResult<true> = runBatch(entries, ({ entry }) => run(entry));
  return succeed({
    Successful: result.successful.map(({ id }) => ({ Id: id })),
    Failed: result.failed.map(describeFailure),
  });
}

/** Batch entries fail with the codes of the Query protocol, whatever the client speaks. */
function describeFailure({ id, fault }: { readonly id: string; readonly fault: Fault }) {
  const { code, queryCode = code, message, status } = fault;
  return { Id: id, SenderFault: status < 500, Code: queryCode, Message: message };
}
