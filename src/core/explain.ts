// From codes and numbers to sentences, made only when someone asks. Every reason has one here.

import type { Adjustment, Decision, Recommendation } from './decision.ts';
import type { Reason } from './reason.ts';
import type { EpochMs } from './time.ts';

export interface Explanation {
  /** What was done, and the one reason that settled it. */
  readonly summary: string;
  /** One line for each policy, then one for each correction, in their order. */
  readonly details: readonly string[];
}

/** Explains a decision in plain sentences. Times in it are relative to the decision. */
export function explain(decision: Decision): Explanation {
  const { recommendations, adjustments } = decision;
  const details = [
    ...recommendations.map((one) => explainRecommendation(one, decision.at)),
    ...adjustments.map((one) => explainAdjustment(one, decision.at)),
  ];
  return { summary: `${describeAct(decision)}: ${explainBinding(decision)}`, details };
}

/** The correction that settled the size; without one, the policy whose size was taken. */
export function findBinding(decision: Decision): Adjustment | Recommendation | null {
  const last = decision.adjustments.at(-1);
  if (last !== undefined) return last;
  const { recommendations, wanted } = decision;
  const chosen = recommendations.find((one) => one.kind === 'desired' && one.desired === wanted);
  return chosen ?? recommendations[0] ?? null;
}

function describeAct(decision: Decision): string {
  const { kind, from, to, acts } = decision;
  if (kind === 'hold') return `hold at ${from}`;
  const act = kind === 'scale-out' ? 'scale out' : 'scale in';
  return `${acts ? '' : 'would '}${act} from ${from} to ${to}`;
}

function explainBinding(decision: Decision): string {
  const binding = findBinding(decision);
  if (binding === null) return 'the group has no policies';
  const sentence = explainReason(binding.reason, decision.at);
  if (!('guardrail' in binding) || binding.from === binding.to) return sentence;
  return `${sentence} (without that: ${binding.from})`;
}

function explainRecommendation(one: Recommendation, at: EpochMs): string {
  const sentence = explainReason(one.reason, at);
  if (one.kind === 'desired') return `${one.policy} recommends ${one.desired}: ${sentence}`;
  return `${one.policy} abstains${one.blocksScaleIn ? ' and lets nothing be removed' : ''}: ${sentence}`;
}

function explainAdjustment(one: Adjustment, at: EpochMs): string {
  return `${one.guardrail} makes ${one.to} of ${one.from}: ${explainReason(one.reason, at)}`;
}

/** One reason as a sentence without a full stop. `at` is the moment it was given. */
export function explainReason(reason: Reason, at: EpochMs): string {
  switch (reason.code) {
    case 'target-tracking': {
      const { signal, value, target, instances } = reason;
      const side = value > target ? 'above' : 'below';
      const measured = `${signal} is ${say(signal, value)} over ${count(instances, 'instance')}`;
      return `${measured}, ${side} its target of ${say(signal, target)}`;
    }
    case 'within-tolerance': {
      const { signal, value, target, toleranceRatio } = reason;
      const measured = `${signal} is ${say(signal, value)}`;
      return `${measured}, within ${percent(toleranceRatio)} of its target of ${say(signal, target)}`;
    }
    case 'step': {
      const { signal, value, lower, upper } = reason;
      return `${signal} is ${say(signal, value)}, in the step ${sayStep(signal, lower, upper)}`;
    }
    case 'no-step':
      return `${reason.signal} is ${say(reason.signal, reason.value)}, which is in no step`;
    case 'no-reading':
      return `no warmed instance has reported ${reason.signal} recently`;
    case 'override-set':
      return `${reason.by} set ${reason.desired}`;
    default:
      return explainLimit(reason, at);
  }
}

type LimitReason = Exclude<
  Reason,
  {
    readonly code:
      | 'target-tracking'
      | 'within-tolerance'
      | 'step'
      | 'no-step'
      | 'no-reading'
      | 'override-set';
  }
>;

function explainLimit(reason: LimitReason, at: EpochMs): string {
  switch (reason.code) {
    case 'paused':
      return `${reason.by} paused the group${reason.until === null ? '' : ` for another ${duration(reason.until - at)}`}`;
    case 'held-by-other':
      return `another controller holds the group: ${reason.controller}`;
    case 'capacity-unknown':
      return 'the Auto Scaling group could not be described yet';
    case 'act-in-flight':
      return `the change to ${reason.to} is still on its way, for ${duration(at - reason.since)}`;
    case 'outcome-unknown':
      return `the call that set ${reason.to} timed out, and the group has not been described since`;
    case 'refused-recently':
      return `AWS refused the last ${count(reason.times, 'try', 'tries')} (${reason.refusal}); the next is in ${duration(reason.retryAt - at)}`;
    case 'capacity-stale':
      return `the group was last described ${duration(reason.ageMs)} ago`;
    case 'broker-down':
      return 'the broker cannot be reached, so silence says nothing about the instances';
    case 'journal-unwritable':
      return 'the journal cannot be written';
    case 'policy-blind':
      return `${reason.policy} cannot see`;
    case 'too-few-reports': {
      const { reporting, expected, minReportingRatio } = reason;
      return `only ${reporting} of ${expected} report, and ${percent(minReportingRatio)} must`;
    }
    case 'warming':
      return `${count(reason.warming, 'instance')} warming up and ${reason.pending} pending`;
    case 'stabilization':
      return `within the last ${duration(reason.windowMs)} ${reason.size} was recommended`;
    case 'cooldown':
      return `the cooldown lasts another ${duration(reason.until - at)}`;
    case 'scale-out-only':
      return 'the mode is scale-out-only';
    case 'size-bounds':
      return `the bounds are ${reason.min} to ${reason.max}`;
    case 'observe-only':
      return 'the mode is observe: nothing is decided';
    case 'already-advised':
      return `the mode is advise, and ${reason.size} has been advised already`;
  }
}

function sayStep(signal: string, lower: number | null, upper: number | null): string {
  if (lower === null) {
    return upper === null ? 'that holds everything' : `up to ${say(signal, upper)}`;
  }
  if (upper === null) return `from ${say(signal, lower)}`;
  return `${say(signal, lower)} to ${say(signal, upper)}`;
}

/** A value in the unit that its signal's name tells: shares as percents. */
function say(signal: string, value: number): string {
  if (signal === 'cpu' || signal.endsWith('Ratio')) return percent(value);
  return plain(value);
}

function percent(ratio: number): string {
  return `${plain(ratio * 100)}%`;
}

/** Three significant digits at most, without trailing zeros, never in scientific form. */
function plain(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Milliseconds in the unit that reads best. */
function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 120_000) return `${plain(ms / 1000)} s`;
  if (ms < 7_200_000) return `${plain(ms / 60_000)} min`;
  return `${plain(ms / 3_600_000)} h`;
}
