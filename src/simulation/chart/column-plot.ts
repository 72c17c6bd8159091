// What the charts of a run share: a panel of values over the columns of time, areas, lines and bars in
// it, the hours below it, the strip of decisions, the head and the legend.
import { element, label, plainNumber, roundTicks, through } from './svg.ts';

export const width = 1000;
export const left = 64;
const right = 984;

export const outColour = '#2e8b57';
export const inColour = '#b8860b';
/** How far a bar of decisions reaches from the middle of its strip. */
const decisionsReach = 20;

type Point = readonly [number, number];

/** Where columns and values lie in the picture. */
export interface Panel {
  readonly top: number;
  readonly bottom: number;
  readonly ticks: readonly number[];
  readonly across: (column: number) => number;
  /** What is above the highest tick lies on it. */
  readonly up: (value: number) => number;
}

export function createPanel(
  columns: readonly unknown[],
  { top, bottom }: Pick<Panel, 'top' | 'bottom'>,
  highest: number,
): Panel {
  const ticks = roundTicks(highest);
  const ceiling = ticks.at(-1) ?? 1;
  return {
    top,
    bottom,
    ticks,
    across: (column) => left + ((right - left) * column) / Math.max(1, columns.length),
    up: (value) => bottom - ((bottom - top) * Math.min(value, ceiling)) / ceiling,
  };
}

export function drawHead(title: string, subtitle: string): readonly string[] {
  return [
    label(title, { x: left, y: 26, 'font-size': 16, 'font-weight': 600 }),
    label(subtitle, { x: left, y: 46, fill: '#666666' }),
  ];
}

export function drawLegend(entries: readonly (readonly [string, string])[]): readonly string[] {
  const spacing = (right - left) / entries.length;
  return entries.flatMap(([text, fill], index) => {
    const x = left + index * spacing;
    return [
      element('rect', { x, y: 58, width: 10, height: 10, fill }),
      label(text, { x: x + 15, y: 67 }),
    ];
  });
}

export function drawTicks({ ticks, up }: Panel): readonly string[] {
  return ticks.flatMap((tick) => {
    const y = up(tick);
    return [
      element('line', { x1: left, x2: right, y1: y, y2: y, stroke: '#e6e6e6' }),
      label(plainNumber(tick), { x: left - 8, y: y + 4, 'text-anchor': 'end', fill: '#666666' }),
    ];
  });
}

/** A line across the panel at a value. */
export function drawLevel({ up }: Panel, value: number, stroke: string): string {
  const y = up(value);
  return element('line', { x1: left, x2: right, y1: y, y2: y, stroke, 'stroke-dasharray': '4 3' });
}

/** One value for each column. */
export function drawArea(
  { across, bottom, up }: Panel,
  values: readonly number[],
  fill: string,
): string {
  const points = values.flatMap((value, index): Point[] => [
    [across(index), up(value)],
    [across(index + 1), up(value)],
  ]);
  const closed: Point[] = [[left, bottom], ...points, [across(values.length), bottom]];
  return element('path', { d: `${through(closed)}Z`, fill });
}

/** A line where the value stood still in a column, as tall as its moves where it did not. */
export function drawLine(
  { across, up }: Panel,
  ranges: readonly { readonly lowest: number; readonly highest: number }[],
  stroke: string,
): string {
  let last = Number.POSITIVE_INFINITY;
  const points: Point[] = [];
  for (const [index, { lowest, highest }] of ranges.entries()) {
    const isRising = highest > last;
    const first = isRising ? lowest : highest;
    last = isRising ? highest : lowest;
    points.push([across(index), up(first)], [across(index + 1), up(last)]);
  }
  const style = { stroke, 'stroke-width': 1.5, 'stroke-linejoin': 'round' };
  return element('path', { d: through(points), fill: 'none', ...style });
}

/** The path of a bar over one column, from one value to another; never narrower than `narrowest`. */
export function barOf(
  { across, up }: Panel,
  index: number,
  {
    from,
    to,
    narrowest,
  }: { readonly from: number; readonly to: number; readonly narrowest: number },
): string {
  const wide = Math.max(narrowest, across(index + 1) - across(index)).toFixed(2);
  const start = `M${across(index).toFixed(2)} ${up(from).toFixed(2)}`;
  return `${start}h${wide}V${up(to).toFixed(2)}h-${wide}Z`;
}

const secondsPerHour = 3600;

/** Minutes, hours or days from the first scored second, below a panel. */
export function drawTimes(scoredSeconds: number, { bottom }: Panel): readonly string[] {
  const isShort = scoredSeconds <= 2 * secondsPerHour;
  const isInHours = scoredSeconds <= 72 * secondsPerHour;
  const unit = isShort ? 60 : isInHours ? secondsPerHour : 24 * secondsPerHour;
  const name = isShort ? 'min' : isInHours ? 'h' : 'd';
  return roundTicks(scoredSeconds / unit)
    .filter((tick) => tick * unit <= scoredSeconds)
    .map((tick) => {
      const x = left + ((right - left) * tick * unit) / scoredSeconds;
      const place = { x, y: bottom + 18, 'text-anchor': 'middle', fill: '#666666' };
      return label(`${plainNumber(tick)} ${name}`, place);
    });
}

interface Changes {
  readonly scaleOuts: number;
  readonly scaleIns: number;
}

/** Scale-outs above the middle, scale-ins below it, as tall as there were many. */
export function drawDecisions(
  { across }: Panel,
  columns: readonly Changes[],
  middle: number,
): readonly string[] {
  const most = Math.max(1, ...columns.map((one) => Math.max(one.scaleOuts, one.scaleIns)));
  const reach = (count: number): number => (decisionsReach * count) / most;
  const bars = (countOf: (column: Changes) => number, sign: 1 | -1): string =>
    columns
      .flatMap((column, index) => {
        const count = countOf(column);
        if (count === 0) return [];
        const tall = (Math.max(3, reach(count)) * sign).toFixed(2);
        return [`M${across(index).toFixed(2)} ${middle}v${tall}`];
      })
      .join('');
  const stroke = { fill: 'none', 'stroke-width': 1.5 };
  const line = { x1: left, x2: right, y1: middle, y2: middle };
  return [
    element('line', { ...line, stroke: '#cccccc' }),
    element('path', { d: bars(({ scaleOuts }) => scaleOuts, -1), stroke: outColour, ...stroke }),
    element('path', { d: bars(({ scaleIns }) => scaleIns, 1), stroke: inColour, ...stroke }),
  ];
}
