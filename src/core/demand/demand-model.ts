// The demand of one group as it is learned, second by second: what is offered, what an instance can
// do, how long a launch takes, what tends to come next. Its owner feeds it and hands its reading to
// `decide`; it decides nothing itself.
import type { EpochMs } from '../time.ts';
import {
  carryingOf,
  createCapacityEstimate,
  excessSamplesMin,
  observeCapacity,
  saturatedRatio,
} from './capacity-estimate.ts';
import type { CapacityEstimate } from './capacity-estimate.ts';
import type { DemandReading } from './demand-reading.ts';
import { createForecastAllowance } from './forecast-allowance.ts';
import type { ForecastAllowance } from './forecast-allowance.ts';
import { revealDemand } from './hidden-demand.ts';
import type { CutBlock } from './hidden-demand.ts';
import { createLatencyGoal, followService, observeService } from './latency-goal.ts';
import type { LatencyGoal } from './latency-goal.ts';
import { createLeadEstimate, observeLead } from './lead-estimate.ts';
import type { LeadEstimate } from './lead-estimate.ts';
import type { ForecastFault } from './outlook.ts';
import { ringBlocks } from './outlook.ts';
import { readDemand } from './read-demand.ts';
import { choose, createPanelChoice, createRiskPanel, observePanel } from './risk-panel.ts';
import type { PanelBlock, PanelChoice, RiskPanel } from './risk-panel.ts';
import { blockSeconds } from './shadow-fleet.ts';
import { createSlopeEstimate, followSlope } from './slope-estimate.ts';
import type { SlopeEstimate } from './slope-estimate.ts';
import { instancesFor, neededInstances, shortShare, type LatencyPromise } from './staffing.ts';
import { createViolationBudget, goalRatio, spendBudget } from './violation-budget.ts';
import type { ViolationBudget } from './violation-budget.ts';

const blockMs = blockSeconds * 1000;
/** Of a block fewer seconds than this say too little. */
const samplesMin = 5;
/** The slow mean follows within an hour: it tells a burst from the level it stands on. */
const slowBlocks = 360;
/** Cost and violations are remembered for a week. */
const memoryBlocks = 60_480;
const earlyBlocksMin = 30;
/**
 * What came before the first launch could serve, by the lead that is assumed at first and a minute
 * more, was nobody's choice: it is held against nobody.
 */
const startBlocks = 24;
/** The choice is made once a minute, from the third minute on. */
const choiceBlocks = 6;
const firstChoiceBlocks = 18;
/** A block of which this share was full hides demand: in noise it is full in some seconds only. */
const hidingRatio = 0.3;
/** Load so far above what a full fleet can do was seen in full: see `excessSamplesMin`. */
const seenInFullRatio = 1.02;
/** A lead that changed by so many blocks makes what was learned at the old one a different question. */
const leadChangeBlocks = 3;

export interface DemandModelOptions {
  /** The share of the demand that may go unserved. 0–1, above 0. */
  readonly violationRatio: number;
  readonly isForecasting: boolean;
  /** What the group is for in place of a share, which then follows from it. */
  readonly latency?: LatencyPromise;
  /** For trials of bad forecasts. */
  readonly fault?: ForecastFault;
}

/** One second, or any other period within a block, of the group's telemetry. */
export interface DemandSample {
  /** End of the period. */
  readonly at: EpochMs;
  /** Work per second over all instances, ≥ 0. */
  readonly load: number;
  /** Mean busy share of an instance, 0–1. */
  readonly busyRatio: number;
  /** Mean instances in service, > 0. */
  readonly instances: number;
  /** Of the past: the load is what was asked for, as far as anybody knows, full instances or not. */
  readonly hidesNothing?: true;
}

/** The running block. */
interface OpenBlock {
  block: number;
  samples: number;
  load: number;
  /** Samples in which all instances were full, and their load. */
  full: number;
  fullLoad: number;
  instances: number;
}

