// The screen of `foretide top`: groups, trouble first, and the reasons of one. Draws from what was
// seen; knows nothing of how it came about.

import type { GroupStatus } from '../api/answers.ts';
import { sayQueue } from './say-queue.ts';
import { formatTable } from './table.ts';

export type TopView =
  | { readonly kind: 'seen'; readonly groups: readonly GroupStatus[] }
  | { readonly kind: 'lost'; readonly message: string };

export interface TopScreen {
  readonly columns: number;
  readonly rows: number;
  readonly isColoured: boolean;
  /** The place of the group whose reasons are shown; null shows the list alone. */
  readonly selected: number | null;
}

const detailLinesMax = 8;
const nameMax = 32;

/** No line is wider than the screen, and no more lines than it has. */
export function renderTop(view: TopView, screen: TopScreen): string {
  const { columns, rows, selected } = screen;
  const lines = view.kind === 'lost' ? [`foretide: ${view.message}`] : list(view.groups, screen);
  const keys = selected === null ? [] : ['', 'up, down: choose a group   q: quit'];
  return [...lines.slice(0, Math.max(1, rows - keys.length - 1)), ...keys]
    .map((line) => cut(line, columns))
    .join('\n');
}

function list(groups: readonly GroupStatus[], screen: TopScreen): readonly string[] {
  const sorted = groups.toSorted(byTrouble);
  const { isColoured, rows, selected } = screen;
  const details = selected === null ? [] : describe(sorted[selected]);
  const room = Math.max(1, rows - details.length - 5);
  const first = selected === null ? 0 : Math.max(0, selected - room + 1);
  const shown = sorted.slice(first, first + room);
  const table = formatTable([head, ...shown.map(toRow)]).split('\n');
  const coloured = table.map((line, index) => {
    const group = index === 0 ? undefined : shown[index - 1];
    const mark = selected !== null && index > 0 && first + index - 1 === selected ? '>' : ' ';
    const text = `${mark} ${line}`;
    return isColoured && group !== undefined && isTrouble(group) ? red(text) : text;
  });
  const unseen = sorted.length - shown.length;
  return [...coloured, ...(unseen > 0 ? [`  and ${unseen} more`] : []), ...details];
}

const head = ['group', 'mode', 'desired', 'in service', 'pending', 'silent', 'bounds', 'now'];

function toRow(group: GroupStatus): readonly string[] {
  const { desired, inService, max, min, mode, name, now, pending, problem, silent } = group;
  return [
    name.length > nameMax ? `${name.slice(0, nameMax - 1)}…` : name,
    mode,
    String(desired ?? '?'),
    String(inService),
    String(pending),
    String(silent),
    `${min}-${max}`,
    problem ?? now?.explanation.summary ?? 'nothing has been decided yet',
  ];
}

function describe(group: GroupStatus | undefined): readonly string[] {
  if (group === undefined) return [];
  const { lastDecision, name, now, overrides, queue } = group;
  const held = overrides.map(({ by, kind, why }) => `  ${kind} by ${by}: ${why}`);
  const details = now?.explanation.details.map((line) => `  ${line}`) ?? [];
  const last = lastDecision === null ? [] : [`  last: ${lastDecision.explanation.summary}`];
  const work = queue === undefined ? [] : [`  ${sayQueue(queue)}`];
  return ['', name, ...[...held, ...work, ...last, ...details].slice(0, detailLinesMax)];
}

function byTrouble(one: GroupStatus, other: GroupStatus): number {
  const difference = Number(isTrouble(other)) - Number(isTrouble(one));
  if (difference !== 0) return difference;
  return one.name < other.name ? -1 : Number(one.name > other.name);
}

function isTrouble({ heldBy, lastDecision, problem, silent }: GroupStatus): boolean {
  const last = lastDecision?.actuation?.kind;
  return problem !== null || heldBy !== null || silent > 0 || last === 'refused';
}

const escape = '\u001B';

function red(text: string): string {
  return `${escape}[31m${text}${escape}[0m`;
}

/** Not counting the codes for colours, which stand at a line's ends alone. */
function cut(line: string, columns: number): string {
  const isRed = line.startsWith(escape);
  const plain = isRed ? line.slice(5, -4) : line;
  if (plain.length <= columns) return line;
  const short = `${plain.slice(0, Math.max(0, columns - 1))}…`;
  return isRed ? red(short) : short;
}
