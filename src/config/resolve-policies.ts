// Makes the core's policies of those in a file: units by signal, defaults, names, and `threshold`
// spelled out as the two steps that it is.

import type { Policy, StepPolicy, TargetTrackingPolicy } from '../core/policies/policy.ts';
import { selectSignal } from '../core/signal.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { quote, showValue, type Path } from './config-error.ts';
import type { WrittenPolicy } from './file-schema.ts';
import { readPart, type PolicyPlace, type PolicySignal } from './policy-part.ts';
import { requireShare, unitOf } from './quantity.ts';
import { resolveSteps } from './resolve-steps.ts';
import { requireDuration } from './units.ts';

type Written<T extends WrittenPolicy['type']> = Extract<WrittenPolicy, { type?: T | undefined }>;

/** Leaves out what was reported, here or before. */
export function resolvePolicies(
  written: readonly WrittenPolicy[],
  place: PolicyPlace,
): readonly Policy[] {
  const placed = written.map((policy, index) => ({ policy, path: [...place.path, index] }));
  const named = new Map<string, Path>();
  return placed.flatMap(({ policy, path }) => {
    const resolved = resolvePolicy(policy, { path, report: place.report });
    if (resolved === null) return [];
    if (named.has(resolved.name)) {
      place.report({
        path: Object.hasOwn(policy, 'name') ? [...path, 'name'] : path,
        found: `a second policy called ${quote(resolved.name)}`,
        allowed: 'a different name for each policy of a group (name)',
      });
    }
    named.set(resolved.name, path);
    return [resolved];
  });
}

function resolvePolicy(written: WrittenPolicy, place: PolicyPlace): Policy | null {
  const signal = resolveSignal(written);
  if (signal === null) return null;
  switch (written.type) {
    case 'target-tracking':
      return resolveTargetTracking(written, signal, place);
    case 'step':
      return resolveStepPolicy(written, signal, place);
    case 'threshold':
      return resolveThreshold(written, signal, place);
    case undefined:
      return null;
  }
}

/** Null if it is not known what is looked at, so that no number about it can be read. */
function resolveSignal(written: WrittenPolicy): PolicySignal | null {
  const { signal } = written;
  if (signal === undefined) return null;
  const statistic = written.statistic ?? builtInDefaults.policy.statistic;
  const windowMs = requireDuration(written.window ?? builtInDefaults.policy.window);
  return {
    selector: selectSignal(signal, statistic, windowMs),
    unit: unitOf(signal, statistic),
  };
}

function nameOf(written: WrittenPolicy): string {
  return written.name ?? `${written.type ?? ''}(${written.signal ?? ''})`;
}

function resolveTargetTracking(
  written: Written<'target-tracking'>,
  { selector }: PolicySignal,
  place: PolicyPlace,
): TargetTrackingPolicy | null {
  // A target is for one instance, so that a share is at most 1 even where the sum is looked at.
  const unit = unitOf(selector.signal, 'mean');
  const target = readPart(written.target, 'target', { selector, unit }, place);
  if (target === null) return null;
  if (target === 0) {
    const found = showValue(written.target, place.path);
    place.report({ path: [...place.path, 'target'], found, allowed: 'a value above 0' });
    return null;
  }
  const tolerance = resolveTolerance(written.tolerance);
  return { type: 'target-tracking', name: nameOf(written), selector, target, tolerance };
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

function resolveStepPolicy(
  written: Written<'step'>,
  signal: PolicySignal,
  place: PolicyPlace,
): StepPolicy | null {
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
    name: nameOf(written),
    selector: signal.selector,
    adjustment,
    steps,
    minAdjustment: written.minAdjustment ?? builtInDefaults.policy.minAdjustment,
  };
}

function resolveThreshold(
  written: Written<'threshold'>,
  signal: PolicySignal,
  place: PolicyPlace,
): StepPolicy | null {
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
    name: nameOf(written),
    selector: signal.selector,
    adjustment: 'change-in-capacity',
    steps: [
      { lower: null, upper: below, change: -change },
      { lower: above, upper: null, change },
    ],
    minAdjustment: builtInDefaults.policy.minAdjustment,
  };
}
