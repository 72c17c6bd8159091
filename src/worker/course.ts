// The worker's rules, without a queue, a clock or a promise: what it may take, what becomes of a message,
// when it is through. The worker runs by them, and so do the simulations that lose no message.
//
//     running ──drain──▶ draining ──no poll open and nothing in hand──▶ drained

/** Of one worker. Times are milliseconds by whatever clock the caller has. */
export interface Course {
  readonly isDraining: boolean;
  /** When what is in hand is given back; null while it is not draining. */
  readonly giveBackAt: number | null;
}

export const running: Course = { isDraining: false, giveBackAt: null };

/** How a message ends in a worker's hands. */
export type Ending = 'done' | 'failed' | 'returned';

/** What the queue is told of a message that has ended. */
export type Settlement =
  | { readonly kind: 'delete' }
  /** Visible again after so long. 0: to others at once. */
  | { readonly kind: 'hide'; readonly seconds: number };

/** Between the moment at which messages are given back and that at which the machine goes. */
export const giveBackMarginMs = 20_000;
/** A message is kept hidden by a sign of life each third of its time. */
const signOfLifeRatio = 1 / 3;

/** 10 s, 20 s, 40 s … up to 15 min: a message that always fails does not occupy the fleet. */
const retryFirstSeconds = 10;
const retryMaxSeconds = 900;
const retryDoublingsMax = 10;

/** Draining from `now`. Told again, it only ever gives back sooner: Spot's two minutes, above all. */
export function beginDrain({ giveBackAt }: Course, now: number, withinMs: number): Course {
  const asked = now + Math.max(0, withinMs);
  return {
    isDraining: true,
    giveBackAt: giveBackAt === null ? asked : Math.min(giveBackAt, asked),
  };
}

/** How long the hands may take where the machine goes `leftMs` from now; never less than nothing. */
export function timeToGiveBack(leftMs: number): number {
  return Math.max(0, leftMs - giveBackMarginMs);
}

/** Whether another message may be asked for. */
export function mayReceive({ isDraining }: Course): boolean {
  return !isDraining;
}

/** What becomes of a message that came: one of a poll that was open when the drain began goes back. */
export function judgeArrival({ isDraining }: Course): 'handle' | 'give-back' {
  return isDraining ? 'give-back' : 'handle';
}

export function settleMessage(
  ending: Ending,
  receiveCount: number,
  retryAfterSeconds: (receiveCount: number) => number = backOff,
): Settlement {
  switch (ending) {
    case 'done':
      return { kind: 'delete' };
    case 'returned':
      return { kind: 'hide', seconds: 0 };
    case 'failed':
      return { kind: 'hide', seconds: retryAfterSeconds(receiveCount) };
  }
}

/** Seconds between two signs of life. ≥ 1. */
export function signOfLifeSeconds(visibilitySeconds: number): number {
  return Math.max(1, Math.floor(visibilitySeconds * signOfLifeRatio));
}

/** How long a failed message stays hidden, from the times that it was received. */
export function backOff(receiveCount: number): number {
  const doublings = Math.min(Math.max(0, receiveCount - 1), retryDoublingsMax);
  return Math.min(retryMaxSeconds, retryFirstSeconds * 2 ** doublings);
}
/** Whether the instance may go: nothing can come any more, and nothing is in hand. */
export function isDrained(
  { isDraining }: Course,
  { openPolls, inHand }: { readonly openPolls: number; readonly inHand: number },
): boolean {
  return isDraining && openPolls === 0 && inHand === 0;
}
