// What the three batch operations have in common: the rules for their entries, and an outcome for
// each of them.

import { succeed } from '../fault.ts';
import type { Fault, Outcome } from '../fault.ts';
import { refuseBatch } from './faults.ts';

export const BATCH_ENTRIES_MAX = 10;
/** "The total size of all messages that you send in a single SendMessageBatch call". */
export const BATCH_BYTES_MAX = 1_048_576;
const ID = /^[A-Za-z0-9_-]{1,80}$/;

export interface BatchResult<T> {
  readonly successful: readonly { readonly id: string; readonly value: T }[];
  readonly failed: readonly { readonly id: string; readonly fault: Fault }[];
}

/** `entryName` as `SendMessageBatchRequestEntry`. */
export function checkBatch(ids: readonly string[], entryName: string): Outcome<true> {
  if (ids.length === 0) {
    return refuseBatch(
      'EmptyBatchRequest',
      `There should be at least one ${entryName} in the request.`,
    );
  }
  if (ids.length > BATCH_ENTRIES_MAX) {
    return refuseBatch(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. ` +
        `You have sent ${ids.length}.`,
    );
  }
  if (!ids.every((id) => ID.test(id))) {
    return refuseBatch(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. ' +
        'It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated === undefined) return succeed(true);
  return refuseBatch('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
}

/** `totalBytes`: bodies and attributes of all messages. */
export function checkBatchSize(totalBytes: number): Outcome<true> {
  if (totalBytes <= BATCH_BYTES_MAX) return succeed(true);
  return refuseBatch(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. ` +
      `You have sent ${totalBytes} bytes.`,
  );
}

/** Runs each entry by itself: one that fails does not keep the others from succeeding. */
export function runBatch<E extends { readonly id: string }, T>(
  entries: readonly E[],
  run: (entry: E) => Outcome<T>,
): BatchResult<T> {
  const successful: { id: string; value: T }[] = [];
  const failed: { id: string; fault: Fault }[] = [];
  for (const entry of entries) {
    const outcome = run(entry);
    if (outcome.ok) successful.push({ id: entry.id, value: outcome.value });
    else failed.push({ id: entry.id, fault: outcome.fault });
  }
  return { successful, failed };
}
