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
  readonly prewarm: string;
  readonly prewarmArea: string;
  readonly ink: string;
}

const arrowPx = 7;
/** From one stripe of a pre-warm to the next. */
const stripePx = 9;
/** A click this near to an arrow means it. */
const reachPx = 14;

export function drawShades(plot: uPlot, { now, shades }: Marks, colours: MarkColours): void {
  const { ctx: pen } = plot;
  const { height, left, top, width } = plot.bbox;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  // What has no end yet is known up to now, where now is in sight.
  const openEnd = now === null ? left + width : plot.valToPos(now / 1000, 'x', true);
  for (const { from, kind, to } of shades) {
    const start = plot.valToPos(from / 1000, 'x', true);
    const isAhead = kind === 'prewarm';
    const lasting = isAhead ? openEnd : left + width;
    const end = to === null ? lasting : plot.valToPos(to / 1000, 'x', true);
    const wide = Math.max(2, end - start);
    if (isAhead) {
      pen.fillStyle = colours.prewarmArea;
      pen.fillRect(start, top, wide, height);
      hatch(pen, { x: start, y: top, width: wide, height }, colours.prewarm);
    } else {
      pen.fillStyle = colours.shade;
      pen.fillRect(start, top, wide, height);
    }
  }
  if (now !== null) {
    const x = Math.round(openEnd);
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

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Told apart from other shades by its stripes, not by its colour alone. */
function hatch(pen: CanvasRenderingContext2D, box: Box, colour: string): void {
  const { height, width, x, y } = box;
  const gap = stripePx * devicePixelRatio;
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = colour;
  // The plot's dashed lines leave theirs behind.
  pen.setLineDash([]);
  pen.lineWidth = 1.5 * devicePixelRatio;
  pen.beginPath();
  for (let start = x - height - ((x - height) % gap); start < x + width; start += gap) {
    pen.moveTo(start, y + height);
    pen.lineTo(start + height, y);
  }
  pen.stroke();
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
