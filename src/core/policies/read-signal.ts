// What a policy's selector comes to at this moment: read, or computed where it is an expression.

import { evaluate, type Unevaluated } from '../expression.ts';
import type { SignalSelector } from '../signal.ts';
import type { PolicyContext } from './opinion.ts';

/** The value; the reason where there is none. */
export function readSignal(
  selector: SignalSelector,
  context: Pick<PolicyContext, 'signals' | 'warmed'>,
): number | Unevaluated {
  if (selector.expression !== undefined) {
    return evaluate(selector.signal, selector.expression, context);
  }
  const reading = context.signals[selector.key];
  return reading?.value ?? { code: 'no-reading', signal: selector.signal };
}
