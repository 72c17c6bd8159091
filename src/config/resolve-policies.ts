// Makes the core's policies of those in a file: units by signal, defaults, names, and `threshold`
// spelled out as the two steps that it is.

import { findNativeInCharge } from '../core/policies/backlog/setter.ts';
import type {
  Policy,
  StepPolicy,
  TargetTrackingPolicy,
  TrackedSignal,
} from '../core/policies/policy.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { quote, showValue } from './config-error.ts';
import type { SourceConfig } from './config.ts';
import type { WrittenPolicy } from './file-schema.ts';
import { readPart, type PolicyPlace } from './policy-part.ts';
import { signalAllowed } from './policy-schema.ts';
import { requireShare, unitOf } from './quantity.ts';
import type { ScheduleConfig } from './read-calendar.ts';
import { resolveForecastPolicy } from './resolve-forecast-policy.ts';
import { resolveBacklog } from './resolve-backlog.ts';
import { resolveDemand } from './resolve-demand.ts';
import { resolveSchedule } from './resolve-schedule.ts';
import { resolveSignal, type WrittenSignal } from './resolve-signal.ts';
import { resolveSteps } from './resolve-steps.ts';

type Written<T extends WrittenPolicy['type']> = Extract<WrittenPolicy, { type?: T | undefined }>;

export interface ResolvedPolicies {
  readonly policies: readonly Policy[];
  /** The windows of those that are schedules. */
  readonly schedules: readonly ScheduleConfig[];
  /** What they need to be read from elsewhere, beside the group's own. */
  readonly sources: readonly SourceConfig[];
}

interface Resolved {
  readonly policy: Policy;
  readonly schedule?: ScheduleConfig;
  readonly sources?: readonly SourceConfig[];
}

/** Leaves out what was reported, here or before. */
export function resolvePolicies(
  written: readonly WrittenPolicy[],
  place: PolicyPlace,
): ResolvedPolicies {
  const named = new Set<string>();
  const backlogs: Resolved[] = [];
  const resolved = written.flatMap((policy, index) => {
    const path = [...place.path, index];
    const one = resolvePolicy(policy, { ...place, path });
    if (one === null) return [];
    const { name } = one.policy;
    if (named.has(name)) {
      place.report({
        path: Object.hasOwn(policy, 'name') ? [...path, 'name'] : path,
        found: `a second policy called ${quote(name)}`,
        allowed: 'a different name for each policy of a group (name)',
      });
    }
    named.add(name);
    if (one.policy.type === 'backlog' && backlogs.push(one) > 1) {
      const allowed = 'one for a group; several queues in its queues';
      place.report({ path, found: 'a second backlog policy', allowed });
    }
    if (findNativeInCharge([one.policy]) !== null && written.length > 1) {
      const found = 'a setter beside other policies';
      const allowed = 'a setter alone, since AWS is in charge of the size; or another mode';
      place.report({ path, found, allowed });
    }
    return [one];
  });
  const schedules = resolved.flatMap(({ schedule }) => schedule ?? []);
  const sources = resolved.flatMap(({ sources: needed }) => needed ?? []);
  return { policies: resolved.map(({ policy }) => policy), schedules, sources };
}

function resolvePolicy(written: WrittenPolicy, place: PolicyPlace): Resolved | null {
  const base = resolveBase(written, place);
  const resolved = resolveKind(written, place);
  return resolved === null ? null : { ...resolved, policy: { ...resolved.policy, ...base } };
}

function resolveKind(written: WrittenPolicy, place: PolicyPlace): Resolved | null {
  switch (written.type) {
    case 'demand':
      return wrap(resolveDemand(written, place));
    case 'target-tracking':
      return wrap(resolveTargetTracking(written, place));
    case 'step':
      return wrap(resolveStepPolicy(written, place));
    case 'threshold':
      return wrap(resolveThreshold(written, place));
    case 'fixed': {
      const { size } = written;
      if (size === undefined) return null;
      return { policy: { type: 'fixed', name: written.name ?? `fixed(${size})`, size } };
    }
    case 'forecast':
      return wrap(resolveForecastPolicy(written, place));
    case 'backlog':
      return resolveBacklog(written, place);
    case 'schedule':
      return resolveSchedule(written, place);
    case undefined:
      return null;
  }
}

function wrap(policy: Policy | null): Resolved | null {
  return policy === null ? null : { policy };
}

/** What every policy may have. */
function resolveBase(
  { scaleOut, scaleIn, veto }: Pick<WrittenPolicy, 'scaleOut' | 'scaleIn' | 'veto'>,
  { path, report }: PolicyPlace,
): Pick<Policy, 'forbids' | 'veto'> {
  if (scaleOut === 'forbid' && scaleIn === 'forbid') {
    const found = 'a policy that may neither add nor remove';
    report({ path, found, allowed: 'scaleOut or scaleIn: allow' });
  }
  const forbidden = scaleOut === 'forbid' ? 'scale-out' : scaleIn === 'forbid' ? 'scale-in' : null;
  return {
    ...(forbidden !== null && { forbids: forbidden }),
    ...(veto !== undefined && { veto }),
  };
}

type WrittenMeasuring = Written<'target-tracking' | 'step' | 'threshold'>;

function nameOf(written: WrittenMeasuring, signal: string): string {
  return written.name ?? `${written.type ?? ''}(${signal})`;
}

