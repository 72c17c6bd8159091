// When a forecast gives way to seasonal naive, and when it comes back. Each naive forecast is compared on
// the outcomes that it had an answer to: one of a week before begins a week later, and what the ensemble
// lost until then is no merit of it.

/** The ensemble's CRPS over the better naive's: apart, so that it does not go to and fro. */
const losesAbove = 1.03;
const returnsBelow = 0.99;
/** Outcomes that are remembered, and that have to be compared first. */
const memory = 1000;
const comparedMin = 20;
const naiveCount = 2;
const rowLength = 3;

/** The naive forecast that is answered with, from 1; 0: the ensemble. Then a row for each naive one. */
const currentAt = 0;
export const demotionLength = 1 + naiveCount * rowLength;

/** The naive forecast to answer with, from 1 in the order of the experts; 0: the ensemble. */
export function demotedTo(state: Float64Array): number {
  return state[currentAt] ?? 0;
}

/** CRPS of one outcome; `naive` has NaN where that one had no answer. */
export function compareWithNaive(state: Float64Array, own: number, naive: readonly number[]): void {
  for (let index = 0; index < naiveCount; index += 1) {
    const loss = naive[index] ?? Number.NaN;
    if (Number.isNaN(loss)) continue;
    const at = 1 + index * rowLength;
    const weight = (state[at] ?? 0) * (1 - 1 / memory) + 1;
    state[at] = weight;
    state[at + 1] = (state[at + 1] ?? 0) + (own - (state[at + 1] ?? 0)) / weight;
    state[at + 2] = (state[at + 2] ?? 0) + (loss - (state[at + 2] ?? 0)) / weight;
  }
}

/** Demotes, or takes it back, by what was compared so far. */
export function judgeDemotion(state: Float64Array): void {
  let best = 0;
  let worst = (state[currentAt] ?? 0) > 0 ? returnsBelow : losesAbove;
  for (let index = 0; index < naiveCount; index += 1) {
    const [weight = 0, own = 0, naive = 0] = state.subarray(1 + index * rowLength);
    if (weight < comparedMin || own <= worst * naive) continue;
    best = index + 1;
    worst = naive > 0 ? own / naive : Number.POSITIVE_INFINITY;
  }
  state[currentAt] = best;
}
