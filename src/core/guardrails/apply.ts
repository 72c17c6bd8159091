// Applies the guardrails one after another, each to what the one before left.

import type { Adjustment } from '../decision.ts';
import { correctWithin, openRange, type Range } from '../range.ts';
import type { Correction, Guardrail, GuardrailContext } from './guardrail.ts';
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
    const correction = correctFor(guardrail, context, size);
    if (correction === null) continue;
    const { size: to, reason } = correction;
    adjustments.push({ guardrail: guardrail.name, from: size, to, reason });
    size = to;
  }
  return size;
}

/** What one guardrail makes of a size, letting those pass whose word passes it; null: the same. */
export function correctFor(
  guardrail: Guardrail,
  context: GuardrailContext,
  size: number,
): Correction | null {
  const correction = guardrail.correct(context, size);
  if (correction === null) return null;
  const to = correctWithin(findPassing(guardrail, context), size, correction.size);
  if (to === size) return null;
  return to === correction.size ? correction : { ...correction, size: to };
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
