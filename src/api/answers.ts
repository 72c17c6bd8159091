// The bodies that `/v1` answers with, for clients written in TypeScript. Times are milliseconds since
// 1970, ratios 0–1, names as in the controller's ports.

import type { Role } from './access/person.ts';
import type { AuditEntry } from './audit.ts';
import type {
  ConfigStatus,
  GroupDetail,
  GroupStatus,
  Health,
  ToldDecision,
  ToldObstacles,
  ToldSizeObstacles,
} from '../controller/ports/control.ts';
import type { ToldForecast } from '../controller/ports/forecast.ts';
import type { HistoryImported, HistoryMinute } from '../controller/ports/store.ts';
import type { Mode } from '../core/group.ts';
import type { Override } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';

export type { GroupDetail, GroupStatus, ToldDecision, ToldObstacles, ToldSizeObstacles };

export interface GroupsAnswer {
  readonly groups: readonly GroupStatus[];
  /** Absent where no file stands behind the config. */
  readonly config?: ConfigStatus;
}

export interface GroupAnswer extends GroupDetail {
  /** Of what people have asked of the group, for `if-match`. */
  readonly overridesVersion: string;
}

export interface DecisionsAnswer {
  readonly group: string;
  /** Newest first. */
  readonly decisions: readonly ToldDecision[];
}

export interface SignalAnswer {
  readonly group: string;
  readonly signal: string;
  /** Oldest first; minutes without any reading are left out. */
  readonly minutes: readonly HistoryMinute[];
}

export type ForecastAnswer = ToldForecast;

export interface HistoryImportAnswer extends HistoryImported {
  readonly group: string;
  /** The series that the minutes are of: the group's demand, in whole. */
  readonly signal: string;
}

export interface OverrideAnswer {
  readonly group: string;
  /** What is in force now. */
  readonly override: Override;
  /** Of all that is in force on the group now, for `if-match`. */
  readonly overridesVersion: string;
}

export interface ResumedAnswer {
  readonly group: string;
  /** Who ended the overrides. */
  readonly by: string;
  readonly overridesVersion: string;
}

export interface ModeAnswer {
  readonly group: string;
  readonly mode: Mode;
  readonly by: string;
  readonly why: string;
  /** How long the mode holds. */
  readonly lasts: string;
  readonly overridesVersion: string;
}

export interface PreviewAnswer {
  readonly group: string;
  /** What would happen, in a sentence. */
  readonly says: string;
  /** Null if it would be done; else why not. */
  readonly refusal: string | null;
}

export interface SessionAnswer {
  /** Null: nobody is logged in. */
  readonly name: string | null;
  /** Null: nothing may be read without a token. */
  readonly role: Role | null;
  /** By the wall clock. */
  readonly expiresAt: number | null;
}

export interface AuditAnswer {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
}

/** One column a series, one place a step of `stepMs` from `start`; null where nothing is known. */
export interface SeriesAnswer {
  readonly group: string;
  readonly start: EpochMs;
  readonly stepMs: number;
  readonly desired: SeriesColumn;
  readonly desiredMin: SeriesColumn;
  readonly desiredMax: SeriesColumn;
  readonly inService: SeriesColumn;
  readonly inServiceMin: SeriesColumn;
  readonly inServiceMax: SeriesColumn;
  readonly demand: SeriesColumn;
  readonly demandMin: SeriesColumn;
  readonly demandMax: SeriesColumn;
}

export type SeriesColumn = readonly (number | null)[];

export interface VersionAnswer {
  readonly version: string;
  readonly startedAt: EpochMs;
  /** The controller's present, which is not the wall's where its clock runs faster. */
  readonly now: EpochMs;
}

export interface HealthAnswer {
  readonly status: 'ok' | 'failing';
  readonly problems: Health['problems'];
}
