// Makes the core's limits of those in a file, and the calendar's freezes.

import type { Budget, Group, Rate } from '../core/group.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { Report } from './config-error.ts';
import type { WrittenFreeze, WrittenSettings } from './file-schema.ts';
import { findSetting, type Layer, type Setting } from './layered-settings.ts';
import { requireShare } from './quantity.ts';
import type { FreezeConfig } from './read-calendar.ts';
import { resolveTimeSpan, resolveTimeZone } from './resolve-time-span.ts';
import { parsePercent, requireDuration } from './units.ts';

export type Limits = Pick<
  Group,
  'rate' | 'budget' | 'minHealthyRatio' | 'coexistence' | 'drainWithinMs'
>;

/** Leaves out what was reported, here or before. */
export function resolveLimits(layers: readonly Layer[], report: Report): Limits {
  const rate = resolveRates(findSetting(layers, 'rate'), report);
  const budget = resolveBudget(findSetting(layers, 'budget'), report);
  const minHealthy = findSetting(layers, 'minHealthy');
  const coexistence = findSetting(layers, 'coexistence');
  const builtIn = builtInDefaults.group.coexistence;
  const busy = findSetting(layers, 'busy')?.value;
  const drains = (busy?.reaction ?? builtInDefaults.group.busy.reaction) === 'drain';
  const within = busy?.within ?? builtInDefaults.group.busy.within;
  return {
    ...(rate !== null && { rate }),
    ...(budget !== null && { budget }),
    ...(minHealthy !== null && { minHealthyRatio: requireShare(minHealthy.value) }),
    ...(drains && { drainWithinMs: requireDuration(within) }),
    ...(coexistence !== null && {
      coexistence: {
        reaction: coexistence.value.reaction ?? builtIn.reaction,
        settleMs: requireDuration(coexistence.value.settle ?? builtIn.settle),
      },
    }),
  };
}

/** Leaves out what was reported, here or before. */
export function resolveFreezes(
  { value, path }: Setting<readonly WrittenFreeze[]>,
  report: Report,
): readonly FreezeConfig[] {
  return value.flatMap((written, index) => {
    const at = [...path, index];
    const timeZone = resolveTimeZone(written, at, report);
    if (timeZone === null || written.name === undefined) return [];
    const span = resolveTimeSpan(written, { path: at, report, timeZone });
    const { name, direction = 'both' } = written;
    return span === null ? [] : [{ span, name, direction }];
  });
}

function resolveRates(
  setting: Setting<NonNullable<WrittenSettings['rate']>> | null,
  report: Report,
): NonNullable<Group['rate']> | null {
  if (setting === null) return null;
  const { value, path } = setting;
  const read = (key: 'scaleOut' | 'scaleIn'): Rate | null => {
    const written = value[key];
    if (written === undefined) return null;
    if (!Object.hasOwn(written, 'instances') && !Object.hasOwn(written, 'percent')) {
      const found = 'a rate without instances and percent';
      report({ path: [...path, key], found, allowed: 'instances, percent or both' });
    }
    if (written.period === undefined) return null;
    const ratio = written.percent === undefined ? null : parsePercent(written.percent);
    const periodMs = requireDuration(written.period);
    return { instances: written.instances ?? null, ratio, periodMs };
  };
  const scaleOut = read('scaleOut');
  const scaleIn = read('scaleIn');
  return { ...(scaleOut !== null && { scaleOut }), ...(scaleIn !== null && { scaleIn }) };
}

function resolveBudget(
  setting: Setting<NonNullable<WrittenSettings['budget']>> | null,
  report: Report,
): Budget | null {
  if (setting === null) return null;
  const { value, path } = setting;
  if (!Object.hasOwn(value, 'perHour') && !Object.hasOwn(value, 'perMonth')) {
    const allowed = 'perHour, perMonth or both';
    report({ path, found: 'a budget without an amount', allowed });
    return null;
  }
  return { perHour: value.perHour ?? null, perMonth: value.perMonth ?? null };
}
