// A queue worker in a program of yours: polls, hands over, extends, deletes or gives back, tells what
// it does, and leaves without losing anything. Polling itself is sqs-consumer's.
//
//     running ──drain──▶ draining ──hands empty, or out of time──▶ drained

import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { createAgentSink } from './agent-sink.ts';
import { completeLifecycle } from './complete-lifecycle.ts';
import { DurationMetric } from './duration-metric.ts';
import { ReturnedError, WorkInHand, type WorkCounts } from './in-hand.ts';
import { metadataEndpointDefault, watchTermination } from './instance-metadata.ts';
import { readOptions, type ReportTo, type Settings, type WorkerOptions } from './options.ts';
import { Reporter, type WorkSink } from './reporter.ts';

export interface Worker {
  readonly isDraining: boolean;
  counts(): WorkCounts;
  /**
   * Takes no more messages, lets those in hand end, gives back what is left at the deadline, and
   * resolves when all of it is done. Asking again does not begin anew.
   */
  drain(why?: string): Promise<WorkCounts>;
  /** Resolves when the worker has drained, for whatever reason. */
  readonly drained: Promise<WorkCounts>;
}

/** A Spot instance has two minutes; the hands must be empty before. */
const spotMarginMs = 20_000;
/** sqs-consumer looks this often whether a stopped poll has come back, and then a little longer. */
const stopMarginMs = 5000;
const heartbeatRatio = 1 / 3;

/** Starts at once. Throws a `RangeError` of one line for options that cannot be. */
export function startWorker(options: WorkerOptions): Worker {
  const settings = readOptions(options);
  const { log, queueUrl } = settings;
  const sqs = options.sqs ?? new SQSClient({});
  const metric =
    options.cloudWatch === undefined ? null : new DurationMetric(options.cloudWatch, queueUrl, log);
  const hands = new WorkInHand((finished) => {
    metric?.add(finished);
    reporter?.add(finished);
  });
  const reporter = createReporter(options.reportTo, hands, settings, (why) => void drain(why));
  const consumers = Array.from({ length: settings.concurrency }, () =>
    createConsumer(settings, sqs, hands, () => isDraining),
  );
  const endpoint = endpointOf(options);
  const watch =
    options.watchesTermination === undefined || options.watchesTermination === false
      ? null
      : watchTermination(endpoint, ({ at, why }) => {
          const leftMs = at === null ? Number.POSITIVE_INFINITY : at - Date.now() - spotMarginMs;
          void drain(why, Math.max(0, leftMs));
        });
  let isDraining = false;
  let settle: (counts: WorkCounts) => void = () => {};
  const drained = new Promise<WorkCounts>((resolve) => {
    settle = resolve;
  });

  function drain(why = 'asked to', withinMs = Number.POSITIVE_INFINITY): Promise<WorkCounts> {
    if (isDraining) return drained;
    isDraining = true;
    log(`draining: ${why}; ${hands.counts.inHand} in hand`);
    void leave(Math.min(withinMs, settings.drainWithinMs)).then(settle);
    return drained;
  }

  async function leave(withinMs: number): Promise<WorkCounts> {
    const giveBack = setTimeout(() => hands.giveBackAll(), withinMs);
    await Promise.all(consumers.map((consumer) => stopConsumer(consumer)));
    clearTimeout(giveBack);
    watch?.close();
    stopListening();
    await Promise.all([reporter?.close(), metric?.close()]);
    if (options.lifecycle !== undefined) {
      const problem = await completeLifecycle(options.lifecycle, endpoint);
      if (problem !== null) log(`the lifecycle action was not completed: ${problem}`);
    }
    if (options.sqs === undefined) sqs.destroy();
    const { done, failed, returned } = hands.counts;
    log(`drained: ${done} done, ${failed} failed, ${returned} given back`);
    return hands.counts;
  }

  const stopListening =
    options.drainsOnSignal === false ? () => {} : listenForSignals((signal) => void drain(signal));
  reporter?.start();
  metric?.start();
  for (const consumer of consumers) consumer.start();
  return {
    get isDraining() {
      return isDraining;
    },
    counts: () => hands.counts,
    drain: (why) => drain(why),
    drained,
  };
}

