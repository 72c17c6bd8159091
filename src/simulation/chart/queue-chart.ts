// The chart of one run of a queue: how long messages took beside their promise, who was there to work
// on them, when the size was changed.
import {
  barOf,
  createPanel,
  drawArea,
  drawDecisions,
  drawHead,
  drawLegend,
  drawLevel,
  drawLine,
  drawTicks,
  drawTimes,
  inColour,
  left,
  outColour,
  width,
  type Panel,
} from './column-plot.ts';
import type { QueueColumn } from './queue-recorder.ts';
import { drawing, element, label } from './svg.ts';

export interface QueueChart {
  readonly title: string;
  readonly subtitle: string;
  readonly promiseSeconds: number;
  readonly columns: readonly QueueColumn[];
  readonly scoredSeconds: number;
}

const height = 560;
const latencyPlace = { top: 96, bottom: 264 };
const workersPlace = { top: 300, bottom: 464 };
const decisionsMiddle = 520;

const latencyColour = '#7aa6d8';
const lateColour = '#d64545';
const promiseColour = '#b03030';
const busyColour = '#7aa6d8';
const capacityColour = '#1f3d5c';

/** Messages that were never done reach to the top of their panel. */
export function drawQueueChart(chart: QueueChart): string {
  const { columns, promiseSeconds, title, subtitle } = chart;
  const longest = Math.max(promiseSeconds, ...columns.map(({ longest: took }) => finite(took)));
  const latency = createPanel(columns, latencyPlace, longest);
  const most = Math.max(...columns.map(({ highestInService }) => highestInService));
  const workers = createPanel(columns, workersPlace, most);
  const busy = columns.map(({ meanBusy }) => meanBusy);
  const inService = columns.map(({ lowestInService, highestInService }) => {
    return { lowest: lowestInService, highest: highestInService };
  });
  return drawing({ width, height }, title, [
    ...drawHead(title, subtitle),
    ...drawLegend([
      ['in time; at work', latencyColour],
      ['later', lateColour],
      ['instances in service', capacityColour],
      ['scale out', outColour],
      ['scale in', inColour],
    ]),
    namePanel(latency, 'the longest from sent to done, in seconds'),
    ...drawTicks(latency),
    drawLatencies(columns, latency, promiseSeconds),
    drawLevel(latency, promiseSeconds, promiseColour),
    namePanel(workers, 'instances'),
    ...drawTicks(workers),
    drawArea(workers, busy, busyColour),
    drawLine(workers, inService, capacityColour),
    ...drawTimes(chart.scoredSeconds, workers),
    ...drawDecisions(workers, columns, decisionsMiddle),
  ]);
}

function finite(value: number | null): number {
  return value !== null && Number.isFinite(value) ? value : 0;
}

function namePanel({ top }: Panel, name: string): string {
  return label(name, { x: left, y: top - 8, fill: '#666666' });
}

/** A bar for each column; what went beyond the promise is red. */
function drawLatencies(
  columns: readonly QueueColumn[],
  panel: Panel,
  promiseSeconds: number,
): string {
  let kept = '';
  let late = '';
  for (const [index, { longest }] of columns.entries()) {
    if (longest === null) continue;
    const inTime = Math.min(longest, promiseSeconds);
    kept += barOf(panel, index, { from: 0, to: inTime, narrowest: 0.5 });
    if (longest <= promiseSeconds) continue;
    late += barOf(panel, index, { from: promiseSeconds, to: longest, narrowest: 0.5 });
  }
  return [
    element('path', { d: kept, fill: latencyColour }),
    element('path', { d: late, fill: lateColour }),
  ].join('\n');
}
