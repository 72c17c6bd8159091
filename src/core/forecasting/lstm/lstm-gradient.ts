// The loss of a stretch of steps and its gradient: back-propagation through time, cut off where the
// stretch begins (R. Williams, J. Peng, 1990). The loss is the pinball loss at the median, twice.

import {
  countWeights,
  forgetGate,
  gateCount,
  gateRowLength,
  headRowLength,
  headsFrom,
  openGates,
  type LstmShape,
  type LstmState,
} from './lstm-network.ts';

/** One stretch, step after step. */
export interface Stretch {
  readonly steps: number;
  /** Steps × inputs. */
  readonly inputs: Float64Array;
  /** Steps × heads × hints. */
  readonly hints: Float64Array;
  /** Steps × heads; NaN: not known, teaches nothing. */
  readonly targets: Float64Array;
}

/** What a pass over a stretch writes to, made once. */
export interface Scratch {
  readonly gates: Float64Array;
  /** Steps + 1, the first before the stretch. */
  readonly hidden: Float64Array;
  readonly cells: Float64Array;
  readonly gradient: Float64Array;
  readonly fromHidden: Float64Array;
  readonly fromCell: Float64Array;
  readonly fromGates: Float64Array;
}

export function createScratch(shape: LstmShape, steps: number): Scratch {
  const { hidden } = shape;
  return {
    gates: new Float64Array(steps * gateCount * hidden),
    hidden: new Float64Array((steps + 1) * hidden),
    cells: new Float64Array((steps + 1) * hidden),
    gradient: new Float64Array(countWeights(shape)),
    fromHidden: new Float64Array(hidden),
    fromCell: new Float64Array(hidden),
    fromGates: new Float64Array(gateCount * hidden),
  };
}

/**
 * The mean loss over all known targets; its gradient is left in `scratch.gradient`, and `state` stands at
 * the stretch's end. 0 where no target is known.
 */
export function learnStretch(
  shape: LstmShape,
  weights: Float64Array,
  given: { readonly stretch: Stretch; readonly state: LstmState },
  scratch: Scratch,
): number {
  const { stretch, state } = given;
  runForward(shape, weights, given, scratch);
  const known = stretch.targets.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  scratch.gradient.fill(0);
  scratch.fromHidden.fill(0);
  scratch.fromCell.fill(0);
  let loss = 0;
  for (let step = stretch.steps - 1; step >= 0; step -= 1) {
    loss += judgeHeads(shape, weights, { stretch, step, scale: 1 / Math.max(1, known) }, scratch);
    goBack(shape, weights, { stretch, step }, scratch);
  }
  const end = stretch.steps * shape.hidden;
  state.hidden.set(scratch.hidden.subarray(end, end + shape.hidden));
  state.cell.set(scratch.cells.subarray(end, end + shape.hidden));
  return loss;
}

function runForward(
  shape: LstmShape,
  weights: Float64Array,
  { stretch, state }: { readonly stretch: Stretch; readonly state: LstmState },
  { gates, hidden, cells }: Scratch,
): void {
  const { inputs, hidden: units } = shape;
  const gatesAt = gateCount * units;
  hidden.set(state.hidden);
  cells.set(state.cell);
  for (let step = 0; step < stretch.steps; step += 1) {
    const open = gates.subarray(step * gatesAt, (step + 1) * gatesAt);
    const input = stretch.inputs.subarray(step * inputs, (step + 1) * inputs);
    const before = hidden.subarray(step * units, (step + 1) * units);
    openGates(shape, weights, { input, before }, open);
    for (let unit = 0; unit < units; unit += 1) {
      const kept = (open[forgetGate * units + unit] ?? 0) * (cells[step * units + unit] ?? 0);
      const cell = kept + (open[unit] ?? 0) * (open[2 * units + unit] ?? 0);
      cells[(step + 1) * units + unit] = cell;
      hidden[(step + 1) * units + unit] = (open[3 * units + unit] ?? 0) * Math.tanh(cell);
    }
  }
}

