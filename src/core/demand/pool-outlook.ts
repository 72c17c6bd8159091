// The same demand, with launches that start from a warm pool: a second model, which knows only warm
// starts, beside the one that knows cold ones. Their shadow fleets say what the promise costs either
// way; what waits in the pool, and the boots that fill it, are added here. Decides nothing.
import { goalRatio } from './violation-budget.ts';
import { createDemandModel, noteSample } from './demand-model.ts';
import type { DemandModel, DemandModelOptions, DemandSample } from './demand-model.ts';
import { recallDemand, rememberDemand } from './demand-memory.ts';
import type { DemandReading } from './demand-reading.ts';
import { pricePerDemand, sizesFor } from './risk-panel.ts';
import type { Choice } from './risk-panel.ts';
import { billedSecondsMin, blockSeconds } from './shadow-fleet.ts';
import type { PoolPlan, WarmPoolState } from '../warm-pool/warm-pool.ts';

/** Until a start has been seen: on the long side of 20 to 60 s from a stop, and in their order. */
const firstLeadMs = { stopped: 60_000, hibernated: 45_000, running: 20_000 } as const;
/** A week, at first half of what was seen. */
const memoryBlocks = 60_480;
const earlyShare = 2;
const earlyBlocksMin = 30;
/** An hour of both is compared; a pool has to save this share to be begun, and some to be kept. */
const judgedBlocks = 360;
const beginRatio = 0.96;
const keepRatio = 0.99;
/** A start that is hardly shorter is no reason for a pool. */
const leadRatioMax = 0.9;
/** What is rarer than this in a week of blocks is not known. */
const riskMin = 0.0005;
/** From here on a price says that no fleet keeps the promise. */
const unkeptPrice = 1e5;

/** How the pool stands, as far as its cost goes. */
export interface PoolCost {
  /** A waiting instance against one in service. > 0. */
  readonly costRatio: number;
  readonly max: number;
  readonly reusesOnScaleIn: boolean;
}

/** Only this file changes it. */
export interface PoolOutlook {
  warm: DemandModel;
  /** Discounted: of waiting and of boots, in seconds of an instance; demand, in instances × blocks. */
  cost: number;
  work: number;
  /** The size of the plan that starts from the pool. */
  size: number;
  blocks: number;
  isCheaper: boolean;
}

export function createPoolOutlook(options: DemandModelOptions, state: WarmPoolState): PoolOutlook {
  const warm = createDemandModel(options);
  warm.lead.leadMs = firstLeadMs[state];
  return { warm, cost: 0, work: 0, size: 0, blocks: 0, isCheaper: true };
}

/** Takes in what the model of cold launches has just taken in. */
export function notePoolSample(
  outlook: PoolOutlook,
  cold: DemandModel,
  sample: DemandSample,
  cost: PoolCost,
): void {
  const { warm } = outlook;
  const before = warm.reading?.at;
  noteSample(warm, sample);
  const { reading } = warm;
  if (reading === null || reading.at === before) return;
  enterBlock(outlook, cold, reading, cost);
  const prices = compare(outlook, cold);
  if (prices === null) return;
  const { ahead, pooled } = prices;
  const margin = outlook.isCheaper ? keepRatio : beginRatio;
  const isFaster = warm.lead.leadMs < leadRatioMax * cold.lead.leadMs;
  outlook.isCheaper = isFaster && pooled < ahead * margin;
}

function enterBlock(
  outlook: PoolOutlook,
  cold: DemandModel,
  { add, keep, demand, capacityPerInstance }: DemandReading,
  { costRatio, max, reusesOnScaleIn }: PoolCost,
): void {
  outlook.blocks += 1;
  const memory = Math.min(memoryBlocks, Math.max(earlyBlocksMin, outlook.blocks / earlyShare));
  const discount = 1 - 1 / memory;
  const started = outlook.blocks === 1 ? 0 : Math.max(0, add - outlook.size);
  outlook.size = Math.max(add, Math.min(outlook.size, keep));
  const waiting = Math.min(max, Math.max(0, worthPreparing(cold, costRatio) - outlook.size));
  // Whoever leaves the pool is followed by a cold boot into it, unless a scale-in fills the place.
  const refill = reusesOnScaleIn ? 0 : Math.max(billedSecondsMin, cold.lead.leadMs / 1000);
  const spent = blockSeconds * waiting * costRatio + started * refill;
  outlook.cost = outlook.cost * discount + spent;
  outlook.work = outlook.work * discount + demand / capacityPerInstance;
}

