// One SQS queue, by its name or URL, for the commands about queues: found once, counted often. What AWS
// refuses ends the command with one line.

import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SQSClient,
  type GetQueueAttributesCommandOutput,
} from '@aws-sdk/client-sqs';
import { DeployError, explainAwsError, isAbsent } from '../../deploy/deploy-error.ts';
import {
  sessionSettings,
  type SessionOptions,
  type SessionSettings,
} from '../../deploy/session.ts';
import { StartError } from '../start-error.ts';

export interface OpenQueue {
  readonly name: string;
  readonly url: string;
  readonly isFifo: boolean;
  readonly sqs: SQSClient;
  /** For clients of other services, at the same place. */
  readonly settings: SessionSettings;
  close(): void;
}

/** As SQS tells it: approximate, and up to a minute late for a standard queue. */
export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** In its dead-letter queue; null where it has none, or where that may not be read. */
  readonly dead: number | null;
}

const countedAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'RedrivePolicy',
] as const;

/** Throws a `StartError` for a queue that is missing or denied. */
export async function openQueue(nameOrUrl: string, options: SessionOptions): Promise<OpenQueue> {
  const settings = sessionSettings(options);
  const sqs = new SQSClient(settings);
  const url = await explaining(nameOrUrl, () => findUrl(sqs, nameOrUrl)).catch((error: unknown) => {
    sqs.destroy();
    throw error;
  });
  const name = url.split('/').at(-1) ?? url;
  const isFifo = name.endsWith('.fifo');
  return { name, url, isFifo, sqs, settings, close: () => sqs.destroy() };
}

export async function countQueue({ name, sqs, url }: OpenQueue): Promise<QueueCounts> {
  const { Attributes: told = {} } = await explaining(name, () => askAttributes(sqs, url));
  const [visible, inFlight, delayed, redrive] = countedAttributes.map((key) => told[key]);
  return {
    visible: Number(visible ?? 0),
    inFlight: Number(inFlight ?? 0),
    delayed: Number(delayed ?? 0),
    dead: redrive === undefined ? null : await countDead(sqs, redrive),
  };
}

/** Runs a call about the queue; a refusal of AWS becomes one line with what to do. */
export async function explaining<T>(queue: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DeployError) throw new StartError(error.message, 1);
    if (isAbsent(error)) {
      throw new StartError(`SQS knows no queue ${queue} in this account and region`, 1);
    }
    const told = error instanceof Error ? `${error.name}: ${error.message}` : '';
    if (/AccessDenied|not authorized/u.test(told)) {
      throw new StartError(`the queue ${queue}: AWS denies it (${told.split('\n', 1)[0]})`, 1);
    }
    throw new StartError(explainAwsError(error, `the queue ${queue}`).message, 1);
  }
}

async function findUrl(sqs: SQSClient, nameOrUrl: string): Promise<string> {
  if (/^https?:/u.test(nameOrUrl)) return nameOrUrl;
  const { QueueUrl: url } = await sqs.send(new GetQueueUrlCommand({ QueueName: nameOrUrl }));
  if (url === undefined) throw new Error('SQS tells no URL');
  return url;
}

function askAttributes(sqs: SQSClient, url: string): Promise<GetQueueAttributesCommandOutput> {
  return sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...countedAttributes] }),
  );
}

/** Only shown: a queue that belongs to somebody else, or cannot be read, is no reason to end. */
async function countDead(sqs: SQSClient, redrivePolicy: string): Promise<number | null> {
  const [, name] = /"deadLetterTargetArn"\s*:\s*"[^"]*:([^":]+)"/u.exec(redrivePolicy) ?? [];
  if (name === undefined) return null;
  try {
    const { Attributes: told = {} } = await askAttributes(sqs, await findUrl(sqs, name));
    return Number(told['ApproximateNumberOfMessages'] ?? 0);
  } catch {
    return null;
  }
}
