// What a worker is told, with the defaults; read once, refused in one line.

import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { backOff } from './course.ts';

/** Handles one message. `signal` aborts when the message is to be given back: the worker has to go. */
export type MessageHandler = (message: Message, signal: AbortSignal) => Promise<unknown>;

/** Where the worker tells what it does. */
export type ReportTo =
  /** The agent on this instance: `http://127.0.0.1:9125`, its `--listen`. */
  | { readonly agent: string }
  /** A broker, where no agent runs. Group and instance as an agent would give them. */
  | {
      readonly broker: string;
      readonly group: string;
      readonly instance: string;
      readonly username?: string;
      readonly password?: string;
    };

export interface LifecycleOptions {
  /** The termination hook that holds the instance until the worker has drained. */
  readonly hookName: string;
  /** Looked up in the instance metadata where they are left out. */
  readonly group?: string;
  readonly instance?: string;
}

export interface CloudWatchOptions {
  readonly namespace: string;
  /** Beside the queue's name. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface WorkerOptions {
  readonly queueUrl: string;
  readonly handle: MessageHandler;
  /** Made from the environment where it is left out. */
  readonly sqs?: SQSClient;
  /** Messages at a time. Default 1. */
  readonly concurrency?: number;
  /** Of messages that take alike long, for their durations. Default: all are one class. */
  readonly classOf?: (message: Message) => string;
  /** A message is hidden for so long and kept hidden while it is worked on. Default 60 s. */
  readonly visibilitySeconds?: number;
  /** Of one poll of an empty queue, and so of a drain without work. Default 10 s. */
  readonly waitSeconds?: number;
  /** How long a failed message stays hidden, from the number of times it was received. */
  readonly retryAfterSeconds?: (receiveCount: number) => number;
  /** Nothing is told where this is left out. */
  readonly reportTo?: ReportTo;
  /** Draining gives unfinished messages back after so long. Default 10 min; 100 s on a Spot notice. */
  readonly drainWithinMs?: number;
  /** Whether SIGTERM and SIGINT begin the drain. Default true. */
  readonly drainsOnSignal?: boolean;
  /** Whether the instance metadata is asked about Spot and Auto Scaling. Default false. */
  readonly watchesTermination?: boolean | { readonly endpoint: string };
  readonly lifecycle?: LifecycleOptions;
  /** Publishes the mean processing duration each minute. */
  readonly cloudWatch?: CloudWatchOptions;
  /** One line for a person. Default: standard error. */
  readonly log?: (line: string) => void;
}

export interface Settings extends Required<
  Pick<
    WorkerOptions,
    | 'queueUrl'
    | 'handle'
    | 'concurrency'
    | 'visibilitySeconds'
    | 'waitSeconds'
    | 'retryAfterSeconds'
    | 'drainWithinMs'
    | 'log'
  >
> {
  readonly classOf: (message: Message) => string;
}

export const concurrencyMax = 256;

/** The options with their defaults. Throws a `RangeError` of one line for what cannot be. */
export function readOptions(options: WorkerOptions): Settings {
  const settings = {
    queueUrl: options.queueUrl,
    handle: options.handle,
    concurrency: options.concurrency ?? 1,
    classOf: options.classOf ?? (() => 'default'),
    visibilitySeconds: options.visibilitySeconds ?? 60,
    waitSeconds: options.waitSeconds ?? 10,
    retryAfterSeconds: options.retryAfterSeconds ?? backOff,
    drainWithinMs: options.drainWithinMs ?? 600_000,
    log: options.log ?? ((line: string) => process.stderr.write(`foretide worker: ${line}\n`)),
  };
  if (!URL.canParse(settings.queueUrl)) {
    throw new RangeError(
      `queueUrl is ${JSON.stringify(settings.queueUrl)}; it takes a queue's URL`,
    );
  }
  requireWhole('concurrency', settings.concurrency, [1, concurrencyMax]);
  requireWhole('visibilitySeconds', settings.visibilitySeconds, [3, 43_200]);
  requireWhole('waitSeconds', settings.waitSeconds, [1, 20]);
  requireWhole('drainWithinMs', settings.drainWithinMs, [0, 43_200_000]);
  return settings;
}

function requireWhole(name: string, value: number, [min, max]: readonly [number, number]): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} is ${value}; it takes a whole number from ${min} to ${max}`);
}
