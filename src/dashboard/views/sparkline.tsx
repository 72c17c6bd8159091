// A group's last minutes in a thumbnail: what it can do as an area, what is asked of it as a line,
// and in another colour where the line stands above the area.

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Spark } from '../fleet-history.ts';
import type { Page } from '../page.ts';
import { readColour } from '../scheme.ts';
import { sayNumber } from '../say.ts';

interface Props {
  readonly page: Page;
  readonly spark: Spark;
  /** Changes whenever the spark does. */
  readonly stamp: unknown;
}

const width = 132;
const height = 34;

export function Sparkline({ page, spark, stamp }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDark = page.scheme.isDark.value;
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, spark, paletteOf(isDark));
  }, [spark, stamp, isDark]);
  const demand = sayNumber(spark.demand.at(-1));
  const label = `demand ${demand}, capacity ${sayNumber(spark.capacity.at(-1))}`;
  return (
    <canvas
      ref={canvas}
      class="spark"
      role="img"
      aria-label={label}
      width={width}
      height={height}
    />
  );
}

interface Palette {
  readonly area: string;
  readonly edge: string;
  readonly line: string;
  readonly short: string;
}

const palettes = new Map<boolean, Palette>();

function paletteOf(isDark: boolean): Palette {
  const known = palettes.get(isDark);
  if (known !== undefined) return known;
  const palette = {
    area: readColour('--capacity-area'),
    edge: readColour('--capacity'),
    line: readColour('--demand'),
    short: readColour('--failing'),
  };
  palettes.set(isDark, palette);
  return palette;
}

function draw(canvas: HTMLCanvasElement, { capacity, demand }: Spark, palette: Palette): void {
  const ratio = Math.min(3, devicePixelRatio);
  if (canvas.width !== width * ratio) {
    canvas.width = width * ratio;
    canvas.height = height * ratio;
  }
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const count = Math.max(capacity.length, demand.length, 2);
  const known = [...capacity, ...demand].filter((value) => value !== null);
  const top = Math.max(1, ...known) * 1.1;
  const x = (index: number): number => (index / (count - 1)) * width;
  const y = (value: number): number => height - 1 - (value / top) * (height - 3);
  pen.fillStyle = palette.area;
  pen.beginPath();
  pen.moveTo(0, height);
  for (const [index, value] of capacity.entries()) {
    pen.lineTo(x(index), y(value ?? 0));
    pen.lineTo(x(index + 1), y(value ?? 0));
  }
  pen.lineTo(width, height);
  pen.fill();
  pen.lineWidth = 1.5;
  for (const [index, value] of demand.entries()) {
    const before = demand[index - 1];
    if (value === null || before === null || before === undefined) continue;
    pen.strokeStyle = value > (capacity[index] ?? value) ? palette.short : palette.line;
    pen.beginPath();
    pen.moveTo(x(index - 1), y(before));
    pen.lineTo(x(index), y(value));
    pen.stroke();
  }
}
