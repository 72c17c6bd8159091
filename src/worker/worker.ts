// A queue worker in a program of yours: polls, hands over, extends, deletes or gives back, tells what
// it does, and leaves without losing anything. Polling itself is sqs-consumer's.
//
//     running ──drain──▶ draining ──hands empty, or out of time──▶ drained

import { SQSClient, type Message } from '@aws-sdk/client-sqs';
import { createHash } from 'node:crypto';
import { Consumer } from 'sqs-consumer';
import { createAgentSink } from './agent-sink.ts';
import {
  beginDrain,
  judgeArrival,
  mayReceive,
  running,
  settleMessage,
  signOfLifeSeconds,
  timeToGiveBack,
  type Course,
} from './course.ts';
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

/** sqs-consumer looks this often whether a stopped poll has come back, and then a little longer. */
const stopMarginMs = 5000;
/** Each report is answered with the time that is left, a little less or more. */
const worthTellingMs = 2000;
/** An agent or broker that does not answer must not keep the worker from its work. */
const greetingLimitMs = 2000;
/** Nor must they keep it from leaving: Spot's margin is four times as long. */
const farewellLimitMs = 5000;
/** An instance that was asked to go is ended within seconds of its last report. */
const terminationPatienceMs = 120_000;
/** Of a digest in hexadecimal: two of a thousand groups are taken for one with a chance of 10⁻⁹. */
const groupDigits = 12;

