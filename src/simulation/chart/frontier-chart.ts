// The chart of a search: every trial by its violations and its cost over the optimum's, the frontier
// as a line, the allowance as another. What misses the allowance is hollow: where it stands on the
// axis of cost is no ratio to the optimum, which serves more.
import { drawing, element, label, plainNumber, roundTicks, through } from './svg.ts';

export interface FrontierPoint {
  readonly violationShare: number;
  readonly ratio: number;
  readonly kind: 'tried' | 'frontier' | 'own' | 'chosen';
}

const width = 1000;
const height = 520;
const left = 70;
const right = 960;
const top = 84;
const bottom = 460;

const colours = { tried: '#c9d6e4', frontier: '#5b83ad', own: '#b3541e', chosen: '#1f3d5c' };

export function drawFrontierChart(
  title: string,
  subtitle: string,
  chart: { readonly points: readonly FrontierPoint[]; readonly allowance: number },
): string {
  const { points, allowance } = chart;
  const shareMax = Math.max(
    allowance * shownTimes,
    ...points.filter(({ kind }) => kind === 'chosen').map((one) => one.violationShare),
  );
  const shown = points.filter(({ violationShare }) => violationShare <= shareMax);
  const shares = roundTicks(100 * Math.max(allowance, ...shown.map((one) => one.violationShare)));
  const ratios = roundTicks(Math.max(1, ...shown.map(({ ratio }) => ratio)));
  const x = (share: number): number => left + ((right - left) * share * 100) / (shares.at(-1) ?? 1);
  const y = (ratio: number): number => bottom - ((bottom - top) * ratio) / (ratios.at(-1) ?? 1);
  const line = shown
    .filter(({ kind }) => kind === 'frontier' || kind === 'chosen')
    .toSorted((one, other) => one.violationShare - other.violationShare)
    .map((point) => [x(point.violationShare), y(point.ratio)] as const);
  return drawing({ width, height }, title, [
    label(title, { x: 24, y: 28, 'font-size': 16, 'font-weight': 600 }),
    label(subtitle, { x: 24, y: 50, fill: '#666666' }),
    ...shares.map((tick) =>
      label(`${plainNumber(tick)}%`, { x: x(tick / 100), y: bottom + 18, 'text-anchor': 'middle' }),
    ),
    ...ratios.flatMap((tick) => [
      element('line', { x1: left, x2: right, y1: y(tick), y2: y(tick), stroke: '#e6e6e6' }),
      label(plainNumber(tick), { x: left - 8, y: y(tick) + 4, 'text-anchor': 'end' }),
    ]),
    label('violations', { x: right, y: bottom + 36, 'text-anchor': 'end', fill: '#666666' }),
    label('cost / optimum', { x: 24, y: top - 12, fill: '#666666' }),
    element('line', {
      x1: x(allowance),
      x2: x(allowance),
      y1: top,
      y2: bottom,
      stroke: '#2e8b57',
      'stroke-dasharray': '4 3',
    }),
    ...(shown.every(({ violationShare }) => violationShare <= allowance)
      ? []
      : [label('hollow: objective missed', { x: x(allowance) + 8, y: top - 12, fill: '#2e8b57' })]),
    element('path', { d: through(line), fill: 'none', stroke: colours.frontier }),
    ...shown.flatMap(({ violationShare, ratio, kind }) =>
      drawPoint(kind, violationShare > allowance, { x: x(violationShare), y: y(ratio) }),
    ),
  ]);
}

/**
 * What leaves more than this many times the allowance unserved says nothing of the choice, unless the
 * choice itself leaves as much.
 */
const shownTimes = 6;

function drawPoint(
  kind: FrontierPoint['kind'],
  isMissed: boolean,
  { x, y }: { readonly x: number; readonly y: number },
): readonly string[] {
  const isNamed = kind === 'own' || kind === 'chosen';
  const colour = colours[kind];
  const paint = isMissed
    ? { fill: '#ffffff', stroke: colour, 'stroke-width': 2 }
    : { fill: colour };
  const circle = element('circle', { cx: x, cy: y, r: isNamed ? 6 : 4, ...paint });
  if (!isNamed) return [circle];
  const text = kind === 'own' ? 'as configured' : 'found';
  return [circle, label(text, { x: x + 10, y: y - 8, fill: colours[kind], 'font-weight': 600 })];
}
