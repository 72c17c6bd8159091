// The chart of one run: what was asked for, what was there to serve it, when the size was changed.
import type { ChartColumn } from './run-recorder.ts';
import { drawing, element, label, plainNumber, roundTicks, through } from './svg.ts';

export interface RunChart {
  readonly title: string;
  readonly subtitle: string;
  readonly columns: readonly ChartColumn[];
  readonly scoredSeconds: number;
}

const width = 1000;
const height = 440;
const left = 64;
const right = 984;
const top = 84;
const bottom = 344;
/** The strip of decisions below the plot. */
const decisionsMiddle = 400;
const decisionsReach = 20;

const demandColour = '#7aa6d8';
const peakColour = '#c9dcf1';
const capacityColour = '#1f3d5c';
const shortColour = '#d64545';
const outColour = '#2e8b57';
const inColour = '#b8860b';

/** Demand as an area, capacity as a line, red where demand stood above capacity. */
export function drawRunChart(chart: RunChart): string {
  const { columns, title, subtitle } = chart;
  const ticks = roundTicks(Math.max(...columns.map(highestOf)));
  const ceiling = ticks.at(-1) ?? 1;
  const across = (column: number): number =>
    left + ((right - left) * column) / Math.max(1, columns.length);
  const up = (value: number): number => bottom - ((bottom - top) * value) / ceiling;
  const plane: Plane = { columns, across, up };
  return drawing({ width, height }, title, [
    label(title, { x: left, y: 26, 'font-size': 16, 'font-weight': 600 }),
    label(subtitle, { x: left, y: 46, fill: '#666666' }),
    ...drawLegend(),
    ...ticks.map((tick) => drawTick(tick, up(tick))),
    drawArea(plane, peakColour, ({ highestDemand }) => highestDemand),
    drawArea(plane, demandColour, ({ meanDemand }) => meanDemand),
    drawShortage(plane),
    drawCapacity(plane),
    ...drawTimes(chart.scoredSeconds, bottom),
    ...drawDecisions(plane, decisionsMiddle),
  ]);
}

/** The columns, and where their edges and their values lie in the picture. */
interface Plane {
  readonly columns: readonly ChartColumn[];
  readonly across: (column: number) => number;
  readonly up: (value: number) => number;
}

function highestOf({ highestDemand, highestCapacity }: ChartColumn): number {
  return Math.max(highestDemand, highestCapacity);
}

function drawTick(tick: number, y: number): string {
  return [
    element('line', { x1: left, x2: right, y1: y, y2: y, stroke: '#e6e6e6' }),
    label(plainNumber(tick), { x: left - 8, y: y + 4, 'text-anchor': 'end', fill: '#666666' }),
  ].join('\n');
}

function drawArea(
  { columns, across, up }: Plane,
  fill: string,
  valueOf: (column: ChartColumn) => number,
): string {
  const points = columns.flatMap((column, index): (readonly [number, number])[] => [
    [across(index), up(valueOf(column))],
    [across(index + 1), up(valueOf(column))],
  ]);
  const closed = [[left, bottom] as const, ...points, [across(columns.length), bottom] as const];
  return element('path', { d: `${through(closed)}Z`, fill });
}

/** Drawn wider than it is where a column is narrower than a pixel: a shortage must be seen. */
function drawShortage({ columns, across, up }: Plane): string {
  const bars = columns.flatMap(({ shortage }, index) => {
    if (shortage === null) return [];
    const wide = Math.max(1, across(index + 1) - across(index)).toFixed(2);
    const from = `M${across(index).toFixed(2)} ${up(shortage.demand).toFixed(2)}`;
    return [`${from}h${wide}V${up(shortage.capacity).toFixed(2)}h-${wide}Z`];
  });
  return element('path', { d: bars.join(''), fill: shortColour, 'fill-opacity': 0.75 });
}

/** A line where capacity stood still, as tall as its moves where it did not. */
function drawCapacity({ columns, across, up }: Plane): string {
  let last = Number.POSITIVE_INFINITY;
  const points: (readonly [number, number])[] = [];
  for (const [index, { lowestCapacity, highestCapacity }] of columns.entries()) {
    const isRising = highestCapacity > last;
    const first = isRising ? lowestCapacity : highestCapacity;
    last = isRising ? highestCapacity : lowestCapacity;
    points.push([across(index), up(first)], [across(index + 1), up(last)]);
  }
  const stroke = { stroke: capacityColour, 'stroke-width': 1.5, 'stroke-linejoin': 'round' };
  return element('path', { d: through(points), fill: 'none', ...stroke });
}

const secondsPerHour = 3600;

/** Minutes, hours or days from the first scored second, below a plot that ends there. */
export function drawTimes(scoredSeconds: number, plotBottom: number): readonly string[] {
  const isShort = scoredSeconds <= 2 * secondsPerHour;
  const isInHours = scoredSeconds <= 72 * secondsPerHour;
  const unit = isShort ? 60 : isInHours ? secondsPerHour : 24 * secondsPerHour;
  const name = isShort ? 'min' : isInHours ? 'h' : 'd';
  return roundTicks(scoredSeconds / unit)
    .filter((tick) => tick * unit <= scoredSeconds)
    .map((tick) => {
      const x = left + ((right - left) * tick * unit) / scoredSeconds;
      const place = { x, y: plotBottom + 18, 'text-anchor': 'middle', fill: '#666666' };
      return label(`${plainNumber(tick)} ${name}`, place);
    });
}

interface Strip {
  readonly columns: readonly Pick<ChartColumn, 'scaleOuts' | 'scaleIns'>[];
  readonly across: (column: number) => number;
}

/** Scale-outs above the middle, scale-ins below it, as tall as there were many. */
export function drawDecisions({ columns, across }: Strip, middle: number): readonly string[] {
  const most = Math.max(1, ...columns.map((one) => Math.max(one.scaleOuts, one.scaleIns)));
  const reach = (count: number): number => (decisionsReach * count) / most;
  const bars = (countOf: (column: Strip['columns'][number]) => number, sign: 1 | -1): string =>
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

function drawLegend(): readonly string[] {
  const entries = [
    ['demand, mean', demandColour],
    ['its highest second', peakColour],
    ['capacity in service', capacityColour],
    ['demand above it', shortColour],
    ['scale out', outColour],
    ['scale in', inColour],
  ] as const;
  const spacing = (right - left) / entries.length;
  return entries.flatMap(([text, fill], index) => {
    const x = left + index * spacing;
    return [
      element('rect', { x, y: 58, width: 10, height: 10, fill }),
      label(text, { x: x + 15, y: 67 }),
    ];
  });
}
