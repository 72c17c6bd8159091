// Which outlook to believe, and how much risk to take: many shadow fleets try them all on the live
// demand, and the cheapest of those that keep the promise is followed. A forecast is followed only
// while its own fleets are cheaper at the same promise, and have been for a day; until then it may
// add a little to the reactive plan (`forecast-allowance.ts`), and take nothing from it.
import { createOutlook, exceededWith, interruptOutlook, observeOutlook } from './outlook.ts';
import type { ForecastFault, Outlook } from './outlook.ts';
import { createShadowFleet, followPlan, passBlock, resetShadow } from './shadow-fleet.ts';
import type { ShadowFleet } from './shadow-fleet.ts';

/** Time constants of the anchors: the newest block, 1, 5 and 15 minutes. Noise needs long ones. */
const anchorBlocks = [1, 6, 30, 90] as const;
/**
 * Risks tried: the chance that an instance is needed below which it is not kept. In the optimum's
 * terms a risk of r is a price of 1/r instance-seconds for an instance-second of unserved work.
 */
const risks = [
  0.7, 0.5, 0.35, 0.25, 0.17, 0.12, 0.08, 0.05, 0.03, 0.018, 0.01, 0.006, 0.003,
] as const;
/** Until the fleets have shown anything. */
const firstRisk = 0.05;
/**
 * A launch must pay for its start as well: over a stay of about as long as a start costs (the ski
 * rental's hold), it needs twice the chance.
 */
const startFactor = 2;
const riskMax = 0.95;
/** A forecast is trusted with the whole plan when it has saved so much for a day without a break. */
const trustRatio = 0.02;
const trustBlocks = 8640;

/** One outlook, read as the reactive half or with its forecast. */
export interface Variant {
  readonly outlook: Outlook;
  readonly isForecast: boolean;
  readonly fleets: readonly ShadowFleet[];
}

export interface Choice {
  readonly variant: Variant;
  readonly risk: number;
}

export interface RiskPanel {
  readonly outlooks: readonly Outlook[];
  readonly variants: readonly Variant[];
  /** Discounted demand, in instances × blocks. */
  work: number;
  /** The best of those that look at load alone. */
  reactive: Choice;
  /** The best of those with a forecast; null without any. */
  forecast: Choice | null;
  /** What the forecast saves of the reactive plan's cost, at the same promise; below 0 it costs. */
  advantageRatio: number;
  /** For how many blocks on end it has saved. */
  advantageBlocks: number;
  isTrusted: boolean;
}

export function createRiskPanel(
  isForecasting: boolean,
  fault: ForecastFault | null = null,
): RiskPanel {
  const outlooks = anchorBlocks.map((blocks) => createOutlook(blocks, isForecasting, fault));
  const kinds = isForecasting ? [false, true] : [false];
  const variants = kinds.flatMap((isForecast) =>
    outlooks.map((outlook) => ({ outlook, isForecast, fleets: risks.map(createShadowFleet) })),
  );
  const [variant] = variants;
  if (variant === undefined) throw new Error('a panel has an anchor');
  const reactive = { variant, risk: firstRisk };
  const trust = { advantageRatio: 0, advantageBlocks: 0, isTrusted: false };
  return { outlooks, variants, work: 0, reactive, forecast: null, ...trust };
}

/** One block of demand, as the panel sees it. */
export interface PanelBlock {
  readonly block: number;
  readonly leadBlocks: number;
  readonly demand: number;
  readonly slowMean: number;
  readonly capacityPerInstance: number;
  /** Weight left to what came before. 0–1. */
  readonly discount: number;
}

/** Every outlook learns the block, every fleet lives through it and makes its next plan. */
export function observePanel(panel: RiskPanel, seen: PanelBlock): void {
  const { block, leadBlocks, demand, slowMean, capacityPerInstance, discount } = seen;
  const needed = demand / capacityPerInstance;
  panel.work = panel.work * discount + needed;
  for (const outlook of panel.outlooks) observeOutlook(outlook, demand, slowMean, seen);
  for (const variant of panel.variants) {
    for (const [index, fleet] of variant.fleets.entries()) {
      passBlock(fleet, block, needed, discount);
      const { add, keep } = sizesFor(variant, risks[index] ?? firstRisk, capacityPerInstance);
      followPlan(fleet, { block, leadBlocks, add, keep });
    }
  }
}

