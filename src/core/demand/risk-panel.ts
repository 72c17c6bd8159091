// Which outlook to believe, and how much risk to take: many shadow fleets try them all on the live
// demand, and the cheapest of those that keep the promise is followed. A forecast is followed only
// while its own fleets are cheaper at the same promise, and have been for a day; until then it may
// add a little to the reactive plan (`forecast-allowance.ts`), and take nothing from it.
//
// The panel itself looks at demand alone; what a group chooses of it is the group's own.
import {
  createOutlook,
  exceededWith,
  exceededWithEach,
  interruptOutlook,
  observeOutlook,
} from './outlook.ts';
import type { ForecastFault, Outlook, OutlookBlock } from './outlook.ts';
import {
  blockSeconds,
  createShadowFleets,
  followPlan,
  passBlock,
  resetShadows,
} from './shadow-fleet.ts';
import type { ShadowFleets } from './shadow-fleet.ts';
import { instancesFor, neededInstances, type Carrying } from './staffing.ts';

/** Time constants of the anchors: the newest block, 1, 5 and 15 minutes. Noise needs long ones. */
const anchorBlocks = [1, 6, 30, 90] as const;
/**
 * Risks tried: the chance that an instance is needed below which it is not kept. In the optimum's
 * terms a risk of r is a price of 1/r instance-seconds for an instance-second of unserved work.
 */
const risks = [
  0.7, 0.5, 0.35, 0.25, 0.17, 0.12, 0.08, 0.05, 0.03, 0.018, 0.01, 0.006, 0.003, 0.0015, 0.0007,
] as const;
/** Until the fleets have shown anything. */
const firstRisk = 0.05;
/**
 * A quiet hour makes every fleet look safe. Until there is more to go by, a risk is taken to leave this
 * share of itself unserved: as an hour of blocks would show it that is weighed against what was seen.
 */
const priorMissedRatio = 0.05;
const priorBlocks = 360;
/**
 * A launch must pay for its start as well: over a stay of about as long as a start costs (the ski
 * rental's hold), it needs twice the chance.
 */
const startFactor = 2;
const riskMax = 0.95;
/** A forecast is trusted with the whole plan when it has saved so much for a day without a break. */
const trustRatio = 0.02;
const trustBlocks = 8640;

function addRiskOf(risk: number): number {
  return Math.min(riskMax, risk * startFactor);
}

/** All that fleets are planned by, falling; and which of them each fleet adds and keeps at. */
const triedRisks: readonly number[] = [
  ...new Set(risks.flatMap((risk) => [addRiskOf(risk), risk])),
].toSorted((one, other) => other - one);
const addAt = risks.map((risk) => triedRisks.indexOf(addRiskOf(risk)));
const keepAt = risks.map((risk) => triedRisks.indexOf(risk));

/** One outlook, read as the reactive half or with its forecast. */
export interface Variant {
  readonly outlook: Outlook;
  readonly isForecast: boolean;
  /** Number of its first fleet: it has one for each risk, in their order. */
  readonly firstFleet: number;
}

/** What follows from demand, whatever the group does and whatever it promises. */
export interface RiskPanel {
  readonly outlooks: readonly Outlook[];
  /** The reactive ones first. */
  readonly variants: readonly Variant[];
  readonly fleets: ShadowFleets;
  /** Discounted demand, in instances × blocks. */
  work: number;
  /** Discounted number of blocks. */
  weight: number;
  /** The sizes that the fleets are given, and the demand at each of `triedRisks`: made anew. */
  readonly add: Float64Array;
  readonly keep: Float64Array;
  readonly exceeded: Float64Array;
}

export interface Choice {
  /** Number of the variant. */
  readonly variant: number;
  readonly risk: number;
}

/** What a group follows. */
export interface PanelChoice {
  readonly isForecasting: boolean;
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
  const variants = kinds.flatMap((isForecast, kind) =>
    outlooks.map((outlook, index) => ({
      outlook,
      isForecast,
      firstFleet: (kind * outlooks.length + index) * risks.length,
    })),
  );
  const count = variants.length * risks.length;
  return {
    outlooks,
    variants,
    fleets: createShadowFleets(count),
    work: 0,
    weight: 0,
    add: new Float64Array(count),
    keep: new Float64Array(count),
    exceeded: new Float64Array(triedRisks.length),
  };
}

export function createPanelChoice(isForecasting: boolean): PanelChoice {
  const trust = { advantageRatio: 0, advantageBlocks: 0, isTrusted: false };
  return { isForecasting, reactive: { variant: 0, risk: firstRisk }, forecast: null, ...trust };
}

/** One block of demand, as the panel sees it. */
export interface PanelBlock extends OutlookBlock {
  /** Where every fleet is to stand before it, for nothing is known of what came between; or null. */
  readonly restartSize: number | null;
  readonly carrying: Carrying;
  /** Weight left to what came before. 0–1. */
  readonly discount: number;
}

/** Every outlook learns the block, every fleet lives through it and makes its next plan. */
export function observePanel(panel: RiskPanel, seen: PanelBlock): void {
  const { block, leadBlocks, demand, carrying, discount } = seen;
  const { fleets, add, keep } = panel;
  if (seen.restartSize !== null) interruptPanel(panel, seen.restartSize);
  const needed = neededInstances(demand, carrying);
  panel.work = panel.work * discount + needed;
  panel.weight = panel.weight * discount + 1;
  for (const outlook of panel.outlooks) observeOutlook(outlook, seen);
  passBlock(fleets, block, needed, discount);
  for (const variant of panel.variants) planVariant(panel, variant, carrying);
  followPlan(fleets, leadBlocks, { block, add, keep });
}

