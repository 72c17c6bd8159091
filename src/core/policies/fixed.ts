// Fixed: one size. Beside other policies a floor under them, for the largest recommendation wins.

import type { Opinion } from './opinion.ts';
import type { FixedPolicy } from './policy.ts';

/** Recommends the policy's size; never abstains. */
export function keepFixed(policy: FixedPolicy): Opinion {
  const { name, size } = policy;
  const reason = { code: 'fixed', size } as const;
  return { recommendation: { kind: 'desired', policy: name, desired: size, reason }, wakes: [] };
}
