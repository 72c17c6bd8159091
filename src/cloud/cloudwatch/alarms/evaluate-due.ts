// When alarms are evaluated: each full minute, and each ten seconds for those with shorter periods.

import type { EpochMs } from '../../time.ts';
import type { Alarm } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import { changeState, repeatActions } from './change-state.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';

const MINUTE_MS = 60_000;
const SHORT_STEP_MS = 10_000;

/** The next time after `after` at which an alarm is evaluated; `undefined` without alarms. */
export function nextEvaluationAt(book: AlarmBook, after: EpochMs): EpochMs | undefined {
  if (book.alarms.size === 0) return undefined;
  const stepMs = hasShortAlarm(book) ? SHORT_STEP_MS : MINUTE_MS;
  return (Math.floor(after / stepMs) + 1) * stepMs;
}

/**
 * Evaluates the alarms that are due at `at`, a time given by `nextEvaluationAt`, in the order in
 * which they were created.
 */
export function evaluateDue(book: AlarmBook, at: EpochMs): void {
  const isFullMinute = at % MINUTE_MS === 0;
  // A copy: an action may create and delete alarms.
  const names = [...book.alarms.keys()];
  for (const name of names) {
    const alarm = book.alarms.get(name);
    if (alarm !== undefined && (isFullMinute || isShort(alarm))) evaluateOne(book, alarm, at);
  }
}

function evaluateOne(book: AlarmBook, alarm: Alarm, at: EpochMs): void {
  const { state, recentValues, explain } = evaluateAlarm(book.store, alarm.definition, at);
  if (state === 'retain' || state === alarm.state) {
    repeatActions(book, alarm, recentValues, at);
    return;
  }
  changeState(book, alarm, { state, ...explain(), recentValues, at });
}

/** Without a list of them: this is asked at every step of time. */
function hasShortAlarm(book: AlarmBook): boolean {
  for (const alarm of book.alarms.values()) if (isShort(alarm)) return true;
  return false;
}

function isShort(alarm: Alarm): boolean {
  return alarm.definition.measure.periodMs < MINUTE_MS;
}