/** After a gap: moments under way are forgotten, and every fleet stands where the group stands. */
function interruptPanel(panel: RiskPanel, size: number): void {
  for (const outlook of panel.outlooks) interruptOutlook(outlook);
  resetShadows(panel.fleets, size);
}

/** `sizesFor` at every risk. */
function planVariant(panel: RiskPanel, variant: Variant, carrying: Carrying): void {
  const { add, keep, exceeded } = panel;
  const { outlook, isForecast, firstFleet } = variant;
  exceededWithEach(outlook, triedRisks, isForecast, exceeded);
  for (let each = 0; each < exceeded.length; each += 1) {
    exceeded[each] = instancesFor(exceeded[each] ?? 0, carrying);
  }
  for (let each = 0; each < risks.length; each += 1) {
    add[firstFleet + each] = exceeded[addAt[each] ?? 0] ?? 1;
    keep[firstFleet + each] = exceeded[keepAt[each] ?? 0] ?? 1;
  }
}

export interface Sizes {
  /** Launch up to here. Never above `keep`. */
  readonly add: number;
  /** Not worth letting go. */
  readonly keep: number;
}

/** What a variant says at a risk, in whole instances. */
export function sizesFor(
  { variants }: RiskPanel,
  { variant, risk }: Choice,
  carrying: Carrying,
): Sizes {
  const { outlook, isForecast } = variantOf(variants, variant);
  const at = (each: number): number =>
    instancesFor(exceededWith(outlook, each, isForecast), carrying);
  return { add: at(addRiskOf(risk)), keep: at(risk) };
}

function variantOf(variants: readonly Variant[], index: number): Variant {
  const variant = variants[index];
  if (variant === undefined) throw new Error(`no variant ${index} among ${variants.length}`);
  return variant;
}

/**
 * Finds the cheapest variant of either half, at the risk at which its fleets would have left just
 * `goal` of the demand unserved. Between two fleets the risk is interpolated. Where none keeps the
 * goal, the one that misses least, at the least risk. `blocks` have passed since the last time.
 */
export function choose(choice: PanelChoice, panel: RiskPanel, goal: number, blocks: number): void {
  const reactive = findCheapest(panel, goal, false);
  if (reactive === null) return;
  choice.reactive = reactive.choice;
  const forecast = choice.isForecasting ? findCheapest(panel, goal, true) : null;
  if (forecast === null) return;
  choice.forecast = forecast.choice;
  choice.advantageRatio = 1 - forecast.price / reactive.price;
  followAdvantage(choice, blocks);
}

/**
 * Instance-seconds that the half which is followed has cost lately for one of demand, at this goal;
 * more than 1e5 where none of its fleets keeps it. NaN before there was any demand.
 */
export function pricePerDemand({ isTrusted }: PanelChoice, panel: RiskPanel, goal: number): number {
  const price = findCheapest(panel, goal, isTrusted)?.price ?? Number.NaN;
  return panel.work > 0 ? price / (blockSeconds * panel.work) : Number.NaN;
}

/** Trust comes slowly, and goes with the advantage. */
function followAdvantage(choice: PanelChoice, blocks: number): void {
  const { advantageRatio } = choice;
  choice.advantageBlocks = advantageRatio > trustRatio ? choice.advantageBlocks + blocks : 0;
  if (choice.advantageBlocks >= trustBlocks) choice.isTrusted = true;
  if (!(advantageRatio > 0)) choice.isTrusted = false;
}

function findCheapest(
  panel: RiskPanel,
  goal: number,
  isForecast: boolean,
): { readonly choice: Choice; readonly price: number } | null {
  let least: { readonly choice: Choice; readonly price: number } | null = null;
  for (const [variant, each] of panel.variants.entries()) {
    if (each.isForecast !== isForecast) continue;
    const { risk, price } = findRisk(panel, each.firstFleet, goal);
    if (least === null || price < least.price) least = { choice: { variant, risk }, price };
  }
  return least;
}

/** A cost that no fleet reaches: what misses the goal is worse than all that keeps it. */
const missedPrice = 1e15;

function findRisk(
  panel: RiskPanel,
  firstFleet: number,
  goal: number,
): { readonly risk: number; readonly price: number } {
  const { cost } = panel.fleets;
  const missedBy = (each: number): number =>
    missedShare(panel, firstFleet + each, risks[each] ?? 1);
  let index = risks.length - 1;
  while (index > 0 && missedBy(index - 1) <= goal) index -= 1;
  const missed = missedBy(index);
  const risk = risks[index] ?? firstRisk;
  const spent = cost[firstFleet + index] ?? 0;
  if (missed > goal) return { risk, price: missedPrice * (1 + missed) };
  if (index === 0) return { risk, price: spent };
  const between = (goal - missed) / (missedBy(index - 1) - missed);
  return {
    risk: risk * Math.exp(between * Math.log((risks[index - 1] ?? risk) / risk)),
    price: spent + between * ((cost[firstFleet + index - 1] ?? 0) - spent),
  };
}

function missedShare({ fleets, work, weight }: RiskPanel, fleet: number, risk: number): number {
  const share = work > 0 ? (fleets.unserved[fleet] ?? 0) / work : 0;
  return (share * weight + priorBlocks * priorMissedRatio * risk) / (weight + priorBlocks);
}
