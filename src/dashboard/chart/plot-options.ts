// How uPlot is told to draw a group: colours, lines, axes.

import uPlot from 'uplot';
import { readColour } from '../scheme.ts';
import { sayNumber, sayTime, sayUtc } from '../say.ts';
import type { ChartData } from './chart-data.ts';
import type { Bounds } from './chart-span.ts';
import { drawDecisions, drawShades, type Marks } from './draw-marks.ts';

export interface PlotParts {
  readonly width: number;
  readonly height: number;
  readonly marks: () => Marks;
  readonly onSelect: (bounds: Bounds) => void;
}

export function toAligned(data: ChartData): uPlot.AlignedData {
  const { demand, desired, high, inService, low, middle, times } = data;
  return [times, inService, desired, demand, low, high, middle];
}

export function describePlot({ height, marks, onSelect, width }: PlotParts): uPlot.Options {
  const palette = {
    out: readColour('--scale-out'),
    in: readColour('--scale-in'),
    shade: readColour('--held-area'),
    prewarm: readColour('--prewarm'),
    prewarmArea: readColour('--forecast-area'),
    ink: readColour('--ink'),
  };
  const axis = {
    stroke: readColour('--quiet'),
    grid: { stroke: readColour('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  return {
    width,
    height,
    padding: [8, 26, 0, 0],
    cursor: { drag: { x: true, y: false, setScale: false, dist: 6 }, points: { size: 7 } },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(2, (most ?? 0) * 1.25)] } },
    axes: [
      { ...axis, size: 32, values: timeLabels },
      { ...axis, size: 44, values: (_plot, values) => values.map((value) => sayNumber(value)) },
    ],
    series: describeSeries(),
    bands: [{ series: [5, 4], fill: readColour('--forecast-area') }],
    hooks: {
      drawClear: [(plot) => drawShades(plot, marks(), palette)],
      draw: [(plot) => drawDecisions(plot, marks(), palette)],
      setSelect: [
        (plot) => {
          const { left, width: selected } = plot.select;
          if (selected < 4) return;
          const from = plot.posToVal(left, 'x') * 1000;
          const to = plot.posToVal(left + selected, 'x') * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          onSelect({ from, to });
        },
      ],
    },
  };
}

function describeSeries(): uPlot.Series[] {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const step = stepped === undefined ? {} : { paths: stepped };
  const line = { spanGaps: true, points: { show: false }, value: sayValue } as const;
  const forecast = readColour('--forecast');
  return [
    { label: 'Time', value: (_plot, at) => (at === null ? '–' : sayMoment(at)) },
    {
      ...line,
      ...step,
      label: 'In service',
      stroke: readColour('--capacity'),
      fill: readColour('--capacity-area'),
      width: 1.5,
    },
    {
      ...line,
      ...step,
      label: 'Desired',
      stroke: readColour('--desired'),
      dash: [6, 4],
      width: 1.5,
    },
    { ...line, label: 'Demand', stroke: readColour('--demand'), width: 2.25 },
    { ...line, label: 'Forecast, low', stroke: forecast, width: 0.5 },
    { ...line, label: 'Forecast, high', stroke: forecast, width: 0.5 },
    { ...line, label: 'Forecast', stroke: forecast, dash: [2, 3], width: 2 },
  ];
}

function sayValue(_plot: uPlot, value: number | null): string {
  return sayNumber(value);
}

function sayMoment(seconds: number): string {
  return `${sayTime(seconds * 1000, Date.now())} · ${sayUtc(seconds * 1000)}`;
}

const dayS = 86_400;
const minuteLabel = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const secondLabel = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayLabel = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** On the 24-hour clock, as everywhere on the page; days where the ticks are days. */
function timeLabels(_plot: uPlot, seconds: number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  const form = step >= dayS ? dayLabel : step >= 60 ? minuteLabel : secondLabel;
  return seconds.map((at) => form.format(at * 1000));
}
