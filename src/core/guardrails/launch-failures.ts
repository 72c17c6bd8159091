// Launch failures: while AWS cannot launch what was asked for already, asking for more is pointless.
// After each failure in a row it waits twice as long before it asks for more again.

import type { LaunchFailures } from '../observation.ts';
import type { EpochMs } from '../time.ts';
import { stay, type Guardrail } from './guardrail.ts';

export const launchWaitMs = 30_000;
export const launchWaitMaxMs = 600_000;

export const launchFailures: Guardrail = {
  name: 'launch-failures',
  lets: 'people',
  correct(context, size) {
    const { observation, current, now } = context;
    const failures = observation.launchFailures;
    if (failures === undefined || size <= current) return null;
    const until = findWaitEnd(failures);
    if (now >= until) return null;
    const { inARow, cause } = failures;
    return stay(context, { code: 'launch-failures', inARow, cause, until });
  },
};

/** 30 s after the first failure, 60 s after the second, up to 10 min. */
export function findWaitEnd({ inARow, lastAt }: LaunchFailures): EpochMs {
  const doublings = Math.min(Math.max(0, inARow - 1), 10);
  return lastAt + Math.min(launchWaitMaxMs, launchWaitMs * (1 << doublings));
}