/** Adds to the heads' gradient and to what comes from them into the hidden state; returns the loss. */
function judgeHeads(
  shape: LstmShape,
  weights: Float64Array,
  at: { readonly stretch: Stretch; readonly step: number; readonly scale: number },
  { hidden, gradient, fromHidden }: Scratch,
): number {
  const { heads, hints, hidden: units } = shape;
  const { stretch, step, scale } = at;
  const from = (step + 1) * units;
  let loss = 0;
  for (let head = 0; head < heads; head += 1) {
    const target = stretch.targets[step * heads + head] ?? Number.NaN;
    if (Number.isNaN(target)) continue;
    const row = headsFrom(shape) + head * headRowLength(shape);
    const hintsAt = (step * heads + head) * hints;
    const bias = row + units + hints;
    let answer = weights[bias] ?? 0;
    for (let unit = 0; unit < units; unit += 1) {
      answer += (weights[row + unit] ?? 0) * (hidden[from + unit] ?? 0);
    }
    for (let hint = 0; hint < hints; hint += 1) {
      answer += (weights[row + units + hint] ?? 0) * (stretch.hints[hintsAt + hint] ?? 0);
    }
    loss += scale * Math.abs(answer - target);
    const slope = answer > target ? scale : -scale;
    for (let unit = 0; unit < units; unit += 1) {
      gradient[row + unit] = (gradient[row + unit] ?? 0) + slope * (hidden[from + unit] ?? 0);
      fromHidden[unit] = (fromHidden[unit] ?? 0) + slope * (weights[row + unit] ?? 0);
    }
    for (let hint = 0; hint < hints; hint += 1) {
      const value = stretch.hints[hintsAt + hint] ?? 0;
      gradient[row + units + hint] = (gradient[row + units + hint] ?? 0) + slope * value;
    }
    gradient[bias] = (gradient[bias] ?? 0) + slope;
  }
  return loss;
}

/** From the state after a step to the one before it. */
function goBack(
  shape: LstmShape,
  weights: Float64Array,
  { stretch, step }: { readonly stretch: Stretch; readonly step: number },
  scratch: Scratch,
): void {
  const { inputs, hidden: units } = shape;
  const { gates, hidden, cells, gradient, fromHidden, fromCell, fromGates } = scratch;
  const gatesAt = step * gateCount * units;
  for (let unit = 0; unit < units; unit += 1) {
    const input = gates[gatesAt + unit] ?? 0;
    const forget = gates[gatesAt + units + unit] ?? 0;
    const candidate = gates[gatesAt + 2 * units + unit] ?? 0;
    const output = gates[gatesAt + 3 * units + unit] ?? 0;
    const bent = Math.tanh(cells[(step + 1) * units + unit] ?? 0);
    const slope = fromHidden[unit] ?? 0;
    const toCell = (fromCell[unit] ?? 0) + slope * output * (1 - bent * bent);
    const before = cells[step * units + unit] ?? 0;
    fromGates[unit] = toCell * candidate * input * (1 - input);
    fromGates[units + unit] = toCell * before * forget * (1 - forget);
    fromGates[2 * units + unit] = toCell * input * (1 - candidate * candidate);
    fromGates[3 * units + unit] = slope * bent * output * (1 - output);
    fromCell[unit] = toCell * forget;
    fromHidden[unit] = 0;
  }
  const rowLength = gateRowLength(shape);
  for (let row = 0; row < gateCount * units; row += 1) {
    const slope = fromGates[row] ?? 0;
    let at = row * rowLength;
    for (let index = 0; index < inputs; index += 1, at += 1) {
      const value = stretch.inputs[step * inputs + index] ?? 0;
      gradient[at] = (gradient[at] ?? 0) + slope * value;
    }
    for (let index = 0; index < units; index += 1, at += 1) {
      gradient[at] = (gradient[at] ?? 0) + slope * (hidden[step * units + index] ?? 0);
      fromHidden[index] = (fromHidden[index] ?? 0) + slope * (weights[at] ?? 0);
    }
    gradient[at] = (gradient[at] ?? 0) + slope;
  }
}
