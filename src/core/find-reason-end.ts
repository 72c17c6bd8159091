// When what holds a change back ends by itself, as far as that can be told: for people who ask.

import type { Direction } from './decision.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import type { Reason } from './reason.ts';
import type { EpochMs } from './time.ts';

/** Null: it ends with a change of what is seen, or with a person's word, not with time. */
export function findReasonEnd(
  reason: Reason,
  context: GuardrailContext,
  direction: Direction,
): EpochMs | null {
  switch (reason.code) {
    case 'cooldown':
    case 'freeze':
    case 'paused':
    case 'schedule':
    case 'override-hold':
    case 'foreign-change':
    case 'launch-failures':
      return reason.until;
    case 'refused-recently':
      return reason.retryAt;
    case 'stabilization':
      return findWindowEnd(reason.windowMs, context, direction);
    case 'rate':
      return findRateEnd(reason, context);
    default:
      return null;
  }
}

/** When the last size that holds the change leaves the window, if none like it comes again. */
function findWindowEnd(
  windowMs: number,
  { state, current }: GuardrailContext,
  direction: Direction,
): EpochMs | null {
  const last =
    direction === 'scale-in'
      ? state.largest.findLast(({ size }) => size >= current)
      : state.smallest.findLast(({ size }) => size <= current);
  return last === undefined ? null : last.at + windowMs;
}

/** When enough changes have left the period for one more. */
function findRateEnd(
  { direction, most, used, periodMs }: Extract<Reason, { code: 'rate' }>,
  { state, now }: GuardrailContext,
): EpochMs | null {
  let left = used;
  for (const change of state.changes) {
    if (change.at <= now - periodMs) continue;
    left -= direction === 'scale-out' ? change.added : change.removed;
    if (left < most) return change.at + periodMs;
  }
  return null;
}
