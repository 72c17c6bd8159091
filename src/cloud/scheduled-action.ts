// What a scheduled action is; when it acts next and what it does then is in run-scheduled-action.ts.

import type { EpochMs } from './time.ts';

export interface ScheduledAction {
  readonly name: string;
  readonly arn: string;
  /** The first (or only) time. */
  readonly startAt: EpochMs | undefined;
  /** No recurrence happens after it. */
  readonly endAt: EpochMs | undefined;
  /** Five fields of cron. */
  readonly recurrence: string | undefined;
  /** Whose clocks the recurrence goes by; `undefined`: UTC. */
  readonly timeZone: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly desired: number | undefined;
  nextAt: EpochMs | undefined;
}
