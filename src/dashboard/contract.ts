// The bodies of `/v1` that the page reads, and the events of `/v1/events`. Fields that only some
// groups or some controllers have are optional here, and the page does without them.

import type {
  AuditAnswer,
  DecisionsAnswer,
  ForecastAnswer,
  GroupAnswer as ToldGroup,
  GroupDetail,
  PreviewAnswer,
  SeriesAnswer,
  SeriesColumn,
  SessionAnswer,
  ToldDecision,
  ToldObstacles,
  VersionAnswer,
} from '../api/answers.ts';
import type { AuditEntry } from '../api/audit.ts';
import type { FleetHealth } from '../api/events/fleet-rows.ts';

export type {
  AuditAnswer,
  AuditEntry,
  DecisionsAnswer,
  ForecastAnswer,
  FleetHealth,
  PreviewAnswer,
  SeriesAnswer,
  SeriesColumn,
  SessionAnswer,
  ToldDecision,
  ToldObstacles,
  VersionAnswer,
};

export type Mode = GroupDetail['mode'];
export type Override = GroupDetail['overrides'][number];
export type Instance = GroupDetail['instances'][number] & { readonly lifecycle?: string };
export type Adjustment = ToldDecision['decision']['adjustments'][number];
export type Recommendation = ToldDecision['decision']['recommendations'][number];

/** Of a group that works off a queue. */
export type QueueStatus = NonNullable<ToldGroup['queue']>;

export interface GroupAnswer extends ToldGroup {
  readonly instances: readonly Instance[];
}

export interface ActedAnswer {
  readonly overridesVersion: string;
  readonly override?: Override;
  readonly mode?: Mode;
}

export interface FleetRow {
  readonly name: string;
  readonly desired: number | null;
  readonly inService: number;
  readonly pending: number;
  readonly min: number;
  readonly max: number;
  readonly mode: Mode;
  readonly health: FleetHealth;
  /** In instances. */
  readonly demand: number | null;
  readonly capacity: number;
  readonly says: string;
}

export type Cell = string | number | boolean | null;

export interface HelloEvent {
  readonly version: string;
  readonly startedAt: number;
  readonly now: number;
  /** The order within a row of `fleet`. */
  readonly fleetColumns: readonly string[];
}

/** A row may end before `says`, which is then what it was. */
export interface FleetEvent {
  readonly isWhole: boolean;
  readonly rows: readonly (readonly Cell[])[];
  readonly gone: readonly string[];
}

export interface GroupEvent {
  readonly name: string;
  readonly isWhole: boolean;
  readonly status: Readonly<Record<string, unknown>>;
  /** Rows of id, lifecycleState, zone, instanceType, isReporting, isWarmed, agentVersion. */
  readonly joined: readonly (readonly Cell[])[];
  readonly left: readonly string[];
  readonly signals: readonly string[];
  /** Rows of id, milliseconds since the newest sample, then one value a signal. */
  readonly readings: readonly (readonly Cell[])[];
}
