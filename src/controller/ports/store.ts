// What outlives the process: the journal of all that the core was given, demand history, overrides
// and who holds a group. Two adapters are in view, an embedded one and a shared server, so every
// call may take time; none rejects: a store that is full or corrupt is an outcome.

import type { Actuation, Decision } from '../../core/decision.ts';
import type { Group, Mode } from '../../core/group.ts';
import type { Observation, Override } from '../../core/observation.ts';
import type { GroupState } from '../../core/state.ts';
import type { EpochMs } from '../../core/time.ts';
import type { TargetAddress } from './scaling-target.ts';

export type StoreOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** One entry of the journal: what the core was given, in order, and what it answered. */
export type JournalEntry = {
  readonly group: string;
  readonly at: EpochMs;
  /**
   * The id of the controller that wrote it: while one takes a group over from another, both write.
   * Absent in journals of before.
   */
  readonly controller?: string;
} & (
  | { readonly kind: 'config'; readonly config: Group }
  | { readonly kind: 'tick'; readonly observation: Observation; readonly decision: Decision }
  | { readonly kind: 'actuation'; readonly decisionAt: EpochMs; readonly actuation: Actuation }
  | {
      readonly kind: 'snapshot';
      readonly state: GroupState;
      readonly fleet: FleetMemory;
      /** In force then, since the entry that began it may be gone. Absent in journals of before. */
      readonly config?: Group;
    }
);

/** What the controller remembers of a group's instances beyond what AWS tells. */
export interface FleetMemory {
  /** Instance id → when it was first seen in service. */
  readonly inServiceSince: Readonly<Record<string, EpochMs>>;
}

export interface JournalQuery {
  readonly group: string;
  /** Inclusive. */
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
  readonly kinds?: readonly JournalEntry['kind'][];
  /** Only ticks whose decision is one of these. */
  readonly decisionKinds?: readonly Decision['kind'][];
  readonly order: 'oldest-first' | 'newest-first';
  readonly limit: number;
}

/** What a restarted controller goes on from. */
export interface Recovery {
  readonly snapshot: { readonly state: GroupState; readonly fleet: FleetMemory };
  readonly snapshotAt: EpochMs;
  /** What its controller gave the core since the snapshot, oldest first: replayed to go on. */
  readonly since: readonly JournalEntry[];
}

export interface Journal {
  /** Durable when it resolves: a decision is carried out only after that. All or none. */
  append(entries: readonly JournalEntry[]): Promise<StoreOutcome<null>>;
  read(query: JournalQuery): Promise<StoreOutcome<readonly JournalEntry[]>>;
  /** Null for a group that has no snapshot. */
  recover(group: string): Promise<StoreOutcome<Recovery | null>>;
}

/** One 10 s mean of one signal of one group. `start` is a multiple of 10,000. */
export interface HistoryPoint {
  readonly group: string;
  readonly signal: string;
  readonly start: EpochMs;
  readonly mean: number;
}

/** One minute: over its 10 s means. */
export interface HistoryMinute {
  readonly start: EpochMs;
  readonly sum: number;
  readonly mean: number;
  readonly highest: number;
}

export interface HistoryQuery {
  readonly group: string;
  readonly signal: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Minutes of one signal that were measured elsewhere. */
export interface HistoryImport {
  readonly group: string;
  readonly signal: string;
  /** `start` is a multiple of 60,000. */
  readonly minutes: readonly { readonly start: EpochMs; readonly mean: number }[];
  /** Whether minutes that are there already give way, with their 10 s means. */
  readonly replaces: boolean;
  /** Only counts what would come. */
  readonly isTrial: boolean;
}

export interface HistoryImported {
  readonly written: number;
  /** Minutes that were there already and stay. */
  readonly kept: number;
}

/** 10 s means are kept for 8 days, minutes for 60. */
export interface DemandHistory {
  /** A point for a start that is there already replaces it (late samples). */
  record(points: readonly HistoryPoint[]): Promise<StoreOutcome<null>>;
  readTenSeconds(query: HistoryQuery): Promise<StoreOutcome<readonly HistoryPoint[]>>;
  readMinutes(query: HistoryQuery): Promise<StoreOutcome<readonly HistoryMinute[]>>;
  importMinutes(request: HistoryImport): Promise<StoreOutcome<HistoryImported>>;
}

/** What forecasters have learnt, one text for each group: it can be learnt anew, so it may be lost. */
export interface ForecastMemory {
  /** `learnt`: anything that can be cloned; typed arrays cost least. Null forgets. */
  save(group: string, learnt: unknown): Promise<StoreOutcome<null>>;
  /** Null: none is kept. */
  load(group: string): Promise<StoreOutcome<unknown>>;
}

export interface Overrides {
  /** Those that have not ended at `now`. */
  list(group: string, now: EpochMs): Promise<StoreOutcome<readonly Override[]>>;
  /** Takes the place of the group's override of the same kind. */
  put(group: string, override: Override, now: EpochMs): Promise<StoreOutcome<null>>;
  /** Whether there was one. */
  remove(group: string, kind: Override['kind'], now: EpochMs): Promise<StoreOutcome<boolean>>;
}

/** A mode that somebody set by hand, over that of the config. */
export interface HandMode {
  readonly mode: Mode;
  readonly by: string;
  readonly why: string;
  readonly at: EpochMs;
  /** What the config said of the group then: it is in force while that is said. */
  readonly over: Pick<TargetAddress, 'autoScalingGroup' | 'region'> & { readonly mode: Mode };
}

export interface HandModes {
  /** Takes the place of the group's last one; null ends it. */
  put(group: string, mode: HandMode | null): Promise<StoreOutcome<null>>;
  /** Null for a group whose mode is that of its config. */
  get(group: string): Promise<StoreOutcome<HandMode | null>>;
}

/** Who may act on a group: one controller at a time. */
export interface Leases {
  /**
   * Takes or renews the group for `durationMs`. Value null: held now; else the name of the holder,
   * whose lease has not run out at `now`.
   */
  hold(request: LeaseRequest): Promise<StoreOutcome<string | null>>;
  /** Gives the group up at once, if this controller holds it. */
  release(group: string, controller: string): Promise<StoreOutcome<null>>;
}

export interface LeaseRequest {
  readonly group: string;
  readonly controller: string;
  readonly now: EpochMs;
  readonly durationMs: number;
}

/** What a model is of. */
export type ModelKind = 'demand' | 'queue';

/** What was learned of a group: large, of one reader, and of no use to a replay. */
export interface LearnedModels {
  /** Takes the place of the group's last one of that kind. */
  put(group: string, kind: ModelKind, model: Uint8Array): Promise<StoreOutcome<null>>;
  /** Null for a group that has none of that kind. */
  get(group: string, kind: ModelKind): Promise<StoreOutcome<Uint8Array | null>>;
}

export interface Store {
  readonly journal: Journal;
  readonly history: DemandHistory;
  readonly overrides: Overrides;
  readonly modes: HandModes;
  readonly leases: Leases;
  readonly forecasts: ForecastMemory;
  readonly models: LearnedModels;
  close(): Promise<void>;
}
