// A recorded journal decided about once more: `advance` goes on from entry to entry as the live loop
// did, `replayEntry` also compares what comes out with what was recorded. Pages and files are others'.
//
//     unknown ──snapshot──> known ──a tick or an outcome is seen to be missing──> unknown

import type { Actuation } from './actuation.ts';
import { conclude, resume } from './conclude.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { findDifference, type ValueDifference } from './find-difference.ts';
import type { Group } from './group.ts';
import { migrateState, type StoredState } from './migrate-state.ts';
import type { Observation } from './observation.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** What was given to the core, and what it answered: an entry of one group's journal. */
export type RecordedEntry = { readonly at: EpochMs } & (
  | { readonly kind: 'config'; readonly config: Group }
  | RecordedTick
  | { readonly kind: 'actuation'; readonly decisionAt: EpochMs; readonly actuation: Actuation }
  | { readonly kind: 'snapshot'; readonly state: StoredState; readonly config?: Group }
);

interface RecordedTick {
  readonly kind: 'tick';
  readonly observation: Observation;
  readonly decision: Decision;
}

/** Where a replay stands between two entries. */
export interface Course {
  readonly group: Group;
  readonly state: GroupState;
  /** The last recorded decision that was carried out. */
  readonly lastAct: Decision | null;
}

/** The first place where a recorded decision, or a snapshot's state, is not what came out. */
export interface Difference extends ValueDifference {
  readonly at: EpochMs;
  readonly of: 'decision' | 'snapshot';
  /** Null for a snapshot. */
  readonly decisions: { readonly recorded: Decision; readonly replayed: Decision } | null;
}

export interface ReplayReport {
  /** Ticks whose decision was compared. */
  readonly ticks: number;
  /** Ticks before which the state or the config was not known. */
  readonly ticksSkipped: number;
  /** Snapshots whose state was compared. */
  readonly snapshots: number;
  /** How often entries were seen to be missing. */
  readonly gaps: number;
  /** Ticks and snapshots that differ. One cause may show in many, up to the next snapshot. */
  readonly differences: number;
  readonly first: Difference | null;
}

export interface Replay {
  /** Null while no config has been seen. */
  readonly group: Group | null;
  /** Null before the first snapshot, and from a gap to the next. */
  readonly state: GroupState | null;
  readonly lastAct: Decision | null;
  /** When a controller or a config took over, if nothing but that has happened since. */
  readonly resumedAt: EpochMs | null;
  readonly report: ReplayReport;
}

export const emptyReport: ReplayReport = {
  ticks: 0,
  ticksSkipped: 0,
  snapshots: 0,
  gaps: 0,
  differences: 0,
  first: null,
};

/** A replay at its start. Without a state it begins to compare at the first snapshot. */
export function beginReplay(group: Group | null, state: GroupState | null = null): Replay {
  return { group, state, lastAct: null, resumedAt: null, report: emptyReport };
}

/** The replay after one more entry; entries come in the order in which they were recorded. */
export function replayEntry(replay: Replay, entry: RecordedEntry): Replay {
  switch (entry.kind) {
    case 'config':
      return { ...replay, group: entry.config, resumedAt: entry.at };
    case 'tick':
      return replayTick(replay, entry);
    case 'actuation':
      return replayActuation(replay, entry);
    case 'snapshot':
      return replaySnapshot(replay, entry);
  }
}

/**
 * The course after one entry, whether or not it is what was recorded, and what is decided now if it
 * is a tick. A snapshot changes nothing.
 */
export function advance(
  course: Course,
  entry: RecordedEntry,
): { readonly course: Course; readonly decision: Decision | null } {
  const { group, state, lastAct } = course;
  switch (entry.kind) {
    case 'config':
      return { course: { ...course, group: entry.config }, decision: null };
    case 'tick': {
      const decided = decide(group, state, entry.observation, entry.at);
      const act = entry.decision.acts ? entry.decision : lastAct;
      return { course: { group, state: decided.state, lastAct: act }, decision: decided.decision };
    }
    case 'actuation': {
      const act = findAct(course, entry.decisionAt);
      if (act === null) return { course, decision: null };
      const concluded = conclude(state, act, entry.actuation, entry.at);
      return { course: { ...course, state: concluded }, decision: null };
    }
    case 'snapshot':
      return { course, decision: null };
  }
}