function createConsumer(
  settings: Settings,
  sqs: SQSClient,
  hands: WorkInHand,
  isDraining: () => boolean,
): Consumer {
  const { queueUrl, visibilitySeconds, waitSeconds, drainWithinMs, log } = settings;
  /** The newest message of this consumer, which handles one at a time. */
  let newestError: unknown = null;
  const consumer = Consumer.create({
    queueUrl,
    sqs,
    batchSize: 1,
    waitTimeSeconds: waitSeconds,
    visibilityTimeout: visibilitySeconds,
    heartbeatInterval: Math.max(1, Math.floor(visibilitySeconds * heartbeatRatio)),
    messageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
    messageAttributeNames: ['All'],
    suppressFifoWarning: true,
    pollingCompleteWaitTimeMs: drainWithinMs + waitSeconds * 1000 + stopMarginMs,
    terminateVisibilityTimeout: ([message]) =>
      newestError instanceof ReturnedError ? 0 : settings.retryAfterSeconds(countReceived(message)),
    handleMessage: async (message) => {
      try {
        // It came with the last poll of a worker that has to go: another one takes it at once.
        if (isDraining()) throw new ReturnedError('received while draining');
        const work = { class: settings.classOf(message), sentAt: readSentAt(message) };
        await hands.work(work, (signal) => settings.handle(message, signal));
        return message;
      } catch (error) {
        newestError = error;
        throw error;
      }
    },
  });
  const tell = (error: Error): void => {
    if (!(error instanceof ReturnedError)) log(error.message);
  };
  consumer.on('error', tell);
  consumer.on('processing_error', tell);
  return consumer;
}

function readSentAt({ Attributes }: Message): number | null {
  const at = Number(Attributes?.SentTimestamp);
  return Number.isFinite(at) ? at : null;
}

function countReceived(message: Message | undefined): number {
  const count = Number(message?.Attributes?.ApproximateReceiveCount ?? 1);
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}

/** Resolves when its last poll has come back and its message has left its hands. */
function stopConsumer(consumer: Consumer): Promise<void> {
  return new Promise((resolve) => {
    consumer.once('stopped', () => resolve());
    consumer.stop();
  });
}

function createReporter(
  reportTo: ReportTo | undefined,
  hands: WorkInHand,
  { log }: Settings,
  drain: (why: string) => void,
): Reporter | null {
  if (reportTo === undefined) return null;
  const options = {
    countInHand: () => hands.counts.inHand,
    log,
    onDrain: () => drain('Foretide asks for it'),
  };
  return new Reporter({ ...options, sink: createSink(reportTo) });
}

function createSink(reportTo: ReportTo): WorkSink {
  if ('agent' in reportTo) return createAgentSink(reportTo.agent, `${process.pid}`);
  return createLazySink(reportTo);
}

/** The MQTT client is loaded only by those who report to a broker. */
function createLazySink(reportTo: Extract<ReportTo, { readonly broker: string }>): WorkSink {
  let loaded: WorkSink | null = null;
  return {
    name: 'the broker',
    async send(message) {
      const { createBrokerSink } = await import('./broker-sink.ts');
      loaded ??= createBrokerSink(reportTo);
      return loaded.send(message);
    },
    close: async () => loaded?.close(),
  };
}

function endpointOf({ watchesTermination }: WorkerOptions): string {
  return typeof watchesTermination === 'object'
    ? watchesTermination.endpoint
    : metadataEndpointDefault;
}

function listenForSignals(onSignal: (signal: string) => void): () => void {
  const listener = (signal: NodeJS.Signals): void => onSignal(signal);
  process.once('SIGTERM', listener);
  process.once('SIGINT', listener);
  return () => {
    process.off('SIGTERM', listener);
    process.off('SIGINT', listener);
  };
}
