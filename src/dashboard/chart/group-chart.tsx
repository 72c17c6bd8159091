// The one chart of a group, and the ways to move in it by pointer and by keys. What stands in it is
// handed in.

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { ToldDecision } from '../contract.ts';
import { sayNumber, sayTime } from '../say.ts';
import type { ChartData } from './chart-data.ts';
import type { Bounds } from './chart-span.ts';
import { findMark, type Marks } from './draw-marks.ts';
import { countShades } from './say-shades.ts';
import { describePlot, toAligned } from './plot-options.ts';

interface Props {
  readonly data: ChartData;
  readonly bounds: Bounds;
  readonly marks: Marks;
  readonly isDark: boolean;
  readonly onSelect: (bounds: Bounds) => void;
  readonly onPick: (told: ToldDecision) => void;
  /** Steps of a quarter of the span, and zooms by a factor. */
  readonly onPan: (share: number) => void;
  readonly onZoom: (factor: number) => void;
}

const chartHeights = { wide: 340, narrow: 260 } as const;

export function GroupChart(props: Props): JSX.Element {
  const { bounds, data, isDark, marks, onPan, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = makePlot(element, latest);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [isDark]);
  useEffect(() => {
    const { current } = plot;
    if (current === null) return;
    current.batch(() => {
      current.setData(toAligned(data), false);
      current.setScale('x', { min: bounds.from / 1000, max: bounds.to / 1000 });
    });
  });
  return (
    <div
      ref={box}
      class="chart"
      tabIndex={0}
      role="application"
      aria-roledescription="chart"
      aria-label={`${summarise(data)}${countShades(marks.shades)} Left and right move, plus and minus zoom.`}
      onKeyDown={(event) => {
        const act = keyAct(event.key, { onPan, onZoom });
        if (act === null) return;
        event.preventDefault();
        act();
      }}
    />
  );
}

function makePlot(element: HTMLElement, latest: { readonly current: Props }): uPlot {
  const { data } = latest.current;
  const options = describePlot({
    ...sizeOf(element),
    marks: () => latest.current.marks,
    onSelect: (selected) => latest.current.onSelect(selected),
  });
  const plot = new uPlot(options, toAligned(data), element);
  plot.over.addEventListener('click', (event) => {
    const told = findMark(plot, event.offsetX, latest.current.marks);
    if (told !== null) latest.current.onPick(told);
  });
  return plot;
}

function sizeOf(element: HTMLElement): { readonly width: number; readonly height: number } {
  const width = Math.max(240, element.clientWidth);
  return { width, height: width < 560 ? chartHeights.narrow : chartHeights.wide };
}

type Ways = Pick<Props, 'onPan' | 'onZoom'>;

function keyAct(key: string, { onPan, onZoom }: Ways): (() => void) | null {
  switch (key) {
    case 'ArrowLeft':
      return () => onPan(-0.25);
    case 'ArrowRight':
      return () => onPan(0.25);
    case '+':
    case '=':
      return () => onZoom(0.5);
    case '-':
      return () => onZoom(2);
    default:
      return null;
  }
}

function summarise({ demand, inService, times }: ChartData): string {
  const first = times[0];
  if (first === undefined) return 'Nothing is recorded in this span.';
  const known = demand.filter((value) => value !== null);
  const sizes = inService.filter((value) => value !== null);
  const span = (values: readonly number[]): string =>
    values.length === 0
      ? 'unknown'
      : `${sayNumber(Math.min(...values))} to ${sayNumber(Math.max(...values))}`;
  return `From ${sayTime(first * 1000)}: demand ${span(known)}, in service ${span(sizes)}.`;
}
