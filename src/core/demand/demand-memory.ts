// What a demand model has learned, as bytes that outlive the process. One walk over the model's parts
// writes and reads them, so that the two cannot differ.
import type { CalendarTilt } from './calendar-tilt.ts';
import { createDemandModel } from './demand-model.ts';
import type { DemandModel, DemandModelOptions } from './demand-model.ts';
import { createPlayingTape, createRecordingTape } from './memory-tape.ts';
import type { MemoryTape } from './memory-tape.ts';
import type { Outlook } from './outlook.ts';
import { createRiskPanel } from './risk-panel.ts';
import type { Choice, PanelChoice, RiskPanel } from './risk-panel.ts';
import { forgetLargest } from './shadow-fleet.ts';
import type { ShadowFleets } from './shadow-fleet.ts';

/** Grows with every change of what is walked over. */
const memoryVersion = 5;
/** No model comes near: see the test of its size. */
export const memoryBytesMax = 2_000_000;

/** What the model has learned; without its reading, which a restart must not pass off as fresh. */
export function rememberDemand(model: DemandModel): Uint8Array {
  const tape = createRecordingTape();
  tape.pass(memoryVersion);
  tape.pass(model.options.isForecasting ? 1 : 0);
  walk(model, tape);
  return tape.bytes();
}

/**
 * The model that goes on from there, under whatever promise. Null where the bytes are of another
 * version, of a model with or without a forecast where the other is wanted, or damaged.
 */
export function recallDemand(bytes: Uint8Array, options: DemandModelOptions): DemandModel | null {
  const tape = createPlayingTape(bytes);
  if (tape.pass(0) !== memoryVersion) return null;
  if (tape.pass(0) !== (options.isForecasting ? 1 : 0)) return null;
  const model = createDemandModel(options);
  walk(model, tape);
  return tape.isWhole() ? model : null;
}

/** A panel that goes on from where another one is, apart from it. Not for one with a spoilt forecast. */
export function copyPanel(panel: RiskPanel): RiskPanel {
  const recorder = createRecordingTape();
  walkPanel(panel, recorder);
  const copy = createRiskPanel(panel.variants.some(({ isForecast }) => isForecast));
  walkPanel(copy, createPlayingTape(recorder.bytes()));
  return copy;
}

function walk(model: DemandModel, tape: MemoryTape): void {
  const { open, capacity, lead, budget, allowance } = model;
  passNumbers(model, ['blocks', 'leadBlocks', 'slowMean', 'demand', 'excessSamples'], tape);
  passNumbers(model.slope, ['quickMean', 'steadyMean'], tape);
  model.isCensored = tape.pass(model.isCensored ? 1 : 0) === 1;
  passNumbers(open, ['block', 'samples', 'load', 'full', 'fullLoad', 'instances'], tape);
  passNumbers(capacity, ['load', 'busy', 'perInstance'], tape);
  passNumbers(allowance, ['tokens', 'ahead'], tape);
  passNumbers(budget, ['demand', 'unserved', 'squares', 'event', 'blocks'], tape);
  passNumbers(lead, ['leadMs'], tape);
  const samples = Float64Array.from({ length: leadSamplesMax }, (_, at) => lead.samples[at] ?? 0);
  tape.passAll(samples);
  lead.samples.splice(0, lead.samples.length, ...samples.filter((sample) => sample > 0));
  tape.passAll(model.kept);
  tape.passAll(model.keptByLoad);
  const restartSize = tape.pass(model.restartSize ?? Number.NaN);
  model.restartSize = Number.isNaN(restartSize) ? null : restartSize;
  walkChoice(model.choice, model.panel.variants.length, tape);
  walkPanel(model.panel, tape);
}

const leadSamplesMax = 64;

function walkPanel(panel: RiskPanel, tape: MemoryTape): void {
  passNumbers(panel, ['work', 'weight'], tape);
  for (const outlook of panel.outlooks) walkOutlook(outlook, tape);
  walkFleets(panel.fleets, tape);
}

function walkChoice(choice: PanelChoice, variants: number, tape: MemoryTape): void {
  passNumbers(choice, ['advantageRatio', 'advantageBlocks'], tape);
  choice.isTrusted = tape.pass(choice.isTrusted ? 1 : 0) === 1;
  choice.reactive = passChoice(choice.reactive, variants, tape) ?? choice.reactive;
  choice.forecast = passChoice(choice.forecast, variants, tape);
}

function passChoice(choice: Choice | null, variants: number, tape: MemoryTape): Choice | null {
  const variant = tape.pass(choice === null ? -1 : choice.variant);
  const risk = tape.pass(choice?.risk ?? 0);
  return variant >= 0 && variant < variants ? { variant, risk } : null;
}

/** All but what the next block makes anew. */
function walkOutlook(outlook: Outlook, tape: MemoryTape): void {
  passNumbers(outlook, ['anchor', 'newest', 'moment', 'weight'], tape);
  const { counts, anchors, moments, stages, tilt } = outlook;
  for (const values of [counts, anchors, moments, stages]) tape.passAll(values);
  if (tilt !== null) walkTilt(tilt, tape);
}

function walkTilt(tilt: CalendarTilt, tape: MemoryTape): void {
  const { observedHour, expectedHour, observedDay, expectedDay } = tilt;
  const all = [observedHour, expectedHour, observedDay, ...expectedDay];
  for (const values of all) tape.passAll(values);
}

function walkFleets(fleets: ShadowFleets, tape: MemoryTape): void {
  const { inService, size, cost, unserved, arriving, kept } = fleets;
  for (const values of [inService, size, cost, unserved, arriving, kept]) tape.passAll(values);
  // It is found again in the ring, by whoever looks next: recording forgets it to no effect.
  forgetLargest(fleets);
}

function passNumbers<K extends string>(
  part: Record<K, number>,
  keys: readonly K[],
  tape: MemoryTape,
): void {
  for (const key of keys) part[key] = tape.pass(part[key]);
}
