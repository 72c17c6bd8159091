// `foretide diff old.yaml new.yaml`: which recorded decisions another config would have made otherwise.

import type { GroupConfig } from '../../config/config.ts';
import { readCalendar } from '../../config/read-calendar.ts';
import { explain } from '../../core/explain.ts';
import type { Observation } from '../../core/observation.ts';
import { listSelectors } from '../../core/policies/list-selectors.ts';
import { beginReconsidering, reconsider, type Compared, type Side } from '../../core/reconsider.ts';
import type { JournalFile } from '../../store/read-journal.ts';
import { readConfigFile } from '../config-file.ts';
import { chooseGroups, withJournal } from '../journal-command.ts';
import { readWritten } from '../replay-journal.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface DiffOptions {
  readonly journal: string;
  readonly group?: string;
  readonly since?: number;
  readonly json?: boolean;
}

interface Hour {
  readonly start: number;
  ticks: number;
  differing: number;
  beforeHours: number;
  afterHours: number;
}

interface GroupDiff {
  readonly group: string;
  readonly ticks: number;
  readonly differing: number;
  readonly first: Compared | null;
  /** Of the sizes decided for, in instance-hours. */
  readonly beforeHours: number;
  readonly afterHours: number;
  /** Selectors of either config that the journal has no reading of, at no time. */
  readonly unrecorded: readonly string[];
  readonly hours: readonly Hour[];
}

const hourMs = 3_600_000;
const openLoop =
  'each decision is made on what was observed then, at the sizes that there really were: what ' +
  'would have been observed after other decisions is not known. foretide simulate closes that loop.';

export function diff(before: string, after: string, options: DiffOptions): void {
  const old = readConfigFile(before).groups;
  const other = readConfigFile(after).groups;
  const diffs = withJournal(options.journal, (file) => {
    const { group, journal: store } = options;
    const recorded = chooseGroups(file, { store, ...(group !== undefined && { group }) });
    return recorded.flatMap((name) => {
      const pair = { before: find(old, name), after: find(other, name) };
      if (pair.before === null || pair.after === null) return [];
      return [compare(file, { before: pair.before, after: pair.after }, options)];
    });
  });
  if (diffs.length === 0) {
    throw new StartError('no group is in both configs and in the journal', 2);
  }
  const text = diffs.map(describe).join('\n');
  const answer = { note: openLoop, groups: diffs };
  process.stdout.write(
    options.json === true ? `${JSON.stringify(answer)}\n` : `${text}\n${openLoop}\n`,
  );
}

function find(groups: readonly GroupConfig[], name: string): GroupConfig | null {
  return groups.find(({ group }) => group.name === name) ?? null;
}

function compare(
  file: JournalFile,
  configs: { readonly before: GroupConfig; readonly after: GroupConfig },
  { since = 0 }: DiffOptions,
): GroupDiff {
  const { name } = configs.after.group;
  const wanted = new Set(
    [configs.before, configs.after].flatMap(({ group }) =>
      listSelectors(group.policies).map(({ key }) => key),
    ),
  );
  const sides = { before: toSide(configs.before), after: toSide(configs.after) };
  const hours = new Map<number, Hour>();
  let course = beginReconsidering();
  let first: Compared | null = null;
  for (const entry of readWritten(file, { group: name, from: since, to: Infinity })) {
    if (entry.kind === 'tick') {
      for (const key of Object.keys(entry.observation.signals)) wanted.delete(key);
    }
    const step = reconsider(course, entry, sides);
    course = step.course;
    if (step.done === null) continue;
    if (differs(step.done)) first ??= step.done;
    count(hours, step.done);
  }
  const all = [...hours.values()];
  const sum = (read: (hour: Hour) => number): number =>
    all.reduce((total, hour) => total + read(hour), 0);
  return {
    group: name,
    ticks: sum(({ ticks }) => ticks),
    differing: sum(({ differing }) => differing),
    first,
    beforeHours: sum(({ beforeHours }) => beforeHours),
    afterHours: sum(({ afterHours }) => afterHours),
    unrecorded: [...wanted],
    hours: all,
  };
}

/** With the calendar of this config: the recorded one is of the config of the time. */
function toSide({ group, calendar }: GroupConfig): Side {
  let reading = readCalendar(calendar, 0);
  let readAt = Number.NEGATIVE_INFINITY;
  const observe = (recorded: Observation, at: number): Observation => {
    if (at >= reading.validUntil || readAt === Number.NEGATIVE_INFINITY) {
      reading = readCalendar(calendar, at);
      readAt = at;
    }
    const { schedules, freezes } = reading;
    return { ...recorded, schedules, freezes };
  };
  return { group, observe };
}

function differs({ beforeSize, afterSize }: Compared): boolean {
  return beforeSize !== afterSize;
}

function count(hours: Map<number, Hour>, one: Compared): void {
  const start = Math.floor(one.at / hourMs) * hourMs;
  const hour = hours.get(start) ?? { start, ticks: 0, differing: 0, beforeHours: 0, afterHours: 0 };
  hours.set(start, hour);
  hour.ticks += 1;
  if (differs(one)) hour.differing += 1;
  hour.beforeHours += ((one.beforeSize ?? 0) * one.ms) / hourMs;
  hour.afterHours += ((one.afterSize ?? 0) * one.ms) / hourMs;
}

function describe(one: GroupDiff): string {
  const { beforeHours, afterHours, differing, first, group, hours, ticks, unrecorded } = one;
  const change = afterHours - beforeHours;
  const rows = hours.map((hour) => [
    formatTime(hour.start),
    `${hour.differing} of ${hour.ticks}`,
    hour.beforeHours.toFixed(2),
    hour.afterHours.toFixed(2),
  ]);
  return [
    `${group}: ${differing} of ${ticks} decisions differ`,
    ...(unrecorded.length === 0
      ? []
      : [`  not in the journal, so nothing is known of it: ${unrecorded.join(', ')}`]),
    ...(first === null
      ? []
      : [
          `  first, ${formatTime(first.at)}:`,
          `    old: ${explain(first.before).summary}`,
          `    new: ${explain(first.after).summary}`,
        ]),
    `  sizes decided for: ${beforeHours.toFixed(2)} instance-hours by the old config, ` +
      `${afterHours.toFixed(2)} by the new (${change < 0 ? '' : '+'}${change.toFixed(2)})`,
    ...formatTable([['hour from', 'differing', 'old', 'new'], ...rows])
      .split('\n')
      .map((line) => `  ${line}`),
  ].join('\n');
}

function formatTime(at: number): string {
  return new Date(at).toISOString();
}
