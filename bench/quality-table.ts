// The protocol's tables in markdown: geometric means over the loads for each column, and load by load
// at the main one.
import { geometricMean, violationAllowances } from '../src/simulation/score/score.ts';
import { columns, tuningLoads } from './quality-plan.ts';
import type { Cell, QualityResult, QualityTask } from './quality-plan.ts';

/** The allowance of the table by load: 0.5 %. */
const detailIndex = 1;

type Results = ReadonlyMap<string, QualityResult>;

export function formatTables(tasks: readonly QualityTask[], results: Results): string {
  const planned = columns.filter(({ name }) => tasks.some(({ column }) => column.name === name));
  const [main] = planned;
  const tables = planned.map(({ name }) => formatColumn(name, tasks, results));
  return [...tables, ...(main === undefined ? [] : [formatLoads(main.name, tasks, results)])].join(
    '\n',
  );
}

/** Geometric means over the held-out loads and over all, at each allowance. */
function formatColumn(column: string, tasks: readonly QualityTask[], results: Results): string {
  const of = tasks.filter((task) => task.column.name === column);
  const names = [...new Set(of.map(({ entrant }) => entrant))];
  const percents = violationAllowances.map((allowance) => `${allowance * 100} %`);
  const rows = names.map((name) => {
    const own = of.filter(({ entrant }) => entrant === name);
    const heldOut = own.filter(({ load }) => !tuningLoads.has(load));
    const cells = percents.map((_, index) => sayMean(own, results, index));
    const held = percents.map((_, index) => sayMean(heldOut, results, index));
    return [name, ...cells, ...held, sayOwn(own, results)];
  });
  const head = ['', ...percents, ...percents.map((one) => `held out ${one}`), 'at its own'];
  return [
    `\n### ${column}\n`,
    'Cost / optimum, geometric means over the loads; in brackets the loads above the allowance,',
    'which count as the static peak; last, at the violations that the run at 0.5 % itself left.\n',
    formatMarkdown(head, rows),
  ].join('\n');
}

function formatLoads(column: string, tasks: readonly QualityTask[], results: Results): string {
  const of = tasks.filter((task) => task.column.name === column);
  const names = [...new Set(of.map(({ entrant }) => entrant))];
  const loads = [...new Set(of.map(({ load }) => load))];
  const rows = names.map((name) => [
    name,
    ...loads.map((load) => {
      const task = of.find((one) => one.entrant === name && one.load === load);
      const cell = task === undefined ? undefined : cellOf(task, results, detailIndex);
      if (cell === undefined) return '-';
      return `${cell.ratio.toFixed(2)}${cell.isFallback ? ' †' : ''}`;
    }),
  ]);
  return [
    `\n### ${column}, load by load at ${(violationAllowances[detailIndex] ?? 0) * 100} %\n`,
    '† more violations than allowed: the static peak’s ratio.\n',
    formatMarkdown(['', ...loads], rows),
  ].join('\n');
}

function cellOf(task: QualityTask, results: Results, index: number): Cell | undefined {
  return results.get(task.key)?.cells[index];
}

/** `1.31 (2)`; a dash while a result is missing, since a mean over fewer loads says another thing. */
function sayMean(tasks: readonly QualityTask[], results: Results, index: number): string {
  const cells = tasks.flatMap((task) => cellOf(task, results, index) ?? []);
  if (cells.length === 0 || cells.length < tasks.length) return '-';
  const fallbacks = cells.filter(({ isFallback }) => isFallback).length;
  const mean = geometricMean(cells.map(({ ratio }) => ratio)).toFixed(2);
  return fallbacks === 0 ? mean : `${mean} (${fallbacks})`;
}

function sayOwn(tasks: readonly QualityTask[], results: Results): string {
  const cells = tasks.flatMap((task) => cellOf(task, results, detailIndex) ?? []);
  if (cells.length === 0 || cells.length < tasks.length) return '-';
  return geometricMean(cells.map(({ ownRatio }) => ownRatio)).toFixed(2);
}

function formatMarkdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
