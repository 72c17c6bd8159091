// All that `decide` is told at one moment. Aggregates only: the journal keeps every observation, and
// no observation grows with the number of instances.

import type { Freeze, ScheduleReading } from './calendar.ts';
import type { Capacity } from './capacity.ts';
import type { DemandReading } from './demand/demand-reading.ts';
import type { ForeignChange } from './foreign-change.ts';
import type { ForecastReading } from './policies/forecast.ts';
import type { NativeReading } from './queue/native-reading.ts';
import type { QueueReading } from './queue/queue-reading.ts';
import type { SignalReadings } from './signal.ts';
import type { EpochMs } from './time.ts';
import type { WarmPoolReading } from './warm-pool/warm-pool.ts';

/** How the instances in service stand with their reports. Counts, whole and ≥ 0. */
export interface FleetReading {
  /** In service for at least the warm-up. */
  readonly warmed: number;
  /** In service, but not for that long. */
  readonly warming: number;
  /**
   * Those that should be heard from: the warmed instances; for a group fed by load topics, the
   * streams known there.
   */
  readonly expected: number;
  /** Of those expected, the ones heard from recently. */
  readonly reporting: number;
  /** In service, reported before, and not heard from since. */
  readonly silent: number;
}

/**
 * Whether reports can arrive at all. `broker-down`: the controller has no connection, so silence
 * says nothing about the instances.
 */
export type Telemetry = 'connected' | 'broker-down';

/** What a person has asked for; it ends by itself at `until`, if that is given. */
export type Override =
  | {
      readonly kind: 'set';
      readonly desired: number;
      readonly until: EpochMs | null;
      readonly by: string;
      readonly why: string;
    }
  | {
      /** At least so many, whatever the policies recommend. */
      readonly kind: 'hold';
      readonly atLeast: number;
      readonly until: EpochMs | null;
      readonly by: string;
      readonly why: string;
    }
  | {
      readonly kind: 'pause';
      readonly until: EpochMs | null;
      readonly by: string;
      readonly why: string;
    };

/** What the group costs, in dollars. */
export interface Spending {
  /** Of one more instance. > 0. */
  readonly pricePerInstanceHour: number;
  /** Spent since `monthStartedAt`. */
  readonly monthToDate: number;
  readonly monthStartedAt: EpochMs;
  readonly monthEndsAt: EpochMs;
}

/** Launches that failed one after another; one that succeeds ends the row. */
export interface LaunchFailures {
  /** ≥ 1. */
  readonly inARow: number;
  readonly lastAt: EpochMs;
  /** In the words of AWS, in one line. */
  readonly cause: string;
}

/** Of the instances that a scale-in may name, so many at most are told. */
export const candidatesMax = 64;

/** Instances that a scale-in may name. */
export interface ScaleInCandidates {
  /** Those being launched, the newest first. At most `candidatesMax` of them. */
  readonly pending: readonly string[];
  /**
   * Those in service that say they have no work in hand, the longest in service first: at most
   * `candidatesMax`. Absent where no instance tells of its work: then AWS chooses.
   */
  readonly idle?: readonly string[];
  /**
   * Those in service that say they have work in hand and hear commands, the least work first: at most
   * `candidatesMax`.
   */
  readonly busy?: readonly string[];
  /** How many more have work in hand and were never heard to hear commands. Absent for none. */
  readonly deaf?: number;
  /** Those that were told to drain and are in service still. */
  readonly draining?: readonly DrainingInstance[];
}

export interface DrainingInstance {
  readonly instance: string;
  /** Whether it says that it drains. */
  readonly isDraining: boolean;
  /** Messages in hand, as told since it drains; null where it has not told. */
  readonly inHand: number | null;
}

/** A signal that a policy names and nobody has reported. */
export interface UnseenSignal {
  readonly signal: string;
  /** Some of those that are reported, the nearest by name first. */
  readonly seen: readonly string[];
}

/** What is absent below was not looked at: it limits nothing, but for a schedule without windows. */
export interface Observation {
  /** Null until the group has been described once. */
  readonly capacity: Capacity | null;
  readonly fleet: FleetReading;
  readonly signals: SignalReadings;
  readonly telemetry: Telemetry;
  /** Overrides in force. At most one of each kind. */
  readonly overrides: readonly Override[];
  /** Whether what is decided can be recorded. Without it nothing is removed. */
  readonly isJournalWritable: boolean;
  /** Null if this controller holds the group; else the name of the one that does. */
  readonly heldBy: string | null;
  /** The windows of the group's schedule policies, by name. */
  readonly schedules?: Readonly<Record<string, ScheduleReading>>;
  /** What has been learned of the demand; for groups with a demand policy. */
  readonly demand?: DemandReading;
  /** Of the group's forecast policies, by name. */
  readonly forecasts?: Readonly<Record<string, ForecastReading>>;
  /** What is known of its queue; for groups with a backlog policy. */
  readonly queue?: QueueReading;
  /** Of the AWS policy that is in charge; for groups where one is. */
  readonly native?: NativeReading;
  /** Those in force. */
  readonly freezes?: readonly Freeze[];
  readonly spending?: Spending;
  /** In service, and failing their health checks. A count, ≥ 0. */
  readonly unhealthy?: number;
  /** The newest change of each bound and of the size that was not ours. */
  readonly foreignChanges?: readonly ForeignChange[];
  readonly launchFailures?: LaunchFailures;
  readonly candidates?: ScaleInCandidates;
  readonly unseenSignals?: readonly UnseenSignal[];
  /** For groups that are to have one; absent until it has been described. */
  readonly warmPool?: WarmPoolReading;
}