/**
 * Instances worth having ready, in service or waiting: the newsvendor's quantile of the demand a cold
 * lead from now. One in service is worth keeping down to a risk r of being needed, so one that costs
 * a share f of it is down to r × f: at r = 5 % and f = 2 %, to one in a thousand.
 */
function worthPreparing({ panel, choice, capacity }: DemandModel, costRatio: number): number {
  const sizeAt = ({ variant, risk }: Choice): number => {
    const rarer = { variant, risk: Math.max(riskMin, risk * costRatio) };
    return sizesFor(panel, rarer, capacity).keep;
  };
  const byLoad = sizeAt(choice.reactive);
  // A forecast that has not earned the plan does not size the pool either.
  return choice.isTrusted && choice.forecast !== null
    ? Math.max(byLoad, sizeAt(choice.forecast))
    : byLoad;
}

/** Seconds of an instance for a second of demand, either way; null before an hour. */
function compare(
  { warm, cost, work, blocks }: PoolOutlook,
  cold: DemandModel,
): { readonly ahead: number; readonly pooled: number } | null {
  if (blocks < judgedBlocks || !(work > 0)) return null;
  const goal = goalRatio(cold.budget);
  const ahead = pricePerDemand(cold.choice, cold.panel, goal);
  const pooled = pricePerDemand(warm.choice, warm.panel, goal) + cost / (blockSeconds * work);
  return { ahead, pooled };
}

/** What is worth having ready, and why. Null before anything is known of the demand. */
export function planPool(
  outlook: PoolOutlook,
  cold: DemandModel,
  { costRatio }: PoolCost,
  pricePerInstanceHour: number | null,
): PoolPlan | null {
  const { warm, isCheaper } = outlook;
  if (cold.reading === null || warm.reading === null) return null;
  const prices = compare(outlook, cold);
  const instances = cold.slowMean / cold.capacity.perInstance;
  const say = (price: number | undefined): number | null =>
    price === undefined || !(price < unkeptPrice) ? null : round(price * instances);
  return {
    at: cold.reading.at,
    prepared: worthPreparing(cold, costRatio),
    coldLeadMs: cold.lead.leadMs,
    warmLeadMs: warm.lead.leadMs,
    isWarmLearned: warm.lead.samples.length > 0,
    costRatio: round(costRatio),
    ahead: say(prices?.ahead),
    pooled: say(prices?.pooled),
    isJudged: prices !== null,
    isCheaper,
    pricePerInstanceHour,
  };
}

/** So that journals stay short. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}

/**
 * What is worth launching and keeping where `ready` instances wait: each of them stands in for one
 * that would run in case, as far as the warm lead allows. With none it is the cold reading: from an
 * empty pool every launch is a cold one.
 */
export function standIn(cold: DemandReading, warm: DemandReading, ready: number): DemandReading {
  if (ready === 0) return cold;
  const less = (one: number, other: number): number => Math.max(one, other - ready);
  return {
    ...cold,
    floor: less(warm.floor, cold.floor),
    add: less(warm.add, cold.add),
    keep: less(warm.keep, cold.keep),
    reactive: {
      add: less(warm.reactive.add, cold.reactive.add),
      keep: less(warm.reactive.keep, cold.reactive.keep),
    },
    pool: { ready, leadMs: warm.leadMs },
  };
}

const ledgerKeys = ['cost', 'work', 'size', 'blocks'] as const;

/** What was learned of warm starts, beside what `rememberDemand` keeps of cold ones. */
export function rememberPool(outlook: PoolOutlook): Uint8Array {
  const ledger = new Float64Array([
    ...ledgerKeys.map((key) => outlook[key]),
    outlook.isCheaper ? 1 : 0,
  ]);
  const model = rememberDemand(outlook.warm);
  const bytes = new Uint8Array(ledger.byteLength + model.length);
  bytes.set(new Uint8Array(ledger.buffer), 0);
  bytes.set(model, ledger.byteLength);
  return bytes;
}

/** Null where it is damaged, or of another kind of model. */
export function recallPool(bytes: Uint8Array, options: DemandModelOptions): PoolOutlook | null {
  const length = (ledgerKeys.length + 1) * Float64Array.BYTES_PER_ELEMENT;
  if (bytes.length < length) return null;
  const ledger = new Float64Array(bytes.slice(0, length).buffer);
  if (!ledger.every((value) => Number.isFinite(value))) return null;
  const warm = recallDemand(bytes.subarray(length), options);
  if (warm === null) return null;
  const [cost = 0, work = 0, size = 0, blocks = 0, isCheaper] = ledger;
  return { warm, cost, work, size, blocks, isCheaper: isCheaper === 1 };
}
