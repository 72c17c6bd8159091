// What a policy's selector comes to at this moment: read, or computed where it is an expression.

import { evaluate, type Unevaluated } from '../expression.ts';
import type { SignalSelector } from '../signal.ts';
import { isEmpty, type PolicyContext } from './opinion.ts';

/** Why there is no value. */
export type Unread = Unevaluated | { readonly code: 'no-instances'; readonly signal: string };

/**
 * The value; the reason where there is none. An expression over a group of no instance is what the
 * first one would bear: nothing that instances report, divided by one.
 */
export function readSignal(
  selector: SignalSelector,
  context: Pick<PolicyContext, 'signals' | 'current' | 'warmed' | 'warming'>,
): number | Unread {
  const { signals, warmed } = context;
  const isNone = isEmpty(context);
  if (selector.expression !== undefined) {
    const input = isNone ? { signals, warmed: 1, missing: 0 } : { signals, warmed };
    return evaluate(selector.signal, selector.expression, input);
  }
  const reading = signals[selector.key];
  if (reading !== undefined) return reading.value;
  return { code: isNone ? 'no-instances' : 'no-reading', signal: selector.signal };
}

/** The same in the terms of one instance, of which a sum is a share; null without a reading. */
export function readPerInstance(selector: SignalSelector, context: PolicyContext): number | null {
  const read = readSignal(selector, context);
  if (typeof read !== 'number') return null;
  return selector.statistic === 'sum' ? read / Math.max(1, context.warmed) : read;
}
