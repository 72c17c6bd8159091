// SQS's refusals: each with its code in the JSON protocol and in the older Query protocol, as the
// service's API model pairs them.

import type { Outcome } from '../fault.ts';

interface Codes {
  readonly code: string;
  readonly queryCode?: string;
  readonly status?: number;
}

function refuseWith({ code, queryCode = code, status = 400 }: Codes, message: string) {
  return { ok: false, fault: { code, queryCode, status, message } } satisfies Outcome<never>;
}

const PREFIX = 'AWS.SimpleQueueService';

export function refuseParameter(message: string): Outcome<never> {
  const code = 'InvalidParameterValueException';
  return refuseWith({ code, queryCode: 'InvalidParameterValue' }, message);
}

/** AWS's usual sentence for a value that is out of range. */
export function refuseFound(
  found: string | number,
  parameter: string,
  reason: string,
): Outcome<never> {
  return refuseParameter(`Value ${found} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function refuseMissing(parameter: string): Outcome<never> {
  const codes = { code: 'MissingRequiredParameterException', queryCode: 'MissingParameter' };
  return refuseWith(codes, `The request must contain the parameter ${parameter}.`);
}

export function refuseUnknownQueue(): Outcome<never> {
  const codes = { code: 'QueueDoesNotExist', queryCode: `${PREFIX}.NonExistentQueue` };
  return refuseWith(codes, 'The specified queue does not exist.');
}

export function refuseAddress(address: string): Outcome<never> {
  const message = `The address ${address} is not valid for this endpoint.`;
  return refuseWith({ code: 'InvalidAddress', status: 404 }, message);
}

export function refuseAttributeName(message: string): Outcome<never> {
  return refuseWith({ code: 'InvalidAttributeName' }, message);
}

export function refuseAttributeValue(message: string): Outcome<never> {
  return refuseWith({ code: 'InvalidAttributeValue' }, message);
}

export function refuseExistingQueue(attribute: string): Outcome<never> {
  return refuseWith(
    { code: 'QueueNameExists', queryCode: 'QueueAlreadyExists' },
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );
}

export function refuseDeletedRecently(): Outcome<never> {
  return refuseWith(
    { code: 'QueueDeletedRecently', queryCode: `${PREFIX}.QueueDeletedRecently` },
    'You must wait 60 seconds after deleting a queue before you can create another with the same ' +
      'name.',
  );
}

export function refusePurge(queueName: string): Outcome<never> {
  const code = 'PurgeQueueInProgress';
  return refuseWith(
    { code, queryCode: `${PREFIX}.${code}`, status: 403 },
    `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
  );
}

export function refuseOverLimit(message: string): Outcome<never> {
  return refuseWith({ code: 'OverLimit', status: 403 }, message);
}

export function refuseReceiptHandle(handle: string): Outcome<never> {
  return refuseWith(
    { code: 'ReceiptHandleIsInvalid', status: 404 },
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}

export function refuseContents(): Outcome<never> {
  return refuseWith(
    { code: 'InvalidMessageContents' },
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | ' +
      '#xE000 to #xFFFD | #x10000 to #x10FFFF',
  );
}

/** `code` as `EmptyBatchRequest`. */
export function refuseBatch(code: string, message: string): Outcome<never> {
  return refuseWith({ code, queryCode: `${PREFIX}.${code}` }, message);
}
