// `foretide report`: after days of shadow, what a group would have been beside what it was.

import { beginReporting, reportEntry, type ShadowReport } from '../../core/shadow-report.ts';
import type { JournalFile } from '../../store/read-journal.ts';
import { chooseGroups, withJournal } from '../journal-command.ts';
import { findLast, readPages } from '../replay-journal.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface ReportOptions {
  readonly store: string;
  readonly days: number;
  readonly json?: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const notes = [
  'as it would have been: the sizes decided for, on the load as it was shared among the instances',
  'that there really were. Above target is an estimate by the targets of target-tracking policies:',
  'a signal that cannot rise further (a CPU at 100 %) hides what was missing; added instances count',
  'after the warm-up, and how long they boot is not in it. foretide simulate tries both on a trace.',
];

export function report(group: string, options: ReportOptions): void {
  const { days, json, store } = options;
  const found = withJournal(store, (file) => {
    const [name = group] = chooseGroups(file, { store, group });
    return measure(file, name, days);
  });
  if (found.report.ms + found.report.undecidedMs === 0) {
    throw new StartError(`${group}: nothing is recorded of the last ${days} days`, 1);
  }
  const text = json === true ? JSON.stringify({ group, ...found, notes }) : describe(group, found);
  process.stdout.write(`${text}\n`);
}

interface Measured {
  readonly from: number;
  readonly to: number;
  readonly report: ShadowReport;
}

/** Up to the newest entry, whose time may be that of a clock that runs faster. */
function measure(file: JournalFile, group: string, days: number): Measured {
  const newest = findLast(file, { group, kinds: ['tick'], to: Infinity });
  const to = (newest?.at ?? 0) + 1;
  const from = to - days * dayMs;
  const configured = findLast(file, { group, kinds: ['config'], to: from });
  let reporting = beginReporting(configured?.kind === 'config' ? configured.config : null);
  for (const entry of readPages(file, { group, from, to })) {
    reporting = reportEntry(reporting, entry);
  }
  return { from, to, report: reporting.report };
}

function describe(group: string, { report: measured, from, to }: Measured): string {
  const { estimatedMs, modes, ms, neededMs, undecidedMs, was, wouldBe } = measured;
  const price = measured.pricePerInstanceHour;
  const pair = (name: string, read: (course: ShadowReport['was']) => string): string[] => [
    name,
    read(was),
    read(wouldBe),
  ];
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`;
  const rows = [
    ['', 'as it was', 'as it would have been'],
    pair('instance-hours', ({ instanceMs }) => (instanceMs / hourMs).toFixed(1)),
    ...(price === null
      ? []
      : [pair('dollars', ({ instanceMs }) => ((instanceMs / hourMs) * price).toFixed(2))]),
    pair('changes', ({ changes }) => String(changes)),
    ...(estimatedMs === 0
      ? []
      : [
          pair('time above target', ({ shortMs }) => share(shortMs, estimatedMs)),
          pair('load above target', ({ missingMs }) => share(missingMs, Math.max(1, neededMs))),
        ]),
  ];
  const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
  return [
    `${group}, ${time(from)} to ${time(to)}, in the mode ${modes.join(', ')}:`,
    ...formatTable(rows)
      .split('\n')
      .map((line) => `  ${line}`),
    `  of ${((ms + undecidedMs) / hourMs).toFixed(1)} h on record, ${(ms / hourMs).toFixed(1)} h decided`,
    ...(undecidedMs > ms ? ['  observe decides nothing: in advise there is more to report'] : []),
    ...(estimatedMs === 0 ? ['  no target-tracking policy was read: nothing is said of load'] : []),
    ...notes,
  ].join('\n');
}
