// Applies the guardrails one after another, each to what the one before left.

import type { Adjustment } from '../decision.ts';
import { correctWithin, openRange, type Range } from '../range.ts';
import type { Guardrail, GuardrailContext } from './guardrail.ts';
import { guardrails } from './index.ts';

/** The size that is left of `wanted`. Each correction is added to `adjustments`. */
export function applyGuardrails(
  context: GuardrailContext,
  wanted: number,
  adjustments: Adjustment[],
  leftOut: string | null = null,
): number {
  let size = wanted;
  for (const guardrail of guardrails) {
    if (guardrail.name === leftOut) continue;
    const correction = guardrail.correct(context, size);
    if (correction === null) continue;
    const to = correctWithin(findPassing(guardrail, context), size, correction.size);
    if (to === size) continue;
    adjustments.push({ guardrail: guardrail.name, from: size, to, reason: correction.reason });
    size = to;
  }
  return size;
}

/** What the guardrail does not object to, whatever it thinks. */
function findPassing(guardrail: Guardrail, context: GuardrailContext): Range {
  switch (guardrail.lets) {
    case 'nobody':
      return openRange;
    case 'people':
      return context.wished;
    case 'people-and-schedules':
      return context.wishedOrPlanned;
  }
}
