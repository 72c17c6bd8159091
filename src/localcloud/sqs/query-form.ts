// SQS's Query protocol (2012-11-05), which writes lists and maps flat and in the singular:
// `AttributeName.1`, `Attribute.1.Name`, `<Message>`. Here it becomes the API's own members.

import type { FlatMember } from '../xml.ts';

type Input = Readonly<Record<string, unknown>>;

const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  TagKey: 'TagKeys',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};

const MAPS: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  MessageSystemAttribute: 'MessageSystemAttributes',
  Tag: 'Tags',
};

/** The input as the operations know it; a queue may be named by the path alone. */
export function readSqsForm(input: Input, operation: string, path: string): Input {
  const read = renameMembers(input);
  // The one map whose name begins with a small letter in the API.
  const { Tags: tags } = read;
  const renamed = operation === 'CreateQueue' && tags !== undefined ? { ...read, tags } : read;
  const needsQueue = path !== '/' && renamed['QueueUrl'] === undefined;
  return needsQueue ? { ...renamed, QueueUrl: path } : renamed;
}

function renameMembers(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => {
      const list = LISTS[name];
      if (list !== undefined) return [list, listOf(value).map(renameEntry)];
      const map = MAPS[name];
      return map === undefined ? [name, value] : [map, mapOf(listOf(value))];
    }),
  );
}

function renameEntry(entry: unknown): unknown {
  return isRecord(entry) ? renameMembers(entry) : entry;
}

function mapOf(entries: readonly unknown[]): Input {
  return Object.fromEntries(
    entries
      .filter(isRecord)
      .map((entry) => [String(entry['Name'] ?? entry['Key']), entry['Value']]),
  );
}

/** A single text is what an empty list is written as. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How the members of answers are written. */
export function flatSqsMembers(operation: string): ReadonlyMap<string, FlatMember> {
  return new Map<string, FlatMember>([
    ['QueueUrls', { element: 'QueueUrl' }],
    ['queueUrls', { element: 'QueueUrl' }],
    ['Messages', { element: 'Message' }],
    ['Attributes', { element: 'Attribute', keyName: 'Name' }],
    ['MessageAttributes', { element: 'MessageAttribute', keyName: 'Name' }],
    ['Tags', { element: 'Tag', keyName: 'Key' }],
    ['Successful', { element: `${operation}ResultEntry` }],
    ['Failed', { element: 'BatchResultErrorEntry' }],
  ]);
}
