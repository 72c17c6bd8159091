// One layer of long short-term memory (S. Hochreiter, J. Schmidhuber, 1997; with the forget gate of
// F. Gers, J. Schmidhuber, F. Cummins, 2000) and linear heads, one for each step ahead that it answers.
// A head reads the hidden state and hints of its own, so that what is plainly linear need not be learnt
// through gates. All weights are one array:
//
//   [4 gates × hidden rows of (inputs, hidden, bias) | heads rows of (hidden, hints, bias)]

export interface LstmShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly heads: number;
  /** Hints for each head. */
  readonly hints: number;
}

/** Changed in place from step to step. */
export interface LstmState {
  readonly hidden: Float64Array;
  readonly cell: Float64Array;
}

/** Of the gates' rows: input, forget, candidate, output. */
export const forgetGate = 1;
const candidateGate = 2;
export const gateCount = 4;

export function gateRowLength({ inputs, hidden }: LstmShape): number {
  return inputs + hidden + 1;
}

export function headRowLength({ hidden, hints }: LstmShape): number {
  return hidden + hints + 1;
}

export function headsFrom(shape: LstmShape): number {
  return gateCount * shape.hidden * gateRowLength(shape);
}

export function countWeights(shape: LstmShape): number {
  return headsFrom(shape) + shape.heads * headRowLength(shape);
}

/**
 * The activations of all gates for one step into `gates` (gate by gate), from the state before it.
 * `input` has `inputs` numbers.
 */
export function openGates(
  shape: LstmShape,
  weights: Float64Array,
  step: { readonly input: Float64Array; readonly before: Float64Array },
  gates: Float64Array,
): void {
  const { inputs, hidden } = shape;
  const { input, before } = step;
  let at = 0;
  for (let row = 0; row < gateCount * hidden; row += 1) {
    let sum = 0;
    for (let index = 0; index < inputs; index += 1, at += 1) {
      sum += (weights[at] ?? 0) * (input[index] ?? 0);
    }
    for (let index = 0; index < hidden; index += 1, at += 1) {
      sum += (weights[at] ?? 0) * (before[index] ?? 0);
    }
    sum += weights[at] ?? 0;
    at += 1;
    const isCandidate = row >= candidateGate * hidden && row < (candidateGate + 1) * hidden;
    gates[row] = isCandidate ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum));
  }
}

/** One step on, in place. */
export function advance(
  shape: LstmShape,
  weights: Float64Array,
  input: Float64Array,
  state: LstmState,
): void {
  const { hidden } = shape;
  const gates = new Float64Array(gateCount * hidden);
  openGates(shape, weights, { input, before: state.hidden }, gates);
  for (let unit = 0; unit < hidden; unit += 1) {
    const kept = (gates[forgetGate * hidden + unit] ?? 0) * (state.cell[unit] ?? 0);
    const cell = kept + (gates[unit] ?? 0) * (gates[candidateGate * hidden + unit] ?? 0);
    state.cell[unit] = cell;
    state.hidden[unit] = (gates[3 * hidden + unit] ?? 0) * Math.tanh(cell);
  }
}

/** What a head answers. */
export function readHead(
  shape: LstmShape,
  weights: Float64Array,
  head: number,
  read: { readonly hidden: Float64Array; readonly hints: Float64Array },
): number {
  let at = headsFrom(shape) + head * headRowLength(shape);
  let sum = 0;
  for (let unit = 0; unit < shape.hidden; unit += 1, at += 1) {
    sum += (weights[at] ?? 0) * (read.hidden[unit] ?? 0);
  }
  for (let hint = 0; hint < shape.hints; hint += 1, at += 1) {
    sum += (weights[at] ?? 0) * (read.hints[hint] ?? 0);
  }
  return sum + (weights[at] ?? 0);
}
