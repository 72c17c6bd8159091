// The size that a decision comes to, whether or not it may act on it.

import type { Decision } from './decision.ts';

/** Those that end a decision that saw nothing or was told to decide nothing. */
const blindGates: readonly string[] = ['capacity-unknown', 'observe-only'];

/**
 * The size after all guardrails, acting or only advising; for a hold the size there is. Null where
 * nothing was decided: the capacity was not known, or the mode is `observe`.
 */
export function findIntendedSize(decision: Decision): number | null {
  const last = decision.adjustments.at(-1);
  if (last === undefined) return decision.to;
  if (blindGates.includes(last.guardrail)) return null;
  // Advised once, and since then only meant.
  return last.guardrail === 'advice' ? last.from : decision.to;
}
