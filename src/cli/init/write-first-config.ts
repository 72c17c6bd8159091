// The text of a first foretide.yaml for a group as AWS scales it today. It only advises: nothing is
// changed before somebody has looked.

import type { GroupSetup } from '../../aws/read-setup.ts';
import { translateSchedule } from './translate-schedule.ts';
import { translateSteps } from './translate-steps.ts';
import { translateTracking } from './translate-tracking.ts';
import type { Translated } from './translated.ts';

const usedSuspended = ['AlarmNotification', 'ScheduledActions'];

export function writeFirstConfig(setup: GroupSetup, now: Date): string {
  const { group, policies, scheduledActions, alarms } = setup;
  const name = group.AutoScalingGroupName ?? '';
  const tracking = policies.filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling');
  const stepping = policies.filter(({ PolicyType }) =>
    ['StepScaling', 'SimpleScaling'].includes(PolicyType ?? ''),
  );
  const others = policies.filter((one) => !tracking.includes(one) && !stepping.includes(one));
  const translated = [
    ...tracking.map(translateTracking),
    ...translateSteps(stepping, alarms),
    ...others.map(describeOther),
    ...translateSchedule(scheduledActions, now),
  ];
  return `${[
    `# Written by \`foretide init\` from the Auto Scaling group ${JSON.stringify(name)} as it is today.`,
    '# `foretide check` says whether it can be run; docs/config.md has every key.',
    '',
    'groups:',
    `  - name: ${JSON.stringify(name)}`,
    ...indent(writeBounds(setup), 4),
    ...indent(writeMode(setup), 4),
    ...indent(writeTimes(setup), 4),
    ...indent(writePolicies(translated), 4),
  ].join('\n')}\n`;
}

function writeBounds({ group, scheduledActions }: GroupSetup): readonly string[] {
  const { MinSize: min = 0, MaxSize: max = 0, DesiredCapacity: desired = 0 } = group;
  const mins = scheduledActions.flatMap(({ MinSize }) => MinSize ?? []);
  const maxes = scheduledActions.flatMap(({ MaxSize }) => MaxSize ?? []);
  const least = Math.min(min, ...mins);
  const most = Math.max(max, ...maxes);
  const isWider = least !== min || most !== max;
  return [
    `# Found min ${min}, max ${max}, desired ${desired}. The tighter of these and AWS's holds.`,
    ...(isWider
      ? ['# The widest that a scheduled action sets; the schedule below narrows it.']
      : []),
    `min: ${least}`,
    `max: ${most}`,
  ];
}

function writeMode({ policies, scheduledActions }: GroupSetup): readonly string[] {
  const hasNative = policies.length + scheduledActions.length > 0;
  return [
    '# Decides and records, and changes nothing: `foretide report` shows what it would have done.',
    '# Then scale-out-only, then active.',
    ...(hasNative
      ? [
          `# Before that suspend ${usedSuspended.join(' and ')} in AWS, or delete what is found below:`,
        ]
      : []),
    ...(hasNative ? ['# two that scale one group undo each other.'] : []),
    'mode: advise',
  ];
}

function writeTimes({ group, policies }: GroupSetup): readonly string[] {
  const { DefaultCooldown: cooldown, DefaultInstanceWarmup: groupWarmup } = group;
  const warmups = policies.flatMap(({ EstimatedInstanceWarmup }) => EstimatedInstanceWarmup ?? []);
  const isGroupSet = groupWarmup !== undefined && groupWarmup >= 0;
  const warmup = isGroupSet ? groupWarmup : warmups.length > 0 ? Math.max(...warmups) : null;
  const source = isGroupSet ? 'the default instance warm-up' : "the policies' longest warm-up";
  return [
    ...(warmup === null
      ? ['# No warm-up found; this is the time from in service to full work.', 'warmup: 60s']
      : [`# Found ${source}, ${warmup} s.`, `warmup: ${warmup}s`]),
    ...(cooldown === undefined
      ? []
      : [
          `# Found the default cooldown, ${cooldown} s. It holds back removing alone: adding late is`,
          '# what it costs users.',
          `cooldown: { scaleOut: 0s, scaleIn: ${cooldown}s }`,
        ]),
  ];
}

function writePolicies(translated: readonly Translated[]): readonly string[] {
  const entries = translated.flatMap(({ lines, notes }) => [
    ...notes.map((note) => `# ${note.replace(/^./u, (letter) => letter.toUpperCase())}`),
    ...lines,
  ]);
  const scales = translated.some(
    ({ lines }) => lines.length > 0 && !lines.some((line) => line.includes('type: schedule')),
  );
  const own = [
    '# Chosen, as nothing that was found says how to scale: the mean CPU at 60 %.',
    '- { type: target-tracking, signal: cpu, target: 60% }',
  ];
  return ['policies:', ...indent([...entries, ...(scales ? [] : own)], 2)];
}

function describeOther({
  PolicyName: name = '',
  PolicyType: type = '',
}: {
  readonly PolicyName?: string | undefined;
  readonly PolicyType?: string | undefined;
}): Translated {
  const found = `found ${JSON.stringify(name)}: ${type}`;
  return { lines: [], notes: [found, 'not translated: no policy here does the same'] };
}

function indent(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => `${' '.repeat(columns)}${line}`);
}
