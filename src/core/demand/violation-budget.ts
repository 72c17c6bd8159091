// How much of the demand may still go unserved: what was promised, less a reserve for bursts that
// nobody sees coming, more or less what has been used so far.

/** An hour of blocks: violations within one are one event, for the reserve. */
const eventBlocks = 360;
/** What is aimed at is never less than this share of the promise. */
const aimRatioMin = 0.5;
/**
 * How strongly what was used beyond the aim counts against what is left. Few events may have been
 * chance, and to repay chance costs dearly; many say that the plan itself is at fault.
 */
const repaymentPerEvent = 0.2;
const repaymentMin = 2;
/** How much of what was left unused may be used later, and how far either goes. */
const unusedShare = 0.5;
const goalRatioMin = 0.1;
const goalRatioMax = 1.5;

/** Only this file changes it. Sums are discounted. */
export interface ViolationBudget {
  readonly promised: number;
  demand: number;
  unserved: number;
  /** Σ of the squares of the events. */
  squares: number;
  event: number;
  blocks: number;
}

/** A budget for a promised share of unserved demand, 0–1. */
export function createViolationBudget(promised: number): ViolationBudget {
  return { promised, demand: 0, unserved: 0, squares: 0, event: 0, blocks: 0 };
}

/** Enters a block of the group itself: demand and what found no capacity, in instances. */
export function spendBudget(
  budget: ViolationBudget,
  block: { readonly demand: number; readonly unserved: number; readonly discount: number },
): void {
  const { demand, unserved, discount } = block;
  budget.demand = budget.demand * discount + demand;
  budget.unserved = budget.unserved * discount + unserved;
  budget.squares *= discount * discount;
  budget.event += unserved;
  budget.blocks += 1;
  // In the first hour there are no hours yet.
  if (budget.blocks < eventBlocks || budget.blocks % eventBlocks === 0) {
    budget.squares += budget.event * budget.event;
    budget.event = 0;
  }
}

/** The share of the demand left unserved so far, discounted. */
export function usedRatio({ demand, unserved }: ViolationBudget): number {
  return demand > 0 ? unserved / demand : 0;
}

/**
 * The share that may go unserved from here on. A sum of N like events strays by 1/√N of itself, so
 * the aim leaves that much unused; N = (Σv)²/Σv² counts unlike ones (Kish's effective number).
 */
export function goalRatio(budget: ViolationBudget): number {
  const { promised, unserved, squares } = budget;
  const events = squares > 0 ? Math.max(1, (unserved * unserved) / squares) : 1e9;
  const aim = promised * Math.max(aimRatioMin, 1 / (1 + 1 / Math.sqrt(events)));
  const unusedRatio = 1 - usedRatio(budget) / aim;
  const strength =
    unusedRatio > 0 ? unusedShare : Math.max(repaymentMin, repaymentPerEvent * events);
  return aim * Math.min(goalRatioMax, Math.max(goalRatioMin, 1 + strength * unusedRatio));
}
