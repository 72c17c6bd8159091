// The bodies that `/v1` answers with, for clients written in TypeScript. Times are milliseconds since
// 1970, ratios 0–1, names as in the controller's ports.

import type {
  ConfigStatus,
  GroupDetail,
  GroupStatus,
  Health,
  ToldDecision,
  ToldObstacles,
} from '../controller/ports/control.ts';
import type { ToldForecast } from '../controller/ports/forecast.ts';
import type { HistoryImported, HistoryMinute } from '../controller/ports/store.ts';
import type { Override } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';

export type { GroupDetail, GroupStatus, ToldDecision, ToldObstacles };

export interface GroupsAnswer {
  readonly groups: readonly GroupStatus[];
  /** Absent where no file stands behind the config. */
  readonly config?: ConfigStatus;
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
}

export interface ResumedAnswer {
  readonly group: string;
  /** Who ended the overrides. */
  readonly by: string;
}

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
