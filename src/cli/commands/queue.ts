// `foretide queue send | watch | drain-test`: an SQS queue filled, looked at and tried, straight at AWS.

import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionOptions } from '../../deploy/session.ts';
import { drainTest, type DrainOutcome } from '../queue/drain-test.ts';
import { measureQueue } from '../queue/measure-queue.ts';
import { openQueue, type OpenQueue } from '../queue/open-queue.ts';
import { describeQueue, viewQueue } from '../queue/queue-view.ts';
import { sendMessages, type MessageTerms } from '../queue/send-messages.ts';
import { StartError } from '../start-error.ts';
import { waitForStopSignal } from '../stop-signal.ts';

interface QueueOptions extends SessionOptions {
  readonly queue: string;
  readonly json?: boolean;
}

/** Durations are in milliseconds. */
export interface SendOptions extends QueueOptions {
  readonly count: number;
  readonly duration: number;
  readonly spread: number;
  readonly rate?: number;
  readonly seed: number;
}

export interface DrainTestOptions extends SendOptions {
  readonly promise: number;
  readonly wait?: number;
  readonly settle?: number;
}

export interface WatchOptions extends Omit<QueueOptions, 'queue'> {
  readonly promise: number;
  readonly duration?: number;
  readonly asg?: string;
  readonly group?: string;
  readonly socket: string;
  readonly workers: number;
  readonly namespace: string;
  readonly every: number;
}

export async function send(options: SendOptions): Promise<void> {
  const stop = listenForStop();
  await withQueue(options.queue, options, async (queue) => {
    const sent = await sendMessages(queue, termsOf(options), stop.isStopped);
    print(options, { queue: queue.name, sent }, `${queue.name}: ${sent} messages sent\n`);
  });
}

export async function watch(name: string, options: WatchOptions): Promise<void> {
  const terms = {
    promiseSeconds: options.promise / 1000,
    workersPerInstance: options.workers,
  };
  const measuring = {
    durationMs: options.duration ?? null,
    asg: options.asg ?? null,
    group: options.group ?? null,
    socketPath: options.socket,
    namespace: options.namespace,
  };
  await withQueue(name, options, async (queue) => {
    const look = async () => viewQueue(await measureQueue(queue, measuring), terms);
    if (options.json === true || !process.stdout.isTTY) {
      const view = await look();
      print(options, view, describeQueue(view));
      return;
    }
    const stop = listenForStop();
    while (!stop.isStopped()) {
      process.stdout.write(`${clearScreen}${describeQueue(await look())}\nCtrl-C ends it\n`);
      await Promise.race([sleep(options.every), stop.stopped]);
    }
  });
}

const clearScreen = '\u001B[H\u001B[2J';
/** How much longer than the promise a test waits, where it is not said. */
const waitPromises = 3;
const settleMs = 60_000;
const countEveryMs = 1000;

export async function runDrainTest(options: DrainTestOptions): Promise<void> {
  const { json, promise: promiseMs, wait = waitPromises * promiseMs, settle } = options;
  const stop = listenForStop();
  await withQueue(options.queue, options, async (queue) => {
    const outcome = await drainTest(queue, {
      ...termsOf(options),
      promiseMs,
      waitMs: wait,
      // Counts of a FIFO queue are exact at once.
      settleMs: settle ?? (queue.isFifo ? 0 : settleMs),
      everyMs: countEveryMs,
      isStopped: stop.isStopped,
      tell: (elapsedMs, { inFlight, visible }) => {
        if (json === true || !process.stderr.isTTY) return;
        const line = `${Math.round(elapsedMs / 1000)} s: ${visible} visible, ${inFlight} in flight`;
        process.stderr.write(`\r\u001B[K${line}`);
      },
    });
    if (json !== true && process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    print(options, { queue: queue.name, ...outcome }, describeOutcome(queue.name, outcome));
    if (outcome.inTime < outcome.sent) process.exitCode = 1;
  });
}

function describeOutcome(queue: string, outcome: DrainOutcome): string {
  const { dead, emptyAfterSeconds, inTime, left, promiseSeconds, sent } = outcome;
  const end =
    emptyAfterSeconds === null
      ? `${left} are left`
      : `the last was gone after ${Math.round(emptyAfterSeconds)} s`;
  const aside = dead > 0 ? `, ${dead} laid aside` : '';
  return `${queue}: ${inTime} of ${sent} messages done within ${promiseSeconds} s; ${end}${aside}\n`;
}

function termsOf({ count, duration, rate, seed, spread }: SendOptions): MessageTerms {
  if (count === 0) throw new StartError('found --count 0, allowed: 1 message or more', 2);
  return { count, durationMs: duration, spreadRatio: spread, perSecond: rate ?? null, seed };
}

async function withQueue(
  name: string,
  options: SessionOptions,
  use: (queue: OpenQueue) => Promise<void>,
): Promise<void> {
  const queue = await openQueue(name, options);
  try {
    await use(queue);
  } finally {
    queue.close();
  }
}

function print(options: { readonly json?: boolean }, answer: object, text: string): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(answer)}\n` : text);
}

interface Stop {
  readonly stopped: Promise<unknown>;
  isStopped(): boolean;
}

/** What is under way ends in order at the first signal. */
function listenForStop(): Stop {
  let isStopped = false;
  const stopped = waitForStopSignal().then(() => (isStopped = true));
  return { stopped, isStopped: () => isStopped };
}
