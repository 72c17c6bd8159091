// The attributes a queue is set up with: their names, ranges and defaults ("CreateQueue" and
// "SetQueueAttributes", Amazon SQS API Reference). AWS has them all as texts.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import { refuseAttributeName, refuseAttributeValue } from './faults.ts';
import type { RedrivePolicy } from './redrive-policy.ts';

export type AttributeTexts = ReadonlyMap<string, string>;

/** What the model goes by. */
export interface QueueSettings {
  readonly delayMs: number;
  readonly messageBytesMax: number;
  readonly retentionMs: number;
  readonly receiveWaitMs: number;
  readonly visibilityTimeoutMs: number;
  /** FIFO only: the SHA-256 of the body stands in for a missing deduplication id. */
  readonly isContentDeduplicated: boolean;
  /** FIFO only: the same id may be used in two groups. */
  readonly isDeduplicatedByGroup: boolean;
  readonly redrivePolicy: RedrivePolicy | undefined;
}

interface WholeNumber {
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

const WHOLE_NUMBERS: ReadonlyMap<string, WholeNumber> = new Map([
  ['DelaySeconds', { min: 0, max: 900, initial: 0 }],
  ['MaximumMessageSize', { min: 1024, max: 1_048_576, initial: 1_048_576 }],
  ['MessageRetentionPeriod', { min: 60, max: 1_209_600, initial: 345_600 }],
  ['ReceiveMessageWaitTimeSeconds', { min: 0, max: 20, initial: 0 }],
  ['VisibilityTimeout', { min: 0, max: 43_200, initial: 30 }],
]);

/** Kept and shown, without effect in the model; `RedrivePolicy` is looked at elsewhere. */
const TEXTS = ['Policy', 'KmsMasterKeyId', 'RedrivePolicy', 'RedriveAllowPolicy'];
const KMS_REUSE = 'KmsDataKeyReusePeriodSeconds';
const KMS_REUSE_RANGE: WholeNumber = { min: 60, max: 86_400, initial: 300 };

/** Of each attribute the words it may be, the first of which it is at the beginning. */
const FIFO_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ContentBasedDeduplication', ['false', 'true']],
  ['DeduplicationScope', ['queue', 'messageGroup']],
  ['FifoThroughputLimit', ['perQueue', 'perMessageGroupId']],
]);
const SSE_WORDS: readonly string[] = ['true', 'false'];

/** What a queue has before anything is set. */
export function initialAttributes(isFifo: boolean): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, { initial }] of WHOLE_NUMBERS) texts.set(name, String(initial));
  texts.set('SqsManagedSseEnabled', 'true');
  if (!isFifo) return texts;
  texts.set('FifoQueue', 'true');
  for (const [name, [initial = '']] of FIFO_WORDS) texts.set(name, initial);
  return texts;
}

/**
 * The attributes with some of them set anew. An empty text takes a policy away. The redrive policy
 * is not looked into.
 */
export function applyAttributes(
  current: AttributeTexts,
  given: AttributeTexts,
  isFifo: boolean,
): Outcome<Map<string, string>> {
  const texts = new Map(current);
  for (const [name, value] of given) {
    const checked = checkAttribute(name, value, isFifo);
    if (!checked.ok) return checked;
    if (value === '' && TEXTS.includes(name)) texts.delete(name);
    else texts.set(name, value);
    if (name === 'KmsMasterKeyId') texts.set('SqsManagedSseEnabled', String(value === ''));
  }
  return succeed(texts);
}

function checkAttribute(name: string, value: string, isFifo: boolean): Outcome<true> {
  const range = name === KMS_REUSE ? KMS_REUSE_RANGE : WHOLE_NUMBERS.get(name);
  if (range !== undefined) return checkValue(name, isWholeNumberIn(value, range));
  if (TEXTS.includes(name)) return succeed(true);
  if (name === 'SqsManagedSseEnabled') return checkValue(name, SSE_WORDS.includes(value));
  if (name === 'FifoQueue') return checkFifo(value, isFifo);
  const words = FIFO_WORDS.get(name);
  if (words === undefined) return refuseUnknown(name);
  if (isFifo) return checkValue(name, words.includes(value));
  if (name === 'ContentBasedDeduplication') return refuseUnknown(name);
  return refuseAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`);
}

function checkFifo(value: string, isFifo: boolean): Outcome<true> {
  if (!isFifo) return refuseUnknown('FifoQueue');
  if (value === 'true') return succeed(true);
  return refuseAttributeValue(
    'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
  );
}

function checkValue(name: string, isGood: boolean): Outcome<true> {
  if (isGood) return succeed(true);
  return refuseAttributeValue(`Invalid value for the parameter ${name}.`);
}

/** Also AWS's answer to names that `GetQueueAttributes` does not know. */
export function refuseUnknown(name: string): Outcome<never> {
  return refuseAttributeName(`Unknown Attribute ${name}.`);
}

function isWholeNumberIn(text: string, { min, max }: WholeNumber): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

/** What the texts mean; they have been checked. */
export function settingsOf(
  texts: AttributeTexts,
  redrivePolicy: RedrivePolicy | undefined,
): QueueSettings {
  const numberOf = (name: string): number => Number(texts.get(name) ?? 0);
  return {
    delayMs: numberOf('DelaySeconds') * 1000,
    messageBytesMax: numberOf('MaximumMessageSize'),
    retentionMs: numberOf('MessageRetentionPeriod') * 1000,
    receiveWaitMs: numberOf('ReceiveMessageWaitTimeSeconds') * 1000,
    visibilityTimeoutMs: numberOf('VisibilityTimeout') * 1000,
    isContentDeduplicated: texts.get('ContentBasedDeduplication') === 'true',
    isDeduplicatedByGroup: texts.get('DeduplicationScope') === 'messageGroup',
    redrivePolicy,
  };
}
