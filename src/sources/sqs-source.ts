// How much waits in queues of SQS, asked from SQS itself: its attributes settle within a minute, where
// CloudWatch's metrics of the same are minutes old. Weighted and added up over several queues.

import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  type SQSClient,
} from '@aws-sdk/client-sqs';

import type { SignalSource, SourceOutcome } from '../controller/ports/signal-source.ts';
import type { AwsClients } from '../aws/aws-clients.ts';
import type { SourceSurroundings } from './surroundings.ts';

/** What is counted: `unfinished` is visible and in flight, `all` delayed ones as well. */
export type QueueCount = 'visible' | 'in-flight' | 'delayed' | 'unfinished' | 'all';

export interface SqsOrigin {
  readonly type: 'sqs';
  readonly region: string | null;
  readonly roleArn: string | null;
  /** The owner of queues that are named, where it is another account. */
  readonly account: string | null;
  /** At least one. */
  readonly queues: readonly WeightedQueue[];
  readonly count: QueueCount;
}

export interface WeightedQueue {
  /** A name, or a URL. */
  readonly queue: string;
  readonly weight: number;
}

const visible = 'ApproximateNumberOfMessages';
const inFlight = 'ApproximateNumberOfMessagesNotVisible';
const delayed = 'ApproximateNumberOfMessagesDelayed';

const attributes = {
  visible: [visible],
  'in-flight': [inFlight],
  delayed: [delayed],
  unfinished: [visible, inFlight],
  all: [visible, inFlight, delayed],
} as const satisfies Record<QueueCount, readonly QueueAttributeName[]>;

type Counted = { readonly ok: true; readonly count: number } | Failed;
interface Failed {
  readonly ok: false;
  readonly message: string;
}

export function createSqsSource(
  origin: SqsOrigin,
  clients: AwsClients<SQSClient>,
  { now }: SourceSurroundings,
): SignalSource {
  /** Name → URL, as SQS told it: it stays as long as the queue does. At most one for each queue. */
  const urls = new Map<string, string>();

  async function findUrl(queue: string): Promise<{ readonly ok: true; url: string } | Failed> {
    const known = /^https?:/.test(queue) ? queue : urls.get(queue);
    if (known !== undefined) return { ok: true, url: known };
    const found = await clients.call(origin, (client, abortSignal) => {
      const { account } = origin;
      const owner = account !== null && { QueueOwnerAWSAccountId: account };
      const command = new GetQueueUrlCommand({ QueueName: queue, ...owner });
      return client.send(command, { abortSignal });
    });
    if (!found.ok) return { ok: false, message: `GetQueueUrl ${queue}: ${found.failure.message}` };
    const url = found.value.QueueUrl;
    if (url === undefined) return { ok: false, message: `GetQueueUrl ${queue}: no URL in it` };
    urls.set(queue, url);
    return { ok: true, url };
  }

  async function count({ queue, weight }: WeightedQueue): Promise<Counted> {
    const found = await findUrl(queue);
    if (!found.ok) return found;
    const names = attributes[origin.count];
    const asked = await clients.call(origin, (client, abortSignal) => {
      const command = new GetQueueAttributesCommand({
        QueueUrl: found.url,
        AttributeNames: [...names],
      });
      return client.send(command, { abortSignal });
    });
    if (!asked.ok) {
      // It may have been deleted and made anew, elsewhere.
      urls.delete(queue);
      return { ok: false, message: `GetQueueAttributes ${queue}: ${asked.failure.message}` };
    }
    let messages = 0;
    for (const name of names) {
      const text = asked.value.Attributes?.[name] ?? '';
      if (!/^\d+$/.test(text)) {
        return { ok: false, message: `GetQueueAttributes ${queue}: no ${name} in the answer` };
      }
      messages += Number(text);
    }
    return { ok: true, count: messages * weight };
  }

  return {
    read: async (): Promise<SourceOutcome> => {
      const measuredAt = now();
      const counts = await Promise.all(origin.queues.map(count));
      let value = 0;
      for (const counted of counts) {
        // A sum with a part missing would be taken for less work.
        if (!counted.ok) return { kind: 'failed', message: counted.message };
        value += counted.count;
      }
      return { kind: 'value', value, measuredAt };
    },
  };
}
