// AWS's scheduled actions as windows. An action sets bounds until another one sets them anew, a window
// ends by itself: its length is the time to the next action, where that is always the same.

import type { ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import { Cron } from 'croner';
import type { Translated } from './translated.ts';

/** Runs that are looked at: two weeks of an hourly action. */
const runsMax = 400;
const lookAheadMs = 15 * 86_400_000;

export function translateSchedule(
  actions: readonly ScheduledUpdateGroupAction[],
  now: Date,
): readonly Translated[] {
  const recurring = actions.filter(({ Recurrence }) => (Recurrence ?? '') !== '');
  const runs = new Map(recurring.map((action) => [action, listRuns(action, now)]));
  const all = [...runs.values()].flat().toSorted((one, other) => one - other);
  const zones = new Set(recurring.map(({ TimeZone }) => TimeZone ?? 'UTC'));
  const translated = [...zones].map((zone): Translated => {
    const inZone = recurring.filter(({ TimeZone }) => (TimeZone ?? 'UTC') === zone);
    const windows = inZone.map((action) => writeWindow(action, runs.get(action) ?? [], all));
    const lines = windows.flatMap((window) => window.lines);
    const notes = windows.flatMap((window) => window.notes);
    if (lines.length === 0) return { lines: [], notes };
    const name = zones.size > 1 ? [`  name: schedule ${zone}`] : [];
    const head = ['- type: schedule', ...name, `  timeZone: ${zone}`, '  windows:'];
    return { lines: [...head, ...lines.map((line) => `    ${line}`)], notes };
  });
  const once = actions.filter((action) => !recurring.includes(action));
  return [...translated, ...once.map(describeOnce)];
}

function listRuns({ Recurrence = '', TimeZone = 'UTC' }: ScheduledUpdateGroupAction, now: Date) {
  const runs = new Cron(Recurrence, { timezone: TimeZone }).nextRuns(runsMax, now);
  return runs.map((run) => run.getTime()).filter((at) => at < now.getTime() + lookAheadMs);
}

function writeWindow(
  action: ScheduledUpdateGroupAction,
  runs: readonly number[],
  all: readonly number[],
): Translated {
  const { Recurrence: cron = '', MinSize: min, MaxSize: max, DesiredCapacity: desired } = action;
  const found = `found the scheduled action ${describe(action)}`;
  const lengths = new Set(
    runs.flatMap((at) => {
      const next = all.find((other) => other > at);
      return next === undefined ? [] : [next - at];
    }),
  );
  const [length] = lengths;
  if (lengths.size !== 1 || length === undefined || length % 60_000 !== 0) {
    const note = 'not translated: it does not always last the same time; write a duration';
    return { lines: [], notes: [found, note] };
  }
  const least = min ?? desired;
  const bounds = [
    ...(least === undefined ? [] : [`min: ${least}`]),
    ...(max === undefined ? [] : [`max: ${max}`]),
  ];
  const window = [`cron: ${cron}`, `duration: ${length / 60_000}m`, ...bounds].join(', ');
  return { lines: [`- { ${window} }`], notes: [found] };
}

function describeOnce(action: ScheduledUpdateGroupAction): Translated {
  const note = 'not translated: it comes once; a window with from and until says the same';
  return { lines: [], notes: [`found the scheduled action ${describe(action)}`, note] };
}

function describe(action: ScheduledUpdateGroupAction): string {
  const { ScheduledActionName: name = '', MinSize, MaxSize, DesiredCapacity, Recurrence } = action;
  const sizes = [
    ...(MinSize === undefined ? [] : [`min ${MinSize}`]),
    ...(MaxSize === undefined ? [] : [`max ${MaxSize}`]),
    ...(DesiredCapacity === undefined ? [] : [`desired ${DesiredCapacity}`]),
  ];
  const when = Recurrence ?? action.StartTime?.toISOString() ?? 'once';
  return `${JSON.stringify(name)}: ${sizes.join(', ')} at ${when}`;
}
