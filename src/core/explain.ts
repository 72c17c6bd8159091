// From a decision to sentences, made only when someone asks. Those of single reasons are in
// `explain-reason.ts`.

import type { Counterfactual } from './counterfactuals.ts';
import type { Adjustment, Decision, Recommendation } from './decision.ts';
import { describeDraining, describeMeans, explainDrains } from './explain-drains.ts';
import { explainReason } from './explain-reason.ts';
import { describeWarmPool } from './explain-warm-pool.ts';
import type { EpochMs } from './time.ts';
import type { WarmPoolDecision } from './warm-pool/warm-pool.ts';

export interface Explanation {
  /** What was done, and the one reason that settled it. */
  readonly summary: string;
  /**
   * One line for each policy, correction, instance that drains and notice, in this order, then one
   * for a warm pool.
   */
  readonly details: readonly string[];
}

/**
 * Explains a decision in plain sentences. Times in it are relative to the decision. With the
 * decision's counterfactuals each correction says what would have been decided without it.
 */
export function explain(
  decision: Decision,
  counterfactuals: readonly Counterfactual[] = [],
): Explanation {
  const { recommendations, adjustments, notices = [], warmPool, at } = decision;
  const details = [
    ...recommendations.map((one) => {
      const sentence = explainRecommendation(one, at);
      return (
        sentence +
        sayWithout('without it', { without: 'policy', name: one.policy }, counterfactuals)
      );
    }),
    ...adjustments.map((one) => explainAdjustment(one, counterfactuals, at)),
    ...explainDrains(decision),
    ...notices.map((reason) => `notice: ${explainReason(reason, at)}`),
    ...(warmPool === undefined ? [] : [explainWarmPool(warmPool, at)]),
  ];
  const binding = explainBinding(decision, counterfactuals);
  return { summary: `${describeAct(decision)}: ${binding}`, details };
}

/** The correction that settled the size; without one, the policy whose size was taken. */
export function findBinding(decision: Decision): Adjustment | Recommendation | null {
  const last = decision.adjustments.at(-1);
  if (last !== undefined) return last;
  const { recommendations, wanted } = decision;
  return recommendations.find((one) => asksFor(one, wanted)) ?? recommendations[0] ?? null;
}

function asksFor(one: Recommendation, size: number): boolean {
  switch (one.kind) {
    case 'desired':
      return one.desired === size;
    case 'bounds':
      return one.atLeast === size || one.atMost === size;
    case 'abstain':
      return false;
  }
}

function describeAct(decision: Decision): string {
  const { kind, from, to, acts } = decision;
  if (kind === 'hold') return `hold at ${from}${describeDraining(decision)}`;
  const act = kind === 'scale-out' ? 'scale out' : 'scale in';
  return `${acts ? '' : 'would '}${act} from ${from} to ${to}${describeMeans(decision)}${describeDraining(decision)}`;
}

function explainBinding(decision: Decision, counterfactuals: readonly Counterfactual[]): string {
  const binding = findBinding(decision);
  if (binding === null) return 'the group has no policies';
  const sentence = explainReason(binding.reason, decision.at);
  if (!('guardrail' in binding) || binding.from === binding.to) return sentence;
  // The last correction had nothing after it: without it, what it was handed would stand.
  const without = sizeWithout({ without: 'guardrail', name: binding.guardrail }, counterfactuals);
  return `${sentence} (without that: ${without ?? binding.from})`;
}

/** One policy's or person's word as a sentence without a full stop. */
export function explainRecommendation(one: Recommendation, at: EpochMs): string {
  const sentence = explainReason(one.reason, at);
  switch (one.kind) {
    case 'desired':
      return `${one.policy} recommends ${one.desired}${sayForbidden(one)}: ${sentence}`;
    case 'bounds':
      return `${one.policy} asks for ${sayBounds(one)}${sayForbidden(one)}: ${sentence}`;
    case 'abstain': {
      const blocks = one.blocksScaleIn ? ' and lets nothing be removed' : '';
      return `${one.policy} abstains${blocks}: ${sentence}`;
    }
  }
}

function sayBounds({ atLeast, atMost }: Extract<Recommendation, { kind: 'bounds' }>): string {
  if (atLeast === null) return `at most ${atMost ?? 'any'}`;
  if (atMost === null) return `at least ${atLeast}`;
  return atLeast === atMost ? `exactly ${atLeast}` : `${atLeast} to ${atMost}`;
}

function sayForbidden({ forbidden }: Exclude<Recommendation, { kind: 'abstain' }>): string {
  if (forbidden === undefined) return '';
  return forbidden === 'scale-out' ? ', but may not add' : ', but may not remove';
}

function explainAdjustment(
  one: Adjustment,
  counterfactuals: readonly Counterfactual[],
  at: EpochMs,
): string {
  const sentence = `${one.guardrail} makes ${one.to} of ${one.from}: ${explainReason(one.reason, at)}`;
  const left = { without: 'guardrail', name: one.guardrail } as const;
  return sentence + sayWithout('without that', left, counterfactuals);
}

/** What becomes of the pool, with its numbers and what holds it back. */
export function explainWarmPool(one: WarmPoolDecision, at: EpochMs): string {
  const limit = one.limit === undefined ? '' : `; held back: ${explainReason(one.limit, at)}`;
  return `${describeWarmPool(one)}: ${explainReason(one.reason, at)}${limit}`;
}

type LeftOut = Pick<Counterfactual, 'without' | 'name'>;

function sayWithout(
  words: string,
  left: LeftOut,
  counterfactuals: readonly Counterfactual[],
): string {
  const size = sizeWithout(left, counterfactuals);
  return size === null ? '' : ` (${words}: ${size})`;
}

function sizeWithout(left: LeftOut, counterfactuals: readonly Counterfactual[]): number | null {
  const found = counterfactuals.find((one) => {
    return one.without === left.without && one.name === left.name;
  });
  return found?.to ?? null;
}
