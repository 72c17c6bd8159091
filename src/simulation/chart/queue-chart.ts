// The chart of one run of a queue: how long messages took beside their promise, who was there to work
// on them, when the size was changed.
import type { QueueColumn } from './queue-recorder.ts';
import { drawDecisions, drawTimes } from './run-chart.ts';
import { drawing, element, label, plainNumber, roundTicks, through } from './svg.ts';

export interface QueueChart {
  readonly title: string;
  readonly subtitle: string;
  readonly promiseSeconds: number;
  readonly columns: readonly QueueColumn[];
  readonly scoredSeconds: number;
}

const width = 1000;
const height = 560;
const left = 64;
const right = 984;

const latencyColour = '#7aa6d8';
const lateColour = '#d64545';
const busyColour = '#7aa6d8';
const capacityColour = '#1f3d5c';

/** A panel of the chart, and where its values lie in the picture. */
interface Panel {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly ticks: readonly number[];
  readonly across: (column: number) => number;
  readonly up: (value: number) => number;
}

/** Messages that were never done reach to the top of their panel. */
export function drawQueueChart(chart: QueueChart): string {
  const { columns, promiseSeconds, title, subtitle } = chart;
  const across = (column: number): number =>
    left + ((right - left) * column) / Math.max(1, columns.length);
  const longest = Math.max(promiseSeconds, ...columns.map(({ longest: took }) => finite(took)));
  const latency = makePanel(
    { name: 'the longest from sent to done, in seconds', top: 96, bottom: 264, across },
    longest,
  );
  const most = Math.max(...columns.map(({ highestInService }) => highestInService));
  const workers = makePanel({ name: 'instances', top: 300, bottom: 464, across }, most);
  return drawing({ width, height }, title, [
    label(title, { x: left, y: 26, 'font-size': 16, 'font-weight': 600 }),
    label(subtitle, { x: left, y: 46, fill: '#666666' }),
    ...drawLegend(),
    ...drawPanel(latency),
    drawLatencies(columns, latency, promiseSeconds),
    drawPromise(latency, promiseSeconds),
    ...drawPanel(workers),
    drawBusy(columns, workers),
    drawInService(columns, workers),
    ...drawTimes(chart.scoredSeconds, workers.bottom),
    ...drawDecisions({ columns, across }, 520),
  ]);
}

function finite(value: number | null): number {
  return value !== null && Number.isFinite(value) ? value : 0;
}

function makePanel(
  place: Pick<Panel, 'name' | 'top' | 'bottom' | 'across'>,
  highest: number,
): Panel {
  const ticks = roundTicks(highest);
  const ceiling = ticks.at(-1) ?? 1;
  const { top, bottom } = place;
  const up = (value: number): number =>
    bottom - ((bottom - top) * Math.min(value, ceiling)) / ceiling;
  return { ...place, ticks, up };
}

function drawPanel({ name, top, ticks, up }: Panel): readonly string[] {
  const lines = ticks.flatMap((tick) => {
    const y = up(tick);
    return [
      element('line', { x1: left, x2: right, y1: y, y2: y, stroke: '#e6e6e6' }),
      label(plainNumber(tick), { x: left - 8, y: y + 4, 'text-anchor': 'end', fill: '#666666' }),
    ];
  });
  return [label(name, { x: left, y: top - 8, fill: '#666666' }), ...lines];
}

/** A bar for each column; what went beyond the promise is red. */
function drawLatencies(
  columns: readonly QueueColumn[],
  { across, bottom, up }: Panel,
  promiseSeconds: number,
): string {
  const bar = (index: number, from: number, to: number): string => {
    const wide = Math.max(0.5, across(index + 1) - across(index)).toFixed(2);
    return `M${across(index).toFixed(2)} ${from.toFixed(2)}h${wide}V${to.toFixed(2)}h-${wide}Z`;
  };
  let kept = '';
  let late = '';
  for (const [index, { longest }] of columns.entries()) {
    if (longest === null) continue;
    kept += bar(index, bottom, up(Math.min(longest, promiseSeconds)));
    if (longest > promiseSeconds) late += bar(index, up(promiseSeconds), up(longest));
  }
  return [
    element('path', { d: kept, fill: latencyColour }),
    element('path', { d: late, fill: lateColour }),
  ].join('\n');
}

function drawPromise({ up }: Panel, promiseSeconds: number): string {
  const y = up(promiseSeconds);
  const stroke = { stroke: '#b03030', 'stroke-dasharray': '4 3' };
  return element('line', { x1: left, x2: right, y1: y, y2: y, ...stroke });
}

function drawBusy(columns: readonly QueueColumn[], { across, bottom, up }: Panel): string {
  const points = columns.flatMap(({ meanBusy }, index): (readonly [number, number])[] => [
    [across(index), up(meanBusy)],
    [across(index + 1), up(meanBusy)],
  ]);
  const closed = [[left, bottom] as const, ...points, [across(columns.length), bottom] as const];
  return element('path', { d: `${through(closed)}Z`, fill: busyColour });
}

/** A line where the size stood still, as tall as its moves where it did not. */
function drawInService(columns: readonly QueueColumn[], { across, up }: Panel): string {
  let last = Number.POSITIVE_INFINITY;
  const points: (readonly [number, number])[] = [];
  for (const [index, { lowestInService, highestInService }] of columns.entries()) {
    const isRising = highestInService > last;
    const first = isRising ? lowestInService : highestInService;
    last = isRising ? highestInService : lowestInService;
    points.push([across(index), up(first)], [across(index + 1), up(last)]);
  }
  const stroke = { stroke: capacityColour, 'stroke-width': 1.5, 'stroke-linejoin': 'round' };
  return element('path', { d: through(points), fill: 'none', ...stroke });
}

function drawLegend(): readonly string[] {
  const entries = [
    ['in time; at work', latencyColour],
    ['later', lateColour],
    ['instances in service', capacityColour],
    ['scale out', '#2e8b57'],
    ['scale in', '#b8860b'],
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
