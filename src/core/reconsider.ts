// What two configs decide at each moment of a recorded journal. An open loop: both are shown what was
// observed then, under the sizes that there really were and after the acts that were really done; what
// would have been observed under other sizes nobody knows.

import { conclude } from './conclude.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Group } from './group.ts';
import { findIntendedSize } from './intended-size.ts';
import { migrateState } from './migrate-state.ts';
import type { Observation } from './observation.ts';
import type { RecordedEntry } from './replay.ts';
import { initialState, type GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** A decision stands until the next, and no longer than this: then nothing was decided at all. */
export const standsMsMax = 10_000;

/** A config, and what it makes of an observation: its own calendar, above all. */
export interface Side {
  readonly group: Group;
  readonly observe: (recorded: Observation, at: EpochMs) => Observation;
}

export interface Compared {
  readonly at: EpochMs;
  /** How long the decisions stand, in milliseconds; 0 before the next one is known. */
  readonly ms: number;
  readonly before: Decision;
  readonly after: Decision;
  readonly beforeSize: number | null;
  readonly afterSize: number | null;
}

export interface Reconsidering {
  readonly states: { readonly before: GroupState; readonly after: GroupState };
  readonly lastAct: Decision | null;
  /** The last tick, until its successor shows how long it stood. */
  readonly open: Compared | null;
}

export function beginReconsidering(state: GroupState | null = null): Reconsidering {
  const known = state ?? initialState;
  return { states: { before: known, after: known }, lastAct: null, open: null };
}

/** Goes on by one entry; `done` is the tick before, once it is known how long it stood. */
export function reconsider(
  course: Reconsidering,
  entry: RecordedEntry,
  sides: { readonly before: Side; readonly after: Side },
): { readonly course: Reconsidering; readonly done: Compared | null } {
  switch (entry.kind) {
    case 'config':
      return { course, done: null };
    case 'snapshot':
      return {
        course: { ...course, states: adopt(course, migrateState(entry.state)) },
        done: null,
      };
    case 'actuation': {
      const act = course.lastAct;
      if (act?.at !== entry.decisionAt) return { course, done: null };
      const settle = (state: GroupState) => conclude(state, act, entry.actuation, entry.at);
      const { before, after } = course.states;
      return {
        course: { ...course, states: { before: settle(before), after: settle(after) } },
        done: null,
      };
    }
    case 'tick': {
      const before = decideOne(sides.before, course.states.before, entry);
      const after = decideOne(sides.after, course.states.after, entry);
      const open: Compared = {
        at: entry.at,
        ms: 0,
        before: before.decision,
        after: after.decision,
        beforeSize: findIntendedSize(before.decision),
        afterSize: findIntendedSize(after.decision),
      };
      const states = { before: before.state, after: after.state };
      const lastAct = entry.decision.acts ? entry.decision : course.lastAct;
      return { course: { states, lastAct, open }, done: close(course.open, entry.at) };
    }
  }
}

/** The tick with the time that it stood. */
function close(open: Compared | null, at: EpochMs): Compared | null {
  return open === null ? null : { ...open, ms: Math.min(standsMsMax, at - open.at) };
}

/** What is in flight is what was really done, whatever this side would have done. */
function decideOne(
  { group, observe }: Side,
  state: GroupState,
  entry: RecordedEntry & { readonly kind: 'tick' },
): { readonly state: GroupState; readonly decision: Decision } {
  const decided = decide(group, state, observe(entry.observation, entry.at), entry.at);
  const { acts, cancels = [], from, to } = entry.decision;
  const awaited = { since: entry.at, phase: 'awaited', unknownSince: null } as const;
  const inFlight = acts
    ? { from, to, ...awaited, isCancelling: cancels.length > 0 }
    : decided.decision.acts
      ? null
      : decided.state.inFlight;
  return { decision: decided.decision, state: { ...decided.state, inFlight } };
}

/** Takes over what was done from a recorded state, and leaves each side what it recommended. */
function adopt({ states }: Reconsidering, recorded: GroupState): Reconsidering['states'] {
  const take = ({ advised, largest, smallest }: GroupState): GroupState => ({
    ...recorded,
    advised,
    largest,
    smallest,
  });
  return { before: take(states.before), after: take(states.after) };
}