/** Starts at once. Throws a `RangeError` of one line for options that cannot be. */
export function startWorker(options: WorkerOptions): Worker {
  const settings = readOptions(options);
  const { log, queueUrl } = settings;
  const sqs = options.sqs ?? new SQSClient({});
  const metric =
    options.cloudWatch === undefined ? null : new DurationMetric(options.cloudWatch, queueUrl, log);
  let isAskedToGo = false;
  const hands = new WorkInHand((finished) => {
    metric?.add(finished);
    reporter?.add(finished);
  });
  const reporter = createReporter(options.reportTo, hands, settings, (withinMs) => {
    isAskedToGo = true;
    void drain('Foretide asks for it', timeToGiveBack(withinMs));
  });
  const consumers = Array.from({ length: settings.concurrency }, () =>
    createConsumer(settings, sqs, hands, () => course),
  );
  const endpoint = endpointOf(options);
  const watch =
    options.watchesTermination === undefined || options.watchesTermination === false
      ? null
      : watchTermination(endpoint, ({ at, why }) => {
          const leftMs = at === null ? Number.POSITIVE_INFINITY : at - Date.now();
          void drain(why, timeToGiveBack(leftMs));
        });
  let course = running;
  let giveBack: NodeJS.Timeout | undefined;
  let settle: (counts: WorkCounts) => void = () => {};
  const drained = new Promise<WorkCounts>((resolve) => {
    settle = resolve;
  });

  function drain(why = 'asked to', withinMs = Number.POSITIVE_INFINITY): Promise<WorkCounts> {
    const before = course;
    const now = performance.now();
    course = beginDrain(before, now, Math.min(withinMs, settings.drainWithinMs));
    const isSooner = course.giveBackAt !== before.giveBackAt;
    if (isSooner) {
      clearTimeout(giveBack);
      giveBack = setTimeout(() => hands.giveBackAll(), (course.giveBackAt ?? now) - now);
    }
    if (!before.isDraining) {
      log(`draining: ${why}; ${hands.counts.inHand} in hand`);
      void leave().then(settle);
    } else if ((before.giveBackAt ?? now) - (course.giveBackAt ?? now) > worthTellingMs) {
      const seconds = Math.round(((course.giveBackAt ?? now) - now) / 1000);
      log(`less time to drain: ${why}; what is left in ${seconds} s is given back`);
    }
    return drained;
  }

  async function leave(): Promise<WorkCounts> {
    await greeted;
    await Promise.all(consumers.map((consumer) => stopConsumer(consumer)));
    clearTimeout(giveBack);
    watch?.close();
    stopListening();
    const told = Promise.all([reporter?.close(), metric?.close()]);
    if (!(await endsWithin(told, farewellLimitMs))) {
      log('left without telling all: nobody answered in time');
    }
    if (options.lifecycle !== undefined) {
      // Whoever asked ends the instance only now that it has told of empty hands.
      const patienceMs = isAskedToGo ? terminationPatienceMs : 0;
      const problem = await completeLifecycle(options.lifecycle, { endpoint, patienceMs });
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
  // An instance that drains is not to take a message only because its worker has started anew.
  const greeted = (reporter?.greet(greetingLimitMs) ?? Promise.resolve()).then(() => {
    if (mayReceive(course)) for (const consumer of consumers) consumer.start();
  });
  return {
    get isDraining() {
      return course.isDraining;
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
  courseNow: () => Course,
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
    heartbeatInterval: signOfLifeSeconds(visibilitySeconds),
    messageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
    messageAttributeNames: ['All'],
    suppressFifoWarning: true,
    pollingCompleteWaitTimeMs: drainWithinMs + waitSeconds * 1000 + stopMarginMs,
    terminateVisibilityTimeout: ([message]) => {
      const ending = newestError instanceof ReturnedError ? 'returned' : 'failed';
      const { retryAfterSeconds } = settings;
      const settlement = settleMessage(ending, countReceived(message), retryAfterSeconds);
      return settlement.kind === 'hide' ? settlement.seconds : 0;
    },
    handleMessage: async (message) => {
      try {
        // It came with the last poll of a worker that has to go: another one takes it at once.
        const isGivenBack = judgeArrival(courseNow()) === 'give-back';
        if (isGivenBack) throw new ReturnedError('received while draining');
        // A standard queue may have groups too, and works on several of one at once.
        const group = queueUrl.endsWith('.fifo') ? groupOf(message) : undefined;
        const work = { class: settings.classOf(message), sentAt: readSentAt(message), group };
        await hands.work(work, (signal) => settings.handle(message, signal));
        return message;
      } catch (error) {
        newestError = error;
        throw error;
      }
    },
  });
  consumer.on('error', (error) => log(error.message));
  // What it tells wraps what was thrown; that a message is given back is no failure.
  consumer.on('processing_error', (error) => {
    if (!(newestError instanceof ReturnedError)) log(error.message);
  });
  return consumer;
}

function readSentAt({ Attributes }: Message): number | null {
  const at = Number(Attributes?.SentTimestamp);
  return Number.isFinite(at) ? at : null;
}

/** Tells groups apart without saying what they are called: that may be a customer's name. */
function groupOf({ Attributes: attributes }: Message): string | undefined {
  const name = attributes?.MessageGroupId;
  if (name === undefined) return undefined;
  return createHash('sha256').update(name).digest('hex').slice(0, groupDigits);
}

function countReceived(message: Message | undefined): number {
  const count = Number(message?.Attributes?.ApproximateReceiveCount ?? 1);
  return Number.isSafeInteger(count) && count > 0 ? count : 1;
}

/** Resolves when its last poll has come back and its message has left its hands. */
function stopConsumer(consumer: Consumer): Promise<void> {
  if (!consumer.status.isRunning) return Promise.resolve();
  return new Promise((resolve) => {
    consumer.once('stopped', () => resolve());
    consumer.stop();
  });
}

function createReporter(
  reportTo: ReportTo | undefined,
  hands: WorkInHand,
  { log }: Settings,
  onDrain: (withinMs: number) => void,
): Reporter | null {
  if (reportTo === undefined) return null;
  const countInHand = (): number => hands.counts.inHand;
  return new Reporter({ countInHand, log, onDrain, sink: createSink(reportTo) });
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

async function endsWithin(work: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  const isInTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return isInTime;
}

function listenForSignals(onSignal: (signal: string) => void): () => void {
  const listener = (signal: NodeJS.Signals): void => onSignal(signal);
  // Told twice, by a supervisor to a group and by `npm` to its child, say: the second must not end the
  // process at work. A person who presses Ctrl-C again means it.
  process.on('SIGTERM', listener);
  process.once('SIGINT', listener);
  return () => {
    process.off('SIGTERM', listener);
    process.off('SIGINT', listener);
  };
}
