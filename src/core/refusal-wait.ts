// How long a refused act waits before it is tried again, at most.

import type { RefusalCode } from './actuation.ts';

/** The longest wait between two tries. AWS's own cooldown is asked after more often. */
export const refusalWaitMaxMs: Readonly<Record<RefusalCode, number>> = {
  'in-progress': 10_000,
  throttled: 60_000,
  'out-of-bounds': 60_000,
  denied: 60_000,
  failed: 30_000,
};
