// What an alarm does to a group: the scaling policy that is named by its action, executed.

import { evaluateAlarm } from '../cloudwatch/alarms/evaluate-alarm.ts';
import type { Alarm, StateChange } from '../cloudwatch/alarms/alarm.ts';
import type { AlarmBook } from '../cloudwatch/alarms/alarm-book.ts';
import { executePolicy, findPolicy } from '../execute-policy.ts';
import type { Group } from '../group.ts';
import type { World } from '../world.ts';
import { isSuspended } from '../suspension.ts';
import { cadenceOf, trackingPolicies, trackTarget } from '../target-tracking.ts';
import type { TargetReading } from '../target-tracking.ts';
import type { EpochMs } from '../time.ts';

interface Place {
  readonly world: World;
  readonly book: AlarmBook;
}

/**
 * Executes the policy of that ARN with the newest value that the alarm compared. Actions that name
 * no policy are other services'; without a value a policy that needs one changes nothing.
 */
export function actOnAlarm(place: Place, arn: string, alarm: Alarm, change: StateChange): void {
  const { world } = place;
  const found = findPolicy(world, arn);
  if (found === undefined) return;
  const { group, policy } = found;
  const { name, threshold } = alarm.definition;
  if (policy.rule.kind === 'target-tracking' && name === policy.alarmNames[1]) {
    scaleInTogether(place, group, change.at);
    return;
  }
  // A refusal says that the value is missing, as `SetAlarmState` without data leaves it.
  executePolicy(world, arn, {
    alarmName: name,
    metricValue: change.recentValues.at(-1),
    breachThreshold: threshold,
  });
}

/**
 * "Scales in only if all of the target tracking policies (with the scale-in portion enabled) are
 * ready to scale in": user guide. Each of their alarms comes here once a minute.
 */
function scaleInTogether({ world, book }: Place, group: Group, at: EpochMs): void {
  if (isSuspended(group, 'AlarmNotification') || group.isBeingDeleted) return;
  const readings: TargetReading[] = [];
  for (const { policy, rule } of trackingPolicies(group)) {
    if (rule.disablesScaleIn) continue;
    const low = book.alarms.get(policy.alarmNames[1] ?? '');
    if (low?.state !== 'ALARM') return;
    const metricValue = evaluateAlarm(book.store, low.definition, at).recentValues.at(-1);
    if (metricValue === undefined) return;
    const { periodMs, delayMs } = cadenceOf(world, rule);
    if (!hasSettled(group, at - periodMs - delayMs)) return;
    readings.push({ policy, rule, direction: 'in', metricValue });
  }
  if (readings.length > 0) trackTarget(world, group, readings);
}

/**
 * Whether the group has been of its present size since then. A value measured before tells of
 * another size: ⌈capacity · m / T⌉ with it would take the same instances away twice.
 */
function hasSettled(group: Group, since: EpochMs): boolean {
  if (group.openActivities.size > 0 || group.reconcileAt !== undefined) return false;
  return (group.cooldown.lastEndedAt ?? Number.NEGATIVE_INFINITY) <= since;
}
