// Operations that are worth waiting for, such as SQS's long polling. The model says until when
// there is nothing; the waiting itself is done here, on a clock that the server brings along.

import type { Outcome } from '../cloud/fault.ts';
import type { EpochMs } from '../cloud/time.ts';
import { refuseUnknownOperation } from './json-protocol.ts';
import type { CallContext, Service } from './service.ts';

type Output = Readonly<Record<string, unknown>>;

/** One call that waits. */
export interface Poll {
  /** Tries once; `undefined`: nothing yet. */
  attempt(now: EpochMs): Outcome<Output> | undefined;
  /** The answer when nothing has come until the deadline. */
  giveUp(now: EpochMs): Outcome<Output>;
  readonly deadline: EpochMs;
  /** When there may be something without any other call; `undefined`: never. */
  nextChangeAt(): EpochMs | undefined;
  /** Calls the listener when another call may have changed something; returns the way out. */
  onChange(listener: () => void): () => void;
}

export interface PollingService extends Service {
  /**
   * By operation: how a call of it waits. A call that is refused or has its answer at once gives
   * that instead.
   */
  readonly polls: ReadonlyMap<string, StartPoll>;
}

export type StartPoll = (
  input: Output,
  context: CallContext,
) => { readonly kind: 'answer'; readonly outcome: Outcome<Output> } | WaitingPoll;

export interface WaitingPoll {
  readonly kind: 'wait';
  readonly poll: Poll;
}

/** Model time, which may run faster than the wall clock. */
export interface PollClock {
  now(): EpochMs;
  /** Resolves at `at` in model time, or at once when the signal is aborted. Never rejects. */
  waitUntil(at: EpochMs, signal: AbortSignal): Promise<void>;
}

export interface Call {
  readonly operation: string;
  readonly input: Output;
  readonly context: CallContext;
  /** Aborted when the client has gone: a message must not be handed to nobody. */
  readonly signal: AbortSignal;
}

/** Calls an operation of a service, and waits where it says so. */
export async function callOperation(
  service: Service | PollingService,
  call: Call,
  clock: PollClock,
): Promise<Outcome<Output>> {
  const { operation, input, context, signal } = call;
  const startPoll = 'polls' in service ? service.polls.get(operation) : undefined;
  if (startPoll === undefined) {
    const run = service.operations.get(operation);
    return run === undefined ? refuseUnknownOperation() : run(input, context);
  }
  const started = startPoll(input, context);
  return started.kind === 'answer' ? started.outcome : await waitFor(started.poll, clock, signal);
}

/** Each round ends by the passing of time or by a change, and the deadline ends them all. */
async function waitFor(
  poll: Poll,
  clock: PollClock,
  signal: AbortSignal,
): Promise<Outcome<Output>> {
  for (;;) {
    const now = clock.now();
    if (signal.aborted) return poll.giveUp(now);
    const outcome = poll.attempt(now);
    if (outcome !== undefined) return outcome;
    if (now >= poll.deadline) return poll.giveUp(now);
    const wakeAt = Math.min(poll.deadline, poll.nextChangeAt() ?? Infinity);
    await waitForChange(poll, clock, wakeAt, signal);
  }
}

async function waitForChange(
  poll: Poll,
  clock: PollClock,
  wakeAt: EpochMs,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const leave = poll.onChange(() => stop.abort());
  try {
    await clock.waitUntil(wakeAt, AbortSignal.any([signal, stop.signal]));
  } finally {
    leave();
    stop.abort();
  }
}
