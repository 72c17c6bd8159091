// Queue URLs: `http://host:port/accountId/queueName`.

import { refuseAddress, refuseMissing, refuseUnknownQueue } from '../../cloud/sqs/faults.ts';
import { succeed } from '../../cloud/fault.ts';
import type { Outcome } from '../../cloud/fault.ts';

/** The URL of a queue; `endpoint` with or without a slash at its end. */
export function writeQueueUrl(endpoint: string, accountId: string, name: string): string {
  return `${endpoint.replace(/\/$/, '')}/${accountId}/${name}`;
}

/** The name in a queue URL of the account. The host does not matter: it differs behind proxies. */
export function readQueueUrl(url: string | undefined, accountId: string): Outcome<string> {
  if (url === undefined || url === '') return refuseMissing('QueueUrl');
  const [, account, name] = /^(?:https?:\/\/[^/]+)?\/?(\d{12})\/([^/?#]+)$/.exec(url) ?? [];
  if (account === undefined || name === undefined) return refuseAddress(url);
  return account === accountId ? succeed(name) : refuseUnknownQueue();
}
