// All that `decide` is told at one moment. Aggregates only: the journal keeps every observation, and
// no observation grows with the number of instances.

import type { Capacity } from './capacity.ts';
import type { SignalReadings } from './signal.ts';
import type { EpochMs } from './time.ts';

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
      readonly kind: 'pause';
      readonly until: EpochMs | null;
      readonly by: string;
      readonly why: string;
    };

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
}
