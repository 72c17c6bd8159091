// Makes the core's warm pool of one in a file.

import type { Policy } from '../core/policies/policy.ts';
import type { WarmPoolTerms } from '../core/warm-pool/warm-pool.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { Report } from './config-error.ts';
import type { WrittenSettings } from './file-schema.ts';
import type { Setting } from './layered-settings.ts';

/** Dollars a GB-month of gp3 On-Demand in us-east-1, and the hours that AWS reckons a month with. */
const gp3PerGbMonth = 0.08;
const hoursPerMonth = 730;

/** Null if something was reported, here or before. */
export function resolveWarmPool(
  { value, path }: Setting<NonNullable<WrittenSettings['warmPool']>>,
  policies: readonly Policy[],
  report: Report,
): WarmPoolTerms | null {
  const builtIn = builtInDefaults.warmPool;
  const { state = builtIn.state, min = builtIn.min, max, volumeGb = builtIn.volumeGb } = value;
  if (max === undefined) return null;
  if (min > max) {
    report({
      path: [...path, 'min'],
      found: `min ${min} above max ${max}`,
      allowed: 'min up to max',
    });
    return null;
  }
  if (!policies.some(({ type }) => type === 'demand')) {
    const allowed = 'a policy of type demand in the group, which says how many are worth it';
    report({ path, found: 'a warm pool without a demand policy', allowed });
    return null;
  }
  return { state, min, max, volumesPerHour: (volumeGb * gp3PerGbMonth) / hoursPerMonth };
}
