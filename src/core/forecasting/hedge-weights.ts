// The weights of the experts, apart at each level: fixed-share Hedge (M. Herbster, M. Warmuth, "Tracking the
// Best Expert", 1998). Experts without an answer sleep, and keep what they have.

import { forecastLevels } from './levels.ts';
import { pinball } from './pinball.ts';

const levelCount = forecastLevels.length;
/** After a change point: what is left of the weight of experts that lean on the past. */
const seasonalKept = 0.5;

export interface HedgePace {
  readonly hedgeRate: number;
  /** Share of all weight dealt out anew. */
  readonly shared: number;
  /** A loss counts at most as so many usual ones. */
  readonly lossMax: number;
}

/** Moves weights (levels × experts), and the usual loss per level, by an outcome. */
export function moveWeights(
  state: { readonly weights: Float64Array; readonly usualLoss: Float64Array },
  { own, quantiles }: { readonly own: Float64Array; readonly quantiles: Float64Array },
  outcome: number,
  pace: HedgePace & { readonly hears: (expert: number) => boolean },
): void {
  const { weights, usualLoss } = state;
  const { hedgeRate, shared, lossMax, hears } = pace;
  const experts = weights.length / levelCount;
  for (const [level, probability] of forecastLevels.entries()) {
    const loss = pinball(outcome, own[level] ?? 0, probability);
    const usual = usualLoss[level] ?? 0;
    const next = usual === 0 ? loss : usual + 0.01 * (Math.min(loss, 20 * usual) - usual);
    usualLoss[level] = next;
    if (next <= 0) continue;
    const row = level * experts;
    let before = 0;
    let after = 0;
    for (let expert = 0; expert < experts; expert += 1) {
      if (!hears(expert)) continue;
      const weight = weights[row + expert] ?? 0;
      const alone = pinball(outcome, quantiles[expert * levelCount + level] ?? 0, probability);
      const kept = weight * Math.exp(-hedgeRate * Math.min(alone / next, lossMax));
      weights[row + expert] = kept;
      before += weight;
      after += kept;
    }
    if (after <= 0) continue;
    for (let expert = 0; expert < experts; expert += 1) {
      const weight = (weights[row + expert] ?? 0) * (hears(expert) ? before / after : 1);
      weights[row + expert] = weight * (1 - shared) + shared / experts;
    }
  }
}

/** Takes weight from the experts that lean on the past; the sums stay 1. */
export function devalueWeights(weights: Float64Array, leansOnPast: readonly boolean[]): void {
  const experts = leansOnPast.length;
  for (let level = 0; level < levelCount; level += 1) {
    let total = 0;
    for (let expert = 0; expert < experts; expert += 1) {
      const at = level * experts + expert;
      weights[at] = (weights[at] ?? 0) * (leansOnPast[expert] === true ? seasonalKept : 1);
      total += weights[at] ?? 0;
    }
    for (let expert = 0; expert < experts; expert += 1) {
      const at = level * experts + expert;
      weights[at] = (weights[at] ?? 0) / total;
    }
  }
}
