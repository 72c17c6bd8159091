// The demo's live view: what arrives, what there is, and why it was last changed, as one screen of
// text. Draws from a snapshot; knows nothing of how it came about.

import { stripVTControlCharacters } from 'node:util';
import { renderChart, type ChartCell, type ChartPoint } from './chart.ts';

export interface ViewGroup {
  readonly name: string;
  readonly mode: string;
  readonly note: string;
  readonly cpuRatio: number | null;
  readonly desired: number | null;
  readonly inService: number;
  readonly pending: number;
  readonly terminating: number;
  readonly silent: number;
  readonly points: readonly ChartPoint[];
  /** Newest first. */
  readonly decisions: readonly { readonly time: string; readonly sentence: string }[];
  readonly now: string;
}

export interface ViewSnapshot {
  readonly title: string;
  readonly facts: readonly string[];
  readonly groups: readonly ViewGroup[];
  readonly footer: string;
}

const chartHeight = 8;
const decisionsShown = 5;

/** One screen, without the codes that move the cursor. `isColoured` follows NO_COLOR. */
export function renderView(
  snapshot: ViewSnapshot,
  size: { readonly columns: number; readonly isColoured: boolean },
): string {
  const paint = size.isColoured ? colour : (text: string): string => text;
  const width = Math.max(40, Math.min(size.columns, 160));
  const lines = [
    paint(snapshot.title, 'bold'),
    paint(snapshot.facts.join('  ·  '), 'dim'),
    ...snapshot.groups.flatMap((group) => ['', ...renderGroup(group, width, paint)]),
    '',
    paint(snapshot.footer, 'dim'),
  ];
  return lines.map((line) => cut(line, width)).join('\n');
}

type Tone = 'bold' | 'dim' | 'green' | 'red' | 'cyan' | 'yellow';
type Paint = (text: string, tone: Tone) => string;

const codes: Readonly<Record<Tone, string>> = {
  bold: '1',
  dim: '2',
  green: '32',
  red: '31',
  cyan: '36',
  yellow: '33',
};

const escape = '\u001B';

const colour: Paint = (text, tone) => `${escape}[${codes[tone]}m${text}${escape}[0m`;

function renderGroup(group: ViewGroup, width: number, paint: Paint): readonly string[] {
  const cpu = group.cpuRatio === null ? 'no reports' : `cpu ${Math.round(group.cpuRatio * 100)}%`;
  const counts = [
    cpu,
    `desired ${group.desired ?? '?'}`,
    `in service ${group.inService}`,
    `pending ${group.pending}`,
    `terminating ${group.terminating}`,
    ...(group.silent > 0 ? [`silent ${group.silent}`] : []),
  ];
  const head = `${paint(group.name, 'bold')} (${group.mode})  ${counts.join('  ')}`;
  const chart =
    group.points.length === 0
      ? []
      : renderChart(group.points, width - 2, chartHeight).map((row) => `  ${paintRow(row, paint)}`);
  const legend = chart.length === 0 ? [] : [paint(`  ${group.note}`, 'dim')];
  const decisions = group.decisions
    .slice(0, decisionsShown)
    .map(({ time, sentence }) => `  ${paint(time, 'dim')} ${sentence}`);
  return [head, ...chart, ...legend, `  ${paint('now', 'cyan')} ${group.now}`, ...decisions];
}

const tones: Readonly<Record<ChartCell['kind'], Tone>> = {
  empty: 'dim',
  demand: 'green',
  unserved: 'red',
  capacity: 'yellow',
};

/** Neighbours of one kind are painted together, to write fewer bytes. */
function paintRow(cells: readonly ChartCell[], paint: Paint): string {
  let painted = '';
  let run = '';
  let kind: ChartCell['kind'] = 'empty';
  const flush = (): void => {
    painted += kind === 'empty' || run === '' ? run : paint(run, tones[kind]);
    run = '';
  };
  for (const cell of cells) {
    if (cell.kind !== kind) flush();
    kind = cell.kind;
    run += cell.letter;
  }
  flush();
  return painted;
}

/** Cuts to the screen's width, not counting the codes for colours. */
function cut(line: string, width: number): string {
  if (stripVTControlCharacters(line).length <= width) return line;
  let kept = '';
  let count = 0;
  for (let index = 0; index < line.length && count < width - 1; index += 1) {
    const code = line[index] === escape ? line.slice(index, line.indexOf('m', index) + 1) : '';
    if (code === '') count += 1;
    kept += code === '' ? line[index] : code;
    index += Math.max(0, code.length - 1);
  }
  return line.includes(escape) ? `${kept}…${escape}[0m` : `${kept}…`;
}
