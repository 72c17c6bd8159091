// All alarms with what they read and whom they tell: the state that the alarm operations change.

import type { Deque } from '../../collections/deque.ts';
import { succeed } from '../../fault.ts';
import type { Outcome } from '../../fault.ts';
import type { EpochMs } from '../../time.ts';
import { refuseConstraint, refuseLimit, refuseUnknownResource } from '../faults.ts';
import type { MetricStore } from '../metric-store.ts';
import type { Alarm, AlarmActionPort, AlarmState } from './alarm.ts';
import { changeState } from './change-state.ts';
import { addHistory } from './history.ts';
import type { HistoryItem } from './history.ts';
import { parseAlarm } from './parse-alarm.ts';
import type { AlarmInput } from './parse-alarm.ts';
import { INITIAL_REASON } from './state-reason.ts';

export interface AlarmBook {
  readonly store: MetricStore;
  /** By name. */
  readonly alarms: Map<string, Alarm>;
  readonly history: Deque<HistoryItem>;
  readonly onAlarmAction: AlarmActionPort;
}

/** "You can create up to 5000 alarms per Region per account" (Common features of alarms). */
export const ALARMS_MAX = 5000;
const NAMES_PER_CALL_MAX = 100;

/** Creates the alarm, or replaces its definition and leaves its state. */
export function putAlarm(book: AlarmBook, input: AlarmInput, now: EpochMs): Outcome<Alarm> {
  const parsed = parseAlarm(input);
  if (!parsed.ok) return parsed;
  const definition = parsed.value;
  const known = book.alarms.get(definition.name);
  if (known === undefined && book.alarms.size >= ALARMS_MAX) {
    return refuseLimit(`The maximum of ${ALARMS_MAX} alarms has been reached.`);
  }
  const initial = {
    state: 'INSUFFICIENT_DATA' as const,
    stateReason: INITIAL_REASON,
    stateReasonData: '',
    stateUpdatedAt: now,
    stateTransitionedAt: now,
    actedAt: undefined,
  };
  const alarm: Alarm = { ...(known ?? initial), definition, configuredAt: now };
  book.alarms.set(definition.name, alarm);
  recordConfiguration(book, definition.name, known === undefined ? 'created' : 'updated', now);
  return succeed(alarm);
}

/** Names that no alarm has are passed over. */
export function deleteAlarms(
  book: AlarmBook,
  names: readonly string[],
  now: EpochMs,
): Outcome<true> {
  const bounded = checkNames(names);
  if (!bounded.ok) return bounded;
  for (const name of names) {
    if (book.alarms.delete(name)) recordConfiguration(book, name, 'deleted', now);
  }
  return succeed(true);
}

/** `EnableAlarmActions` and `DisableAlarmActions`. */
export function setActionsEnabled(
  book: AlarmBook,
  names: readonly string[],
  actionsEnabled: boolean,
  now: EpochMs,
): Outcome<true> {
  const bounded = checkNames(names);
  if (!bounded.ok) return bounded;
  for (const name of names) {
    const alarm = book.alarms.get(name);
    if (alarm === undefined) continue;
    const definition = { ...alarm.definition, actionsEnabled };
    book.alarms.set(name, { ...alarm, definition, configuredAt: now });
    recordConfiguration(book, name, 'updated', now);
  }
  return succeed(true);
}

function checkNames(names: readonly string[]): Outcome<true> {
  if (names.length <= NAMES_PER_CALL_MAX) return succeed(true);
  const constraint = `Member must have length less than or equal to ${NAMES_PER_CALL_MAX}`;
  return refuseConstraint('alarmNames', `[${names.length} names]`, constraint);
}

function recordConfiguration(
  book: AlarmBook,
  alarmName: string,
  what: 'created' | 'updated' | 'deleted',
  at: EpochMs,
): void {
  const type = { created: 'Create', updated: 'Update', deleted: 'Delete' }[what];
  addHistory(book.history, {
    alarmName,
    at,
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarmName}" ${what}`,
    data: JSON.stringify({ version: '1.0', type }),
  });
}

export interface ForcedState {
  readonly state: AlarmState;
  readonly reason: string;
  /** JSON; Auto Scaling actions take the values of `recentDatapoints` from it. */
  readonly reasonData?: string | undefined;
}

/** Lasts until the next evaluation. */
export function setAlarmState(
  book: AlarmBook,
  name: string,
  forced: ForcedState,
  now: EpochMs,
): Outcome<true> {
  const alarm = book.alarms.get(name);
  if (alarm === undefined) return refuseUnknownResource('');
  const { state, reason, reasonData = '' } = forced;
  const recentValues = readRecentValues(reasonData);
  changeState(book, alarm, { state, reason, reasonData, recentValues, at: now });
  return succeed(true);
}

function readRecentValues(reasonData: string): readonly number[] {
  const data = parseJson(reasonData);
  const isObject = typeof data === 'object' && data !== null && 'recentDatapoints' in data;
  if (!isObject || !Array.isArray(data.recentDatapoints)) return [];
  return data.recentDatapoints.filter((value) => typeof value === 'number');
}

/** `undefined` for what is no JSON: the text is kept as it is, only its values are not known. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
