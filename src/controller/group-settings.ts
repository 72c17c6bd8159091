// All that the controller needs to know of a group from the config: the core's part and the rest.

import type { Freeze, ScheduleReading } from '../core/calendar.ts';
import type { Expression } from '../core/expression.ts';
import type { Group } from '../core/group.ts';
import type { EpochMs } from '../core/time.ts';
import type { ForecastTerms } from './group-forecaster.ts';
import type { TargetAddress } from './ports/scaling-target.ts';
import type { SignalSource } from './ports/signal-source.ts';

export interface GroupSettings {
  readonly group: Group;
  readonly target: TargetAddress;
  /** Passed on to AWS, which then refuses while its own cooldown runs. */
  readonly honorCooldown: boolean;
  /** A signal or an instance not heard of for this long is stale, or three of its own intervals. */
  readonly staleAfterMs: number;
  /** Whether an inherited load topic is mapped to this group. */
  readonly hasLoadTopic: boolean;
  /** Signals of the group that are not measured on its instances. Absent: none. */
  readonly sources?: readonly GroupSource[];
  /** Dollars for every instance; null or absent takes the table's, by type. */
  readonly pricePerInstanceHour?: number | null;
  /** Signals whose 10 s means are kept. */
  readonly historySignals: readonly string[];
  /** All the work that is offered, for the history. Absent: nothing says. */
  readonly demand?: { readonly text: string; readonly expression: Expression };
  /** What the group's demand is made of. Absent: it is not forecast. */
  readonly forecast?: ForecastTerms;
  /**
   * What is planned for a time: made from the config's cron rules and dates, which stay outside.
   * Absent: nothing is known of schedules, and a schedule policy lets nothing be removed.
   */
  readonly readCalendar?: (now: EpochMs) => CalendarReading;
}

export interface CalendarReading {
  /** By name of the schedule policy. */
  readonly schedules: Readonly<Record<string, ScheduleReading>>;
  /** Those in force. */
  readonly freezes: readonly Freeze[];
  /** Until then (exclusive) the reading stays as it is. */
  readonly validUntil: EpochMs;
}

/** A signal from elsewhere: how often it is read, and how what is read is taken. */
export interface GroupSource {
  /** Different from every other of the group; an instance's signal of that name is not used. */
  readonly name: string;
  readonly source: SignalSource;
  /** ≥ 1000. */
  readonly everyMs: number;
  /** A reading older than this is none. */
  readonly staleAfterMs: number;
  /** What is read is multiplied with it. > 0. */
  readonly scale: number;
  /** Whether an answer without a number is a true 0. */
  readonly isNothingZero: boolean;
}