/** Only this file changes it. */
export interface DemandModel {
  readonly options: DemandModelOptions;
  /** Groups that see the same demand may have one together: see `takeSample`. */
  panel: RiskPanel;
  readonly choice: PanelChoice;
  readonly budget: ViolationBudget;
  readonly capacity: CapacityEstimate;
  readonly lead: LeadEstimate;
  /** Null without a promise of latency. */
  readonly latency: LatencyGoal | null;
  readonly allowance: ForecastAllowance;
  readonly slope: SlopeEstimate;
  /** Sizes worth keeping, block by block: by load alone, and as they were read. */
  readonly keptByLoad: Int32Array;
  readonly kept: Int32Array;
  readonly open: OpenBlock;
  /** Where the fleets of the panel are to stand before the next block: see `PanelBlock`. */
  restartSize: number | null;
  blocks: number;
  leadBlocks: number;
  slowMean: number;
  /** Demand of the newest block, with what a full fleet hides. */
  demand: number;
  /** Samples that showed load which found no capacity, as far as they are counted. */
  excessSamples: number;
  isCensored: boolean;
  reading: DemandReading | null;
}

export function createDemandModel(options: DemandModelOptions): DemandModel {
  const lead = createLeadEstimate();
  return {
    options,
    panel: createRiskPanel(options.isForecasting, options.fault),
    choice: createPanelChoice(options.isForecasting),
    budget: createViolationBudget(promisedRatio(options)),
    capacity: createCapacityEstimate(),
    lead,
    latency: options.latency === undefined ? null : createLatencyGoal(options.latency),
    allowance: createForecastAllowance(),
    slope: createSlopeEstimate(),
    keptByLoad: new Int32Array(ringBlocks),
    kept: new Int32Array(ringBlocks),
    open: { block: Number.NaN, samples: 0, load: 0, full: 0, fullLoad: 0, instances: 0 },
    restartSize: null,
    blocks: 0,
    leadBlocks: blocksOf(lead.leadMs),
    slowMean: 0,
    demand: 0,
    excessSamples: 0,
    isCensored: false,
    reading: null,
  };
}

/** The share of the demand that may find too few instances. */
function promisedRatio({ latency, violationRatio }: DemandModelOptions): number {
  return latency === undefined ? violationRatio : latency.tailRatio * shortShare;
}

/** Takes in how long a unit of work was served lately: of use to a promise of latency alone. */
export function noteService(model: DemandModel, serviceMs: number): void {
  if (model.latency !== null) observeService(model.latency, serviceMs);
}

/** Takes in a launch that came to be of use. */
export function noteLaunch(model: DemandModel, tookMs: number): void {
  observeLead(model.lead, tookMs);
}

/**
 * Takes in a sample; the last one of a ten-second block closes it, and with it the reading changes.
 * Samples come in order. Without samples nothing changes: the reading grows old by its `at`.
 */
export function noteSample(model: DemandModel, sample: DemandSample): void {
  const seen = takeSample(model, sample);
  if (seen !== null) learnBlock(model, seen);
}

/** A block of `takeSample`, for a model that has its panel to itself. */
export function learnBlock(model: DemandModel, seen: PanelBlock): void {
  observePanel(model.panel, seen);
  readBlock(model, seen);
}

/**
 * The first half of `noteSample`: the block that the sample closed, for the model's panel to observe,
 * after which `readBlock` has to follow. Null where no block was closed.
 */
export function takeSample(model: DemandModel, sample: DemandSample): PanelBlock | null {
  const { open } = model;
  const block = Math.ceil(sample.at / blockMs) - 1;
  if (block < open.block) return null;
  let closed: PanelBlock | null = null;
  if (block !== open.block) {
    // Its last second was missed: what came of it counts.
    if (block === open.block + 1 && open.samples >= samplesMin) closed = closeBlock(model);
    openBlock(model, block);
  }
  observeCapacity(model.capacity, sample.load / sample.instances, sample.busyRatio);
  countExcess(model, sample);
  open.samples += 1;
  open.load += sample.load;
  if (sample.busyRatio >= saturatedRatio && sample.hidesNothing !== true) {
    open.full += 1;
    open.fullLoad += sample.load;
  }
  open.instances += sample.instances;
  if (sample.at === (block + 1) * blockMs && open.samples >= samplesMin) return closeBlock(model);
  return closed;
}

