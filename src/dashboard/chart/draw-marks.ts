// What the chart shows beside its lines: decisions as arrows above them, held spans as shading, and
// where the present ends and the forecast begins.

import type uPlot from 'uplot';
import type { ToldDecision } from '../contract.ts';
import type { Shade } from './shades.ts';

export interface Marks {
  readonly decisions: readonly ToldDecision[];
  readonly shades: readonly Shade[];
  /** Null where the span does not reach the present. */
  readonly now: number | null;
  /** The decision whose reasons are shown. */
  readonly pickedAt: number | null;
}

export interface MarkColours {
  readonly out: string;
  readonly in: string;
  readonly shade: string;
  readonly ink: string;
}

const arrowPx = 7;
/** A click this near to an arrow means it. */
const reachPx = 14;

export function drawShades(plot: uPlot, { now, shades }: Marks, colours: MarkColours): void {
  const { ctx: pen } = plot;
  const { height, left, top, width } = plot.bbox;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  pen.fillStyle = colours.shade;
  for (const { from, to } of shades) {
    const start = plot.valToPos(from / 1000, 'x', true);
    const end = to === null ? left + width : plot.valToPos(to / 1000, 'x', true);
    pen.fillRect(start, top, Math.max(2, end - start), height);
  }
  if (now !== null) {
    const x = Math.round(plot.valToPos(now / 1000, 'x', true));
    pen.strokeStyle = colours.ink;
    pen.globalAlpha = 0.5;
    pen.setLineDash([2, 4]);
    pen.beginPath();
    pen.moveTo(x, top);
    pen.lineTo(x, top + height);
    pen.stroke();
  }
  pen.restore();
}

export function drawDecisions(plot: uPlot, marks: Marks, colours: MarkColours): void {
  const { ctx: pen } = plot;
  const { left, top, width } = plot.bbox;
  const size = arrowPx * devicePixelRatio;
  for (const { decision } of marks.decisions) {
    const x = plot.valToPos(decision.at / 1000, 'x', true);
    if (x < left || x > left + width || decision.kind === 'hold') continue;
    const isOut = decision.kind === 'scale-out';
    const base = top + size * (isOut ? 2 : 1);
    pen.fillStyle = isOut ? colours.out : colours.in;
    pen.beginPath();
    pen.moveTo(x, base + (isOut ? -size : size));
    pen.lineTo(x - size * 0.8, base);
    pen.lineTo(x + size * 0.8, base);
    pen.fill();
    if (decision.at !== marks.pickedAt) continue;
    pen.fillRect(Math.round(x) - 1, base, 2, plot.bbox.height);
  }
}

/** The decision whose arrow stands nearest to `x`, a position within the plot; null beyond reach. */
export function findMark(plot: uPlot, x: number, marks: Marks): ToldDecision | null {
  let nearest: ToldDecision | null = null;
  let distance = reachPx;
  for (const told of marks.decisions) {
    const apart = Math.abs(plot.valToPos(told.decision.at / 1000, 'x') - x);
    if (apart > distance) continue;
    distance = apart;
    nearest = told;
  }
  return nearest;
}
