// The few parameters of a group's policies that decide what it costs and what it leaves unserved, and
// the group with other values of them. Which values are tried in what order is `search-knobs.ts`.

import { sayPercent, sayValue } from '../core/phrase.ts';
import type { Group } from '../core/group.ts';
import type { Policy } from '../core/policies/policy.ts';
import { selectSignal, type SignalSelector } from '../core/signal.ts';

export type KnobName = 'target' | 'window' | 'scaleInStabilization' | 'violations';

export interface Knob {
  readonly name: KnobName;
  /** Rising, the group's own among them. */
  readonly values: readonly number[];
  readonly own: number;
}

/** A value for each knob of the group. */
export type KnobSettings = Readonly<Partial<Record<KnobName, number>>>;

/** Targets and thresholds, as shares of those configured. */
const targetRatios = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.7, 2];
const windowsMs = [1000, 10_000, 60_000];
const stabilizationsMs = [60_000, 300_000, 900_000, 1_800_000];
const violationRatios = [0.0005, 0.001, 0.002, 0.0035, 0.005, 0.0075, 0.01, 0.02];

/** Empty for a group whose size follows from no load. */
export function listKnobs(group: Group): readonly Knob[] {
  const knobs: Knob[] = [];
  const followers = group.policies.filter(isFollower);
  const [selector] = followers.flatMap(selectorsOf);
  if (selector !== undefined) {
    const values = targetRatios.filter((ratio) => ratio <= highestRatio(followers));
    knobs.push({ name: 'target', values, own: 1 });
    if (followers.flatMap(selectorsOf).every(({ expression }) => expression === undefined)) {
      knobs.push(withOwn('window', windowsMs, selector.windowMs));
    }
    const { scaleInMs } = group.stabilization;
    knobs.push(withOwn('scaleInStabilization', stabilizationsMs, scaleInMs));
  }
  const demand = group.policies.find(({ type }) => type === 'demand');
  if (demand?.type === 'demand') {
    knobs.push(withOwn('violations', violationRatios, demand.violationRatio));
  }
  return knobs;
}

/** The group with these values; its own where there is none. */
export function turnKnobs(group: Group, settings: KnobSettings): Group {
  const { scaleInStabilization: scaleInMs = group.stabilization.scaleInMs } = settings;
  return {
    ...group,
    stabilization: { ...group.stabilization, scaleInMs },
    policies: group.policies.map((policy) => turnPolicy(policy, settings)),
  };
}

/** What the settings are in the words of the config, for the group that they are of. */
export function describeSettings(group: Group, settings: KnobSettings): readonly string[] {
  const turned = turnKnobs(group, settings);
  const targets = turned.policies.flatMap((policy) => {
    if (policy.type === 'step') return `steps: × ${settings.target ?? 1}`;
    if (policy.type !== 'target-tracking') return [];
    return `target: ${sayValue(policy.selector.signal, policy.target)}`;
  });
  const { window, scaleInStabilization, violations } = settings;
  return [
    ...targets,
    ...(window === undefined ? [] : [`window: ${window / 1000}s`]),
    ...(scaleInStabilization === undefined
      ? []
      : [`stabilization: ${scaleInStabilization / 1000}s`]),
    ...(violations === undefined ? [] : [`violations: ${sayPercent(violations)}`]),
  ];
}

type Follower = Extract<Policy, { type: 'target-tracking' | 'step' }>;

function isFollower(policy: Policy): policy is Follower {
  return policy.type === 'target-tracking' || policy.type === 'step';
}

function selectorsOf(policy: Follower): readonly SignalSelector[] {
  if (policy.type === 'step') return [policy.selector];
  return [policy, ...(policy.others ?? [])].map(({ selector }) => selector);
}

/** A target above all that can be read is never reached. */
function highestRatio(followers: readonly Follower[]): number {
  const levels = followers.flatMap((policy) => {
    const tracked = policy.type === 'step' ? [] : [policy, ...(policy.others ?? [])];
    const shares = tracked.filter(({ selector }) => isShare(selector));
    const bounds = policy.type === 'step' && isShare(policy.selector) ? policy.steps : [];
    return [
      ...shares.map(({ target }) => target),
      ...bounds.flatMap(({ lower, upper }) => [lower ?? 0, upper ?? 0]),
    ];
  });
  return 1 / Math.max(...levels, Number.MIN_VALUE);
}

function turnPolicy(policy: Policy, { target = 1, window, violations }: KnobSettings): Policy {
  const reselect = (selector: SignalSelector): SignalSelector =>
    window === undefined
      ? selector
      : selectSignal(selector.signal, selector.statistic, window, selector);
  switch (policy.type) {
    case 'target-tracking':
      return {
        ...policy,
        selector: reselect(policy.selector),
        target: policy.target * target,
        ...(policy.others !== undefined && {
          others: policy.others.map((other) => ({
            selector: reselect(other.selector),
            target: other.target * target,
          })),
        }),
      };
    case 'step':
      return {
        ...policy,
        selector: reselect(policy.selector),
        steps: policy.steps.map(({ lower, upper, change }) => ({
          lower: lower === null ? null : lower * target,
          upper: upper === null ? null : upper * target,
          change,
        })),
      };
    case 'demand':
      return violations === undefined ? policy : { ...policy, violationRatio: violations };
    case 'forecast':
    case 'backlog':
    case 'fixed':
    case 'schedule':
      return policy;
  }
}

function withOwn(name: KnobName, values: readonly number[], own: number): Knob {
  return { name, values: [...new Set([...values, own])].toSorted((a, b) => a - b), own };
}

function isShare({ signal }: SignalSelector): boolean {
  return signal === 'cpu';
}