/** The second half of `noteSample`: what the group makes of the block that its panel has observed. */
export function readBlock(model: DemandModel, seen: PanelBlock): void {
  model.blocks += 1;
  if (model.blocks >= firstChoiceBlocks && model.blocks % choiceBlocks === 0) {
    choose(model.choice, model.panel, goalRatio(model.budget), choiceBlocks);
  }
  model.reading = readDemand(model, seen);
}

function countExcess(model: DemandModel, { load, instances, busyRatio }: DemandSample): void {
  const most = instances * model.capacity.perInstance;
  const isExcess = busyRatio >= saturatedRatio && load > most * seenInFullRatio;
  if (isExcess && model.excessSamples < excessSamplesMin) model.excessSamples += 1;
}

function openBlock(model: DemandModel, block: number): void {
  const { open } = model;
  const isGap = block > open.block + 1 || (open.samples > 0 && block !== open.block);
  if (isGap && model.blocks > 0) {
    model.restartSize = instancesFor(model.demand, carryingOf(model.capacity));
  }
  open.block = block;
  clear(open);
}

function closeBlock(model: DemandModel): PanelBlock | null {
  const { open, capacity } = model;
  const { samples } = open;
  const load = open.load / samples;
  const instances = open.instances / samples;
  const fullRatio = open.full / samples;
  const fullLoad = open.full > 0 ? open.fullLoad / open.full : 0;
  clear(open);
  if (!(capacity.perInstance > 0)) return null;
  if (model.latency !== null && !followService(model.latency, capacity)) return null;
  followLead(model);
  seeDemand(model, { load, fullRatio, fullLoad, most: instances * capacity.perInstance });
  return describeBlock(model, instances);
}

function clear(open: OpenBlock): void {
  open.samples = 0;
  open.load = 0;
  open.full = 0;
  open.fullLoad = 0;
  open.instances = 0;
}

function blocksOf(leadMs: number): number {
  return Math.max(1, Math.ceil(leadMs / blockMs));
}

function followLead(model: DemandModel): void {
  const leadBlocks = blocksOf(model.lead.leadMs);
  if (leadBlocks === model.leadBlocks) return;
  const isLarge = Math.abs(leadBlocks - model.leadBlocks) >= leadChangeBlocks;
  model.leadBlocks = leadBlocks;
  if (!isLarge || model.blocks === 0) return;
  model.restartSize = instancesFor(model.demand, carryingOf(model.capacity));
}

/** What is offered: what was seen, and more where a full fleet can show no more. */
function seeDemand(model: DemandModel, seen: Omit<CutBlock, 'before'>): void {
  const { load, fullRatio } = seen;
  const canHide = model.excessSamples < excessSamplesMin;
  model.isCensored = canHide && fullRatio >= hidingRatio;
  const isCut = canHide && fullRatio > 0;
  model.demand = isCut ? revealDemand({ ...seen, before: model.demand }) : load;
}

function describeBlock(model: DemandModel, instances: number): PanelBlock {
  const { demand, blocks, leadBlocks, budget, open } = model;
  const carrying = carryingOf(model.capacity);
  model.slowMean += (demand - model.slowMean) / Math.min(blocks + 1, slowBlocks);
  const memory = Math.min(memoryBlocks, Math.max(earlyBlocksMin, blocks));
  const discount = blocks < startBlocks ? 0 : 1 - 1 / memory;
  const needed = neededInstances(demand, carrying);
  // What is hidden counts as what was seen: a promise that looks kept because the fleet is full is none.
  spendBudget(budget, { demand: needed, unserved: Math.max(0, needed - instances), discount });
  const restartSize = blocks === 0 ? instancesFor(demand, carrying) : model.restartSize;
  model.restartSize = null;
  return {
    restartSize,
    block: open.block,
    leadBlocks,
    demand,
    slowMean: model.slowMean,
    growth: followSlope(model.slope, demand) * (leadBlocks + 1),
    carrying,
    discount,
  };
}
