// The chart of a comparison: one bar for each candidate, as long as its cost over the optimum's.
import { drawing, element, label, plainNumber, roundTicks } from './svg.ts';

export interface RatioBar {
  readonly name: string;
  readonly isOwn: boolean;
  /** Null: it does not keep the allowance. */
  readonly ratio: number | null;
  /** What is written at the end of the bar. */
  readonly note: string;
}

const width = 1000;
const left = 250;
const right = 800;
const top = 84;
const rowHeight = 26;

const ownColour = '#1f3d5c';
const rivalColour = '#9db8d4';

/** Bars in the order given; a line stands at 1, the optimum. */
export function drawRatioChart(title: string, subtitle: string, bars: readonly RatioBar[]): string {
  const height = top + bars.length * rowHeight + 40;
  const bottom = height - 36;
  const ticks = roundTicks(Math.max(1, ...bars.map(({ ratio }) => ratio ?? 0)));
  const ceiling = ticks.at(-1) ?? 1;
  const across = (ratio: number): number => left + ((right - left) * ratio) / ceiling;
  return drawing({ width, height }, title, [
    label(title, { x: 24, y: 28, 'font-size': 16, 'font-weight': 600 }),
    label(subtitle, { x: 24, y: 50, fill: '#666666' }),
    ...ticks.map((tick) => drawTick(tick, across(tick), bottom)),
    ...bars.flatMap((bar, index) => drawBar(bar, top + index * rowHeight, across)),
    element('line', {
      x1: across(1),
      x2: across(1),
      y1: top - 8,
      y2: bottom,
      stroke: '#2e8b57',
      'stroke-width': 1.5,
      'stroke-dasharray': '4 3',
    }),
    label('optimum', { x: across(1), y: top - 12, 'text-anchor': 'middle', fill: '#2e8b57' }),
  ]);
}

function drawTick(tick: number, x: number, bottom: number): string {
  return [
    element('line', { x1: x, x2: x, y1: top - 4, y2: bottom, stroke: '#e6e6e6' }),
    label(plainNumber(tick), { x, y: bottom + 18, 'text-anchor': 'middle', fill: '#666666' }),
  ].join('\n');
}

function drawBar(bar: RatioBar, y: number, across: (ratio: number) => number): readonly string[] {
  const { name, isOwn, ratio, note } = bar;
  const weight = isOwn ? 600 : 400;
  const end = across(ratio ?? 0);
  return [
    label(name, { x: left - 10, y: y + 14, 'text-anchor': 'end', 'font-weight': weight }),
    element('rect', {
      x: left,
      y: y + 2,
      width: end - left,
      height: rowHeight - 10,
      fill: isOwn ? ownColour : rivalColour,
    }),
    label(note, {
      x: (ratio === null ? across(1) : end) + 8,
      y: y + 14,
      fill: ratio === null ? '#b03030' : '#333333',
    }),
  ];
}
