// The chart of one run: what was asked for, what was there to serve it, when the size was changed.
import {
  barOf,
  createPanel,
  drawArea,
  drawDecisions,
  drawHead,
  drawLegend,
  drawLine,
  drawTicks,
  drawTimes,
  inColour,
  outColour,
  width,
  type Panel,
} from './column-plot.ts';
import type { ChartColumn } from './run-recorder.ts';
import { drawing, element } from './svg.ts';

export interface RunChart {
  readonly title: string;
  readonly subtitle: string;
  readonly columns: readonly ChartColumn[];
  readonly scoredSeconds: number;
}

const height = 440;
const place = { top: 84, bottom: 344 };
const decisionsMiddle = 400;

const demandColour = '#7aa6d8';
const peakColour = '#c9dcf1';
const capacityColour = '#1f3d5c';
const shortColour = '#d64545';

/** Demand as an area, capacity as a line, red where demand stood above capacity. */
export function drawRunChart({ columns, scoredSeconds, subtitle, title }: RunChart): string {
  const panel = createPanel(columns, place, Math.max(...columns.map(highestOf)));
  const peaks = columns.map(({ highestDemand }) => highestDemand);
  const means = columns.map(({ meanDemand }) => meanDemand);
  const capacity = columns.map(({ lowestCapacity, highestCapacity }) => {
    return { lowest: lowestCapacity, highest: highestCapacity };
  });
  return drawing({ width, height }, title, [
    ...drawHead(title, subtitle),
    ...drawLegend([
      ['demand, mean', demandColour],
      ['its highest second', peakColour],
      ['capacity in service', capacityColour],
      ['demand above it', shortColour],
      ['scale out', outColour],
      ['scale in', inColour],
    ]),
    ...drawTicks(panel),
    drawArea(panel, peaks, peakColour),
    drawArea(panel, means, demandColour),
    drawShortage(panel, columns),
    drawLine(panel, capacity, capacityColour),
    ...drawTimes(scoredSeconds, panel),
    ...drawDecisions(panel, columns, decisionsMiddle),
  ]);
}

function highestOf({ highestDemand, highestCapacity }: ChartColumn): number {
  return Math.max(highestDemand, highestCapacity);
}

/** Drawn wider than it is where a column is narrower than a pixel: a shortage must be seen. */
function drawShortage(panel: Panel, columns: readonly ChartColumn[]): string {
  const bars = columns.flatMap(({ shortage }, index) => {
    if (shortage === null) return [];
    const { demand: from, capacity: to } = shortage;
    return [barOf(panel, index, { from, to, narrowest: 1 })];
  });
  return element('path', { d: bars.join(''), fill: shortColour, 'fill-opacity': 0.75 });
}
