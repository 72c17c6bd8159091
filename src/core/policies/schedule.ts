// Schedule: bounds on the size during dated windows. Between them it has no opinion.

import { findActiveWindow } from '../calendar.ts';
import type { EpochMs } from '../time.ts';
import { abstainBlindly, type Opinion, type PolicyContext } from './opinion.ts';
import type { SchedulePolicy } from './policy.ts';

/**
 * At least, at most or exactly the size of the window that holds now. Between windows it abstains
 * and blocks nothing; it abstains and blocks scale-in if its windows are not known.
 */
export function followSchedule(policy: SchedulePolicy, context: PolicyContext): Opinion {
  const { name } = policy;
  const { schedules } = context;
  const isKnown = schedules !== undefined && Object.hasOwn(schedules, name);
  const reading = isKnown ? schedules[name] : undefined;
  if (reading === undefined) return abstainBlindly(name, { code: 'schedule-unknown' });
  const window = findActiveWindow(reading, context.now);
  if (window === null) {
    const next = findNextStart(reading.next?.from, context.now);
    const reason = { code: 'schedule-inactive', next } as const;
    const recommendation = {
      kind: 'abstain',
      policy: name,
      blocksScaleIn: false,
      reason,
    } as const;
    return { recommendation, wakes: [] };
  }
  const { kind, size, until } = window;
  const reason = { code: 'schedule', kind, size, until } as const;
  const recommendation = {
    kind: 'bounds',
    policy: name,
    atLeast: kind === 'max' ? null : size,
    atMost: kind === 'min' ? null : size,
    reason,
  } as const;
  return { recommendation, wakes: [] };
}

function findNextStart(from: EpochMs | undefined, now: EpochMs): EpochMs | null {
  return from === undefined || from <= now ? null : from;
}
