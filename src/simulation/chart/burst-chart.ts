// The chart of bursts worked off: what is unfinished and who is in service, second by second, a column
// for each kind of message and a line for each rule.
import { drawing, element, label, plainNumber, roundTicks, through } from './svg.ts';

/** One rule's run; an entry for each second from 0 on. */
export interface BurstLine {
  readonly name: string;
  readonly colour: string;
  readonly unfinished: readonly number[];
  readonly inService: readonly number[];
}

export interface BurstColumn {
  readonly title: string;
  readonly lines: readonly BurstLine[];
}

export interface BurstChart {
  readonly title: string;
  readonly promiseSeconds: number;
  readonly spanSeconds: number;
  readonly columns: readonly BurstColumn[];
}

const columnWidth = 480;
const plotWidth = 400;
const margin = 56;
const width = 1000;
const height = 560;
const tops = [112, 332] as const;
const plotHeight = 170;
const minuteStep = 3;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly ceiling: number;
  readonly across: (second: number) => number;
  readonly up: (value: number) => number;
}

/** Up to two columns; every panel of a row has the same scale. */
export function drawBurstChart(chart: BurstChart): string {
  const { columns, title } = chart;
  const lines = columns.flatMap((column) => column.lines);
  const highest = (pick: (line: BurstLine) => readonly number[]): number =>
    lines.reduce((most, line) => pick(line).reduce((high, each) => Math.max(high, each), most), 0);
  const rows = [
    { name: 'messages not done', pick: (line: BurstLine) => line.unfinished, top: tops[0] },
    { name: 'instances in service', pick: (line: BurstLine) => line.inService, top: tops[1] },
  ].map((row) => ({ ...row, ceiling: roundTicks(highest(row.pick)).at(-1) ?? 1 }));
  const panels = columns.flatMap((column, place) => {
    const left = margin + place * columnWidth;
    return [
      label(column.title, { x: left, y: 84, 'font-weight': 600 }),
      ...rows.flatMap(({ ceiling, name, pick, top }) => {
        const frame = frameAt(chart, { left, top, ceiling });
        const paths = column.lines.map((line) => drawLine(pick(line), line.colour, frame));
        return [
          label(name, { x: left, y: top - 8, fill: '#666666' }),
          drawFrame(chart, frame),
        ].concat(paths);
      }),
    ];
  });
  return drawing({ width, height }, title, [
    label(title, { x: 24, y: 28, 'font-size': 16, 'font-weight': 600 }),
    ...drawLegend(columns[0]?.lines ?? []),
    ...panels,
  ]);
}

function frameAt(
  { spanSeconds }: BurstChart,
  place: Pick<Frame, 'left' | 'top' | 'ceiling'>,
): Frame {
  const { ceiling, left, top } = place;
  return {
    ...place,
    across: (second) => left + (plotWidth * second) / spanSeconds,
    up: (value) => top + plotHeight * (1 - value / ceiling),
  };
}

function drawFrame({ promiseSeconds, spanSeconds }: BurstChart, frame: Frame): string {
  const { across, ceiling, left, top, up } = frame;
  const bottom = top + plotHeight;
  const levels = roundTicks(ceiling).flatMap((tick) => [
    element('line', {
      x1: left,
      x2: left + plotWidth,
      y1: up(tick),
      y2: up(tick),
      stroke: '#e6e6e6',
    }),
    label(plainNumber(tick), {
      x: left - 8,
      y: up(tick) + 4,
      'text-anchor': 'end',
      fill: '#666666',
    }),
  ]);
  const minutes: string[] = [];
  for (let minute = 0; minute * 60 <= spanSeconds; minute += minuteStep) {
    const x = across(minute * 60);
    minutes.push(
      label(`${minute} min`, { x, y: bottom + 18, 'text-anchor': 'middle', fill: '#666666' }),
    );
  }
  const promised = element('line', {
    x1: across(promiseSeconds),
    x2: across(promiseSeconds),
    y1: top,
    y2: bottom,
    stroke: '#b03030',
    'stroke-dasharray': '4 3',
  });
  return [...levels, ...minutes, promised].join('\n');
}

/** A value holds until the next one: drawn as steps, with points only where it changes. */
function drawLine(values: readonly number[], colour: string, { across, up }: Frame): string {
  const points: (readonly [number, number])[] = [];
  let before: number | null = null;
  for (const [second, value] of values.entries()) {
    const isLast = second === values.length - 1;
    if (value === before && !isLast) continue;
    if (before !== null) points.push([across(second), up(before)]);
    points.push([across(second), up(value)]);
    before = value;
  }
  return element('path', { d: through(points), fill: 'none', stroke: colour, 'stroke-width': 1.8 });
}

function drawLegend(lines: readonly BurstLine[]): readonly string[] {
  const entries = [...lines.map(({ colour, name }) => ({ colour, name })), promised];
  return entries.flatMap(({ colour, name }, place) => {
    const x = 24 + place * 200;
    return [
      element('line', { x1: x, x2: x + 24, y1: 50, y2: 50, stroke: colour, 'stroke-width': 2 }),
      label(name, { x: x + 32, y: 54 }),
    ];
  });
}

const promised = { colour: '#b03030', name: 'end of the promise' };
