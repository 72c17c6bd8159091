// `foretide replay`: decides once more on what a store's journal holds, and says what differs. Reads
// the file alone: no controller needs to run, and one that does is not disturbed.

import { explain } from '../../core/explain.ts';
import type { Difference, ReplayReport } from '../../core/replay.ts';
import { stateVersion } from '../../core/state.ts';
import type { JournalHeader, WriterVersions } from '../../store/journal-header.ts';
import type { JournalFile } from '../../store/read-journal.ts';
import { chooseGroups, withJournal } from '../journal-command.ts';
import { expectRead, replayJournal } from '../replay-journal.ts';
import { StartError } from '../start-error.ts';
import { readVersion } from '../version.ts';

export interface ReplayOptions {
  readonly store: string;
  readonly group?: string;
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
}

interface GroupReplay extends ReplayReport {
  readonly group: string;
  /** Who wrote the stretch, where it was not this very version. */
  readonly otherVersions: readonly JournalHeader[];
}

/** Prints a report of each group; fails with exit code 1 if anything differs. */
export async function replay(options: ReplayOptions): Promise<void> {
  const { store, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  if (from >= to) throw new StartError('--from must lie before --to', 2);
  const replays = withJournal(store, (file) =>
    chooseGroups(file, options).map((group) => ({
      group,
      ...replayJournal(file, { group, from, to }),
      otherVersions: findOtherVersions(file, { group, from, to }),
    })),
  );
  print(options, replays);
  const differing = replays.filter(({ differences }) => differences > 0);
  if (differing.length > 0) {
    const names = differing.map(({ group }) => group).join(', ');
    throw new StartError(`the replay differs from the journal: ${names}`, 1);
  }
}

const ourVersions: WriterVersions = {
  foretideVersion: readVersion(),
  nodeVersion: process.version,
  stateVersion,
};

function findOtherVersions(
  file: JournalFile,
  { group, from, to }: { readonly group: string; readonly from: number; readonly to: number },
): readonly JournalHeader[] {
  return expectRead(file.readHeaders(group)).filter(
    (header) =>
      header.from < to &&
      header.to >= from &&
      describeVersions(header) !== describeVersions(ourVersions),
  );
}

function print({ json }: ReplayOptions, replays: readonly GroupReplay[]): void {
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ versions: ourVersions, groups: replays })}\n`);
    return;
  }
  const lines = replays.flatMap(describeReplay);
  process.stdout.write(lines.length === 0 ? 'the journal is empty\n' : `${lines.join('\n')}\n`);
}

function describeReplay(replayed: GroupReplay): readonly string[] {
  const { group, ticks, ticksSkipped, snapshots, gaps, differences, first } = replayed;
  const outcome = differences === 0 ? 'no differences' : count(differences, 'difference');
  const compared = `${count(ticks, 'tick')} and ${count(snapshots, 'snapshot')} replayed`;
  const skipped = `  ${count(ticksSkipped, 'tick')} skipped: the state or the config is not known`;
  return [
    `${group}: ${compared}, ${outcome}`,
    ...(ticksSkipped > 0 ? [skipped] : []),
    ...(gaps > 0 ? [`  ${count(gaps, 'gap')}: entries are missing up to the next snapshot`] : []),
    ...replayed.otherVersions.map(
      (header) =>
        `  ${formatTime(header.from)} to ${formatTime(header.to)} was written by ` +
        `${describeVersions(header)}; this is ${describeVersions(ourVersions)}`,
    ),
    ...(first === null ? [] : describeDifference(first)),
  ];
}

function describeDifference(difference: Difference): readonly string[] {
  const { at, of, path, recorded, replayed, decisions } = difference;
  const values = `recorded ${formatValue(recorded)}, replayed ${formatValue(replayed)}`;
  const explained =
    decisions === null
      ? []
      : [
          `    recorded: ${explain(decisions.recorded).summary}`,
          `    replayed: ${explain(decisions.replayed).summary}`,
        ];
  return [`  first, ${formatTime(at)}, ${of}: ${path}: ${values}`, ...explained];
}

function describeVersions({ foretideVersion, nodeVersion, stateVersion: state }: WriterVersions) {
  return `Foretide ${foretideVersion} on Node ${nodeVersion} (state ${state})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function formatValue(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** To the millisecond, so that it can be found again. */
function formatTime(at: number): string {
  return new Date(at).toISOString();
}
