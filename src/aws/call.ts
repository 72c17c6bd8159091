// One call to AWS from asking for a turn to its end: bounded in time as a whole, whatever the
// credential chain, the SDK's retries or the connection do.

import { classifyError, type CallFailure } from './errors.ts';
import type { Gate } from './gate.ts';

export type CallOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: CallFailure };

export interface CallOptions<T> {
  readonly gate: Gate;
  /** Wall time to wait for a turn. Short: what waits long was decided on what is no longer so. */
  readonly turnTimeoutMs: number;
  /** Wall time for everything from then on: credentials, all attempts, reading the answer. */
  readonly deadlineMs: number;
  readonly send: (signal: AbortSignal) => Promise<T>;
}

/** Never rejects. After the deadline the call's own end is of no interest any more. */
export async function callAws<T>(options: CallOptions<T>): Promise<CallOutcome<T>> {
  const { gate, turnTimeoutMs, deadlineMs, send } = options;
  const turn = await withTimeout(turnTimeoutMs, async (signal) => await gate.enter(signal));
  switch (turn) {
    case 'full':
      return fail('throttled', 'too many calls are waiting already; not sent');
    case 'aborted':
      return fail('throttled', `no turn among other calls within ${turnTimeoutMs} ms; not sent`);
    case 'entered':
  }
  try {
    return await withTimeout(deadlineMs, async (signal) => {
      return await settle(send(signal), signal, deadlineMs);
    });
  } finally {
    gate.leave();
  }
}

async function withTimeout<T>(
  timeoutMs: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The credential chain does not listen to abort signals, so the deadline is raced as well. */
async function settle<T>(
  sent: Promise<T>,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<CallOutcome<T>> {
  const expired = new Promise<CallOutcome<T>>((resolve) => {
    const giveUp = (): void => resolve(fail('timed-out', `no answer within ${deadlineMs} ms`));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  const ended = sent.then(
    (value): CallOutcome<T> => ({ ok: true, value }),
    (error: unknown): CallOutcome<T> => ({ ok: false, failure: classifyError(error) }),
  );
  return await Promise.race([ended, expired]);
}

function fail(kind: CallFailure['kind'], message: string): CallOutcome<never> {
  return { ok: false, failure: { kind, message } };
}
