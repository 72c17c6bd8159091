// SQS as a service of the local cloud: its operations by name, and the one that waits.

import type { Sqs } from '../../cloud/sqs/sqs.ts';
import type { PollingService } from '../polling.ts';
import type { Operation } from '../service.ts';
import { createArrivals } from './arrivals.ts';
import {
  changeVisibilityBatchOperation,
  changeVisibilityOperation,
  deleteBatchOperation,
  deleteMessageOperation,
  sendBatchOperation,
  sendMessageOperation,
} from './message-operations.ts';
import {
  createQueueOperation,
  deleteQueueOperation,
  getQueueAttributesOperation,
  getQueueUrlOperation,
  listQueuesOperation,
  listQueueTagsOperation,
  listSourcesOperation,
  purgeQueueOperation,
  setQueueAttributesOperation,
  tagQueueOperation,
  untagQueueOperation,
} from './queue-operations.ts';
import { receiveMessageOperation, receiveMessagePoll } from './receive-operation.ts';

/** `endpoint` is what the URLs of queues start with, for example `http://127.0.0.1:4566`. */
export function createSqsService(sqs: Sqs, endpoint: string): PollingService {
  const context = { sqs, endpoint, arrivals: createArrivals() };
  const operations = new Map<string, Operation>([
    ['CreateQueue', createQueueOperation(context)],
    ['GetQueueUrl', getQueueUrlOperation(context)],
    ['ListQueues', listQueuesOperation(context)],
    ['ListDeadLetterSourceQueues', listSourcesOperation(context)],
    ['DeleteQueue', deleteQueueOperation(context)],
    ['PurgeQueue', purgeQueueOperation(context)],
    ['GetQueueAttributes', getQueueAttributesOperation(context)],
    ['SetQueueAttributes', setQueueAttributesOperation(context)],
    ['TagQueue', tagQueueOperation(context)],
    ['UntagQueue', untagQueueOperation(context)],
    ['ListQueueTags', listQueueTagsOperation(context)],
    ['SendMessage', sendMessageOperation(context)],
    ['SendMessageBatch', sendBatchOperation(context)],
    ['ReceiveMessage', receiveMessageOperation(context)],
    ['DeleteMessage', deleteMessageOperation(context)],
    ['DeleteMessageBatch', deleteBatchOperation(context)],
    ['ChangeMessageVisibility', changeVisibilityOperation(context)],
    ['ChangeMessageVisibilityBatch', changeVisibilityBatchOperation(context)],
  ]);
  const polls = new Map([['ReceiveMessage', receiveMessagePoll(context)]]);
  return { signingName: 'sqs', operations, polls };
}
