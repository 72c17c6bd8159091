// From what a panel says to the sizes of one group: its own choice of outlook and risk, surplus held,
// and what a forecast may add.
import { excessSamplesMin } from './capacity-estimate.ts';
import type { DemandModel } from './demand-model.ts';
import type { DemandReading } from './demand-reading.ts';
import { grantAhead } from './forecast-allowance.ts';
import { sizesFor } from './risk-panel.ts';
import type { PanelBlock, Sizes } from './risk-panel.ts';
import { blockSeconds, holdSurplus } from './shadow-fleet.ts';
import { neededInstances } from './staffing.ts';
import type { Carrying } from './staffing.ts';
import { usedRatio } from './violation-budget.ts';

/** What the policy is shown after a block that the model's panel has observed. */
export function readDemand(model: DemandModel, { block, carrying }: PanelBlock): DemandReading {
  const { panel, capacity, choice, leadBlocks } = model;
  const sizes = sizesFor(panel, choice.reactive, carrying);
  // What the load alone makes as likely as not.
  const evenly = { ...choice.reactive, risk: 0.5 };
  const floor = Math.max(sizesFor(panel, evenly, carrying).keep, leastSighted(model, carrying));
  const add = Math.max(floor, sizes.add);
  const worth = Math.max(add, sizes.keep);
  const reactive = { add, keep: holdSurplus(model.keptByLoad, block, leadBlocks, worth) };
  const followed = followForecast(model, { block, floor, worth, reactive, carrying });
  const { risk } = choice.reactive;
  return {
    at: (block + 1) * blockSeconds * 1000,
    demand: model.demand,
    capacityPerInstance: capacity.perInstance,
    leadMs: model.lead.leadMs,
    floor,
    ...(followed ?? { ...reactive, riskRatio: risk, isForecast: false }),
    reactive,
    unservedRatio: usedRatio(model.budget),
    isCensored: model.isCensored,
    ...tellLatency(model),
  };
}

/**
 * A fleet that is full hides what more is asked of it. Where load was never seen above what a fleet can do,
 * a rest of an instance is therefore not left unserved: the fleet would be blind from then on.
 */
function leastSighted({ demand, excessSamples }: DemandModel, carrying: Carrying): number {
  if (excessSamples >= excessSamplesMin) return 0;
  return Math.ceil(neededInstances(demand, carrying) - roundingNoise);
}

const roundingNoise = 1e-6;

function tellLatency({ latency }: DemandModel): Pick<DemandReading, 'latency'> {
  if (latency === null) return {};
  const { promise, serviceMs, isReachable } = latency;
  return { latency: { ...promise, serviceMs: Number(serviceMs.toPrecision(4)), isReachable } };
}

interface ReactivePlan {
  readonly block: number;
  readonly floor: number;
  /** Worth keeping by this block alone. */
  readonly worth: number;
  readonly reactive: Sizes;
  readonly carrying: Carrying;
}

/** What the forecast makes of the reactive plan; null where it changes nothing. */
function followForecast(
  { panel, choice, leadBlocks, kept, allowance }: DemandModel,
  { block, floor, worth, reactive, carrying }: ReactivePlan,
): Pick<DemandReading, 'add' | 'keep' | 'riskRatio' | 'isForecast'> | null {
  if (choice.forecast === null) return null;
  const { risk } = choice.forecast;
  const sizes = sizesFor(panel, choice.forecast, carrying);
  const wanted = Math.max(0, sizes.add - reactive.keep);
  const ahead = grantAhead(allowance, { reactive: reactive.keep, wanted, leadBlocks });
  if (choice.isTrusted) {
    const add = Math.max(floor, sizes.add);
    const keep = holdSurplus(kept, block, leadBlocks, Math.max(add, sizes.keep));
    return { add, keep, riskRatio: risk, isForecast: true };
  }
  // Held by its own ring too, so that trust which comes or goes lets nothing go at once.
  holdSurplus(kept, block, leadBlocks, worth);
  if (ahead === 0) return null;
  const add = Math.max(reactive.add, reactive.keep + ahead);
  return { add, keep: Math.max(reactive.keep, add), riskRatio: risk, isForecast: true };
}