/** The act that was decided at that time: its tick may lie before the first snapshot. */
function findAct(
  { state, lastAct }: Pick<Course, 'state' | 'lastAct'>,
  decisionAt: EpochMs,
): Pick<Decision, 'from' | 'to'> | null {
  if (lastAct?.at === decisionAt) return lastAct;
  return state.inFlight?.since === decisionAt ? state.inFlight : null;
}

function replayTick(before: Replay, entry: RecordedTick & { readonly at: EpochMs }): Replay {
  // It was decided while the journal failed: others before it are not here.
  const replay = entry.observation.isJournalWritable ? before : loseState(before);
  const { group, state, lastAct, report } = replay;
  if (group === null || state === null) {
    const skipped = { ...report, ticksSkipped: report.ticksSkipped + 1 };
    const act = entry.decision.acts ? entry.decision : lastAct;
    return { ...replay, lastAct: act, resumedAt: null, report: skipped };
  }
  const { course, decision } = advance({ group, state, lastAct }, { ...entry, kind: 'tick' });
  const found = findDifference(entry.decision, decision);
  const counted = { ...report, ticks: report.ticks + 1 };
  if (found === null || decision === null) {
    return { ...course, resumedAt: null, report: counted };
  }
  const decisions = { recorded: entry.decision, replayed: decision };
  const difference = { ...found, at: entry.at, of: 'decision', decisions } as const;
  return { ...course, resumedAt: null, report: note(counted, difference) };
}

function replayActuation(
  replay: Replay,
  entry: RecordedEntry & { readonly kind: 'actuation' },
): Replay {
  const { group, state, lastAct } = replay;
  if (group === null || state === null) return replay;
  // The tick that decided it is not here.
  if (findAct({ state, lastAct }, entry.decisionAt) === null) return loseState(replay);
  return { ...replay, ...advance({ group, state, lastAct }, entry).course };
}

/** Compares, and goes on from what was recorded: an earlier difference ends here. */
function replaySnapshot(
  replay: Replay,
  entry: RecordedEntry & { readonly kind: 'snapshot' },
): Replay {
  const recorded = migrateState(entry.state);
  const { state: before, resumedAt, report } = replay;
  const group = entry.config ?? replay.group;
  const restarted = { ...replay, group, state: recorded, resumedAt: null };
  if (before === null) return restarted;
  const state = resumedAt === null ? before : resume(before, resumedAt);
  // A config that a running controller took over ends nothing that is on its way.
  const isAsBefore = resumedAt !== null && findDifference(recorded, before) === null;
  const found = isAsBefore ? null : findDifference(recorded, state);
  if (found === null) {
    return { ...restarted, report: { ...report, snapshots: report.snapshots + 1 } };
  }
  // A controller that could not read the journal began without memory.
  const hadDecided = before.decidedAt !== null;
  const isForgotten = resumedAt !== null && hadDecided && recorded.decidedAt === null;
  const isGap = isForgotten || isAfterGap(recorded, state);
  if (isGap) return { ...restarted, report: loseState(replay).report };
  const counted = { ...report, snapshots: report.snapshots + 1 };
  const difference = { ...found, at: entry.at, of: 'snapshot', decisions: null } as const;
  return { ...restarted, report: note(counted, difference) };
}

/** Whether what was recorded knows of a tick, or of an act's outcome, that the journal lacks. */
function isAfterGap(recorded: GroupState, replayed: GroupState): boolean {
  const isTickMissing = recorded.decidedAt !== replayed.decidedAt;
  const isAwaited = replayed.inFlight?.phase === 'awaited';
  return isTickMissing || (isAwaited && recorded.inFlight?.phase !== 'awaited');
}

function loseState(replay: Replay): Replay {
  const { state, report } = replay;
  if (state === null) return replay;
  return { ...replay, state: null, report: { ...report, gaps: report.gaps + 1 } };
}

/** What several replays come to together, as of controllers that wrote one journal. */
export function addReports(one: ReplayReport, other: ReplayReport): ReplayReport {
  const isOtherFirst =
    other.first !== null && (one.first === null || other.first.at < one.first.at);
  return {
    ticks: one.ticks + other.ticks,
    ticksSkipped: one.ticksSkipped + other.ticksSkipped,
    snapshots: one.snapshots + other.snapshots,
    gaps: one.gaps + other.gaps,
    differences: one.differences + other.differences,
    first: isOtherFirst ? other.first : one.first,
  };
}

function note(report: ReplayReport, difference: Difference): ReplayReport {
  const { differences, first } = report;
  return { ...report, differences: differences + 1, first: first ?? difference };
}
