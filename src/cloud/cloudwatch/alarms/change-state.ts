// Puts an alarm into a state: history, and the actions of the state that is entered.

import type { EpochMs } from '../../time.ts';
import type { Alarm, AlarmState, StateChange } from './alarm.ts';
import type { AlarmBook } from './alarm-book.ts';
import { addHistory } from './history.ts';

export interface NewState {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
  readonly recentValues: readonly number[];
  readonly at: EpochMs;
}

/** Does nothing more than take the reason over when the state is the same. */
export function changeState(book: AlarmBook, alarm: Alarm, next: NewState): void {
  const { state, reason, reasonData, at } = next;
  const { name } = alarm.definition;
  const described = { stateReason: reason, stateReasonData: reasonData, stateUpdatedAt: at };
  if (alarm.state === state) {
    book.alarms.set(name, { ...alarm, ...described });
    return;
  }
  const changed = { ...alarm, ...described, state, stateTransitionedAt: at, actedAt: at };
  book.alarms.set(name, changed);
  addHistory(book.history, {
    alarmName: name,
    at,
    type: 'StateUpdate',
    summary: `Alarm updated from ${alarm.state} to ${state}`,
    data: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: alarm.state, stateReason: alarm.stateReason },
      newState: { stateValue: state, stateReason: reason, stateReasonData: reasonData },
    }),
  });
  const { recentValues } = next;
  const change = { kind: 'transition', from: alarm.state, to: state, at, reason } as const;
  invokeActions(book, changed, { ...change, recentValues });
}

/** "Once per minute that the alarm remains in the new state" (Using CloudWatch alarms). */
const REPEAT_EVERY_MS = 60_000;

/** Invokes the Auto Scaling actions of a lasting state again when a minute has passed. */
export function repeatActions(
  book: AlarmBook,
  alarm: Alarm,
  recentValues: readonly number[],
  at: EpochMs,
): void {
  if (alarm.actedAt === undefined || at - alarm.actedAt < REPEAT_EVERY_MS) return;
  const { state } = alarm;
  const repeated = { ...alarm, actedAt: at };
  book.alarms.set(alarm.definition.name, repeated);
  const change = { kind: 'repeat', from: state, to: state, at, reason: alarm.stateReason } as const;
  invokeActions(book, repeated, { ...change, recentValues });
}

function invokeActions(book: AlarmBook, alarm: Alarm, change: StateChange): void {
  const { definition } = alarm;
  if (!definition.actionsEnabled) return;
  for (const arn of definition.actions[change.to]) {
    const isScaling = arn.split(':')[2] === 'autoscaling';
    if (change.kind === 'repeat' && !isScaling) continue;
    if (change.kind === 'transition') {
      addHistory(book.history, {
        alarmName: definition.name,
        at: change.at,
        type: 'Action',
        summary: `Successfully executed action ${arn}`,
        data: JSON.stringify({ actionState: 'Succeeded', notificationResource: arn }),
      });
    }
    book.onAlarmAction(arn, alarm, change);
  }
}
