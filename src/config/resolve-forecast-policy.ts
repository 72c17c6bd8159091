// Makes the core's forecast policy of one in a file.

import type { ForecastPolicy } from '../core/policies/policy.ts';
import { selectSignal } from '../core/signal.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { showValue } from './config-error.ts';
import type { WrittenPolicy } from './file-schema.ts';
import { readPart, type PolicyPlace } from './policy-part.ts';
import { requireDuration } from './units.ts';

type Written = Extract<WrittenPolicy, { type?: 'forecast' | undefined }>;

/** Null if something was reported, here or before. */
export function resolveForecastPolicy(written: Written, place: PolicyPlace): ForecastPolicy | null {
  const builtIn = builtInDefaults.policy;
  const { path, report } = place;
  const maxBreach = written.maxBreach ?? builtIn.maxBreach;
  if (written.buffer !== undefined && maxBreach !== 'increase-max') {
    report({
      path: [...path, 'buffer'],
      isAboutKey: true,
      found: `buffer with ${maxBreach}`,
      allowed: 'buffer with maxBreach: increase-max',
    });
  }
  // Of what the demand is made is said elsewhere: the target takes any unit.
  const demand = { selector: selectSignal('demand', 'sum', 1000), unit: 'any' } as const;
  const target = readPart(written.target, 'target', demand, place);
  if (target === null) return null;
  if (!(target > 0)) {
    const found = showValue(written.target, path);
    report({ path: [...path, 'target'], found, allowed: 'a value above 0' });
    return null;
  }
  return {
    type: 'forecast',
    name: written.name ?? 'forecast',
    mode: written.mode ?? builtIn.forecastMode,
    target,
    leadMs: requireDuration(written.lead ?? builtIn.forecastLead),
    maxBreach:
      maxBreach === 'honor-max'
        ? { kind: 'honor-max' }
        : { kind: 'increase-max', bufferRatio: (written.buffer ?? builtIn.buffer) / 100 },
  };
}