function resolveTargetTracking(
  written: Written<'target-tracking'>,
  place: PolicyPlace,
): TargetTrackingPolicy | null {
  const tracked = resolveTrackedSignals(written, place);
  const [first, ...others] = tracked ?? [];
  if (first === undefined) return null;
  const name = nameOf(
    written,
    [first, ...others].map(({ selector }) => selector.signal).join(', '),
  );
  const tolerance = resolveTolerance(written.tolerance);
  const also = others.length > 0 && { others };
  return { type: 'target-tracking', name, ...first, ...also, tolerance };
}

/** In the file's order; null if something was reported, here or before. */
function resolveTrackedSignals(
  written: Written<'target-tracking'>,
  place: PolicyPlace,
): readonly TrackedSignal[] | null {
  const { signals } = written;
  const { path, report } = place;
  if (!Object.hasOwn(written, 'signals')) {
    for (const [key, allowed] of [
      ['signal', signalAllowed],
      ['target', 'a number, or one with its unit, such as 60%, 512MiB or 200ms'],
    ] as const) {
      if (!Object.hasOwn(written, key)) report({ path: [...path, key], found: 'nothing', allowed });
    }
    const one = resolveTracked(written, place);
    return one === null ? null : [one];
  }
  const stray = ['signal', 'target', 'statistic', 'window', 'read', 'smoothing'].find((key) =>
    Object.hasOwn(written, key),
  );
  if (stray !== undefined) {
    const found = `${stray} beside signals`;
    report({ path: [...path, stray], isAboutKey: true, found, allowed: `${stray} within signals` });
  }
  const tracked = (signals ?? []).flatMap((one, index) => {
    return resolveTracked(one, { ...place, path: [...path, 'signals', index] }) ?? [];
  });
  return tracked.length === signals?.length ? tracked : null;
}

function resolveTracked(
  written: WrittenSignal & Pick<Written<'target-tracking'>, 'target'>,
  place: PolicyPlace,
): TrackedSignal | null {
  const signal = resolveSignal(written, place);
  if (signal === null) return null;
  const { selector } = signal;
  // A target is for one instance, so that a share is at most 1 even where the sum is looked at.
  const unit = signal.unit === 'any' ? 'any' : unitOf(selector.signal, 'mean');
  const target = readPart(written.target, 'target', { selector, unit }, place);
  if (target === null) return null;
  if (target === 0) {
    const found = showValue(written.target, place.path);
    place.report({ path: [...place.path, 'target'], found, allowed: 'a value above 0' });
    return null;
  }
  return { selector, target };
}

function resolveTolerance(
  written: Written<'target-tracking'>['tolerance'],
): TargetTrackingPolicy['tolerance'] {
  const builtIn = builtInDefaults.policy.tolerance;
  const isBoth = typeof written === 'object';
  const scaleOut = (isBoth ? written.scaleOut : written) ?? builtIn.scaleOut;
  const scaleIn = (isBoth ? written.scaleIn : written) ?? builtIn.scaleIn;
  return { scaleOutRatio: requireShare(scaleOut), scaleInRatio: requireShare(scaleIn) };
}

function resolveStepPolicy(written: Written<'step'>, place: PolicyPlace): StepPolicy | null {
  const signal = resolveSignal(written, place);
  if (signal === null) return null;
  const adjustment = written.adjustment ?? builtInDefaults.policy.adjustment;
  if (written.minAdjustment !== undefined && adjustment !== 'percent-change-in-capacity') {
    place.report({
      path: [...place.path, 'minAdjustment'],
      isAboutKey: true,
      found: `minAdjustment with ${adjustment}`,
      allowed: 'minAdjustment with adjustment: percent-change-in-capacity',
    });
  }
  const isAdjustmentUnknown = Object.hasOwn(written, 'adjustment') && !written.adjustment;
  if (written.steps === undefined || isAdjustmentUnknown) return null;
  const steps = resolveSteps(written.steps, adjustment, signal, {
    ...place,
    path: [...place.path, 'steps'],
  });
  return {
    type: 'step',
    name: nameOf(written, signal.selector.signal),
    selector: signal.selector,
    adjustment,
    steps,
    minAdjustment: written.minAdjustment ?? builtInDefaults.policy.minAdjustment,
  };
}

function resolveThreshold(written: Written<'threshold'>, place: PolicyPlace): StepPolicy | null {
  const signal = resolveSignal(written, place);
  if (signal === null) return null;
  const above = readPart(written.scaleOutAbove, 'scaleOutAbove', signal, place);
  const below = readPart(written.scaleInBelow, 'scaleInBelow', signal, place);
  if (above === null || below === null) return null;
  if (below >= above) {
    place.report({
      path: [...place.path, 'scaleInBelow'],
      found: `${showValue(written.scaleInBelow, [])} with scaleOutAbove ${showValue(written.scaleOutAbove, [])}`,
      allowed: 'a value below scaleOutAbove',
    });
    return null;
  }
  const change = written.change ?? builtInDefaults.policy.change;
  return {
    type: 'step',
    name: nameOf(written, signal.selector.signal),
    selector: signal.selector,
    adjustment: 'change-in-capacity',
    steps: [
      { lower: null, upper: below, change: -change },
      { lower: above, upper: null, change },
    ],
    minAdjustment: builtInDefaults.policy.minAdjustment,
  };
}
