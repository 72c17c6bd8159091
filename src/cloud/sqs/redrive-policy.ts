// When and whereto messages move that nobody manages to process ("Amazon SQS dead-letter queues").

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import { refuseFound, refuseParameter } from './faults.ts';

export interface RedrivePolicy {
  readonly targetArn: string;
  /** A message that was received so often is moved instead of being handed out once more. */
  readonly maxReceiveCount: number;
}

/** The queue a policy names, as far as the policy needs it. */
export interface RedriveTarget {
  readonly isFifo: boolean;
  /** Its `RedriveAllowPolicy`; all sources are allowed when it has none. */
  readonly allowPolicy: string | undefined;
}

export interface RedriveSource {
  readonly arn: string;
  readonly isFifo: boolean;
}

const RECEIVE_COUNT_MAX = 1000;
const RECEIVE_COUNT_INITIAL = 10;

/** `text` is the JSON of the attribute; `undefined` and the empty text are no policy. */
export function parseRedrivePolicy(
  text: string | undefined,
  source: RedriveSource,
  findTarget: (arn: string) => RedriveTarget | undefined,
): Outcome<RedrivePolicy | undefined> {
  if (text === undefined || text === '') return succeed(undefined);
  const policy = parseObject(text);
  if (policy === undefined) return refusePolicy(text, 'Redrive policy is not a valid JSON map.');
  const targetArn = policy['deadLetterTargetArn'];
  if (typeof targetArn !== 'string' || targetArn === '') {
    return refuseParameter("The required parameter 'deadLetterTargetArn' is missing");
  }
  const count = policy['maxReceiveCount'] ?? RECEIVE_COUNT_INITIAL;
  const maxReceiveCount = Number(count);
  const isCountGood = Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1;
  if (!isCountGood || maxReceiveCount > RECEIVE_COUNT_MAX) {
    const range = `valid values are from 1 to ${RECEIVE_COUNT_MAX} both inclusive.`;
    return refusePolicy(text, `Invalid value for maxReceiveCount: ${String(count)}, ${range}`);
  }
  const target = findTarget(targetArn);
  if (target === undefined) return refusePolicy(text, 'Dead letter target does not exist.');
  if (target.isFifo !== source.isFifo) {
    return refusePolicy(text, 'Dead-letter queue must be same type of queue as the source.');
  }
  if (!isAllowed(target.allowPolicy, source.arn)) {
    return refusePolicy(text, `Queue ${targetArn} does not allow ${source.arn} to redrive to it.`);
  }
  return succeed({ targetArn, maxReceiveCount });
}

function refusePolicy(text: string, reason: string): Outcome<never> {
  return refuseFound(text, 'RedrivePolicy', reason);
}

function isAllowed(allowPolicy: string | undefined, sourceArn: string): boolean {
  const policy = parseObject(allowPolicy ?? '{}') ?? {};
  const sources = policy['sourceQueueArns'];
  switch (policy['redrivePermission']) {
    case 'denyAll':
      return false;
    case 'byQueue':
      return Array.isArray(sources) && sources.includes(sourceArn);
    default:
      return true;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