/** After a gap: moments under way are forgotten, and every fleet stands where the group stands. */
export function interruptPanel(panel: RiskPanel, size: number): void {
  for (const outlook of panel.outlooks) interruptOutlook(outlook);
  for (const { fleets } of panel.variants) {
    for (const fleet of fleets) resetShadow(fleet, size);
  }
}

export interface Sizes {
  /** Launch up to here. Never above `keep`. */
  readonly add: number;
  /** Not worth letting go. */
  readonly keep: number;
}

/** What a variant says at a risk. For whole instances: the last is wanted if half of it is. */
export function sizesFor(variant: Variant, risk: number, capacityPerInstance: number): Sizes {
  const { outlook, isForecast } = variant;
  const addRisk = Math.min(riskMax, risk * startFactor);
  return {
    add: wholeInstances(exceededWith(outlook, addRisk, isForecast) / capacityPerInstance),
    keep: wholeInstances(exceededWith(outlook, risk, isForecast) / capacityPerInstance),
  };
}

/** Instances for a demand in instances: a rest below a half is left unserved. At least 1. */
export function wholeInstances(demand: number): number {
  return Math.max(1, Math.ceil(demand - 0.5));
}

/**
 * Finds the cheapest variant of either half, at the risk at which its fleets would have left just
 * `goal` of the demand unserved. Between two fleets the risk is interpolated. Where none keeps the
 * goal, the one that misses least, at the least risk. `blocks` have passed since the last time.
 */
export function choose(panel: RiskPanel, goal: number, blocks: number): void {
  const reactive = findCheapest(panel, goal, false);
  if (reactive === null) return;
  panel.reactive = reactive.choice;
  const forecast = findCheapest(panel, goal, true);
  if (forecast === null) return;
  panel.forecast = forecast.choice;
  panel.advantageRatio = 1 - forecast.price / reactive.price;
  followAdvantage(panel, blocks);
}

/** Trust comes slowly, and goes with the advantage. */
function followAdvantage(panel: RiskPanel, blocks: number): void {
  const { advantageRatio } = panel;
  panel.advantageBlocks = advantageRatio > trustRatio ? panel.advantageBlocks + blocks : 0;
  if (panel.advantageBlocks >= trustBlocks) panel.isTrusted = true;
  if (!(advantageRatio > 0)) panel.isTrusted = false;
}

function findCheapest(
  panel: RiskPanel,
  goal: number,
  isForecast: boolean,
): { readonly choice: Choice; readonly price: number } | null {
  let least: { readonly choice: Choice; readonly price: number } | null = null;
  for (const variant of panel.variants) {
    if (variant.isForecast !== isForecast) continue;
    const { risk, price } = findRisk(variant.fleets, panel.work, goal);
    if (least === null || price < least.price) least = { choice: { variant, risk }, price };
  }
  return least;
}

/** A cost that no fleet reaches: what misses the goal is worse than all that keeps it. */
const missedPrice = 1e15;

function findRisk(
  fleets: readonly ShadowFleet[],
  work: number,
  goal: number,
): { readonly risk: number; readonly price: number } {
  let index = fleets.length - 1;
  while (index > 0 && missedBy(fleets[index - 1], work) <= goal) index -= 1;
  const missed = missedBy(fleets[index], work);
  const risk = risks[index] ?? firstRisk;
  const cost = fleets[index]?.cost ?? 0;
  if (missed > goal) return { risk, price: missedPrice * (1 + missed) };
  const bolder = fleets[index - 1];
  if (bolder === undefined) return { risk, price: cost };
  const between = (goal - missed) / (missedBy(bolder, work) - missed);
  return {
    risk: risk * Math.exp(between * Math.log((risks[index - 1] ?? risk) / risk)),
    price: cost + between * (bolder.cost - cost),
  };
}

function missedBy(fleet: ShadowFleet | undefined, work: number): number {
  return work > 0 ? (fleet?.unserved ?? 0) / work : 0;
}
