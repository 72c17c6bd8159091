// A chart of letters: demand as a filled area, capacity as a line over it. Pure; the terminal's colours
// are the caller's.

/** One column of the chart: the newest is the last. */
export interface ChartPoint {
  readonly demand: number;
  readonly capacity: number;
}

/** What stands in one cell: the caller colours each kind in its own way. */
export interface ChartCell {
  readonly kind: 'empty' | 'demand' | 'unserved' | 'capacity';
  readonly letter: string;
}

const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Rows from top to bottom, each of `width` cells. The scale ends at the highest value shown; demand
 * above the capacity is `unserved`. Fewer points than columns leave the left side empty.
 */
export function renderChart(
  points: readonly ChartPoint[],
  width: number,
  height: number,
): readonly (readonly ChartCell[])[] {
  const shown = points.slice(-width);
  const highest = Math.max(1, ...shown.map(({ demand, capacity }) => Math.max(demand, capacity)));
  const rows: ChartCell[][] = [];
  for (let row = height - 1; row >= 0; row -= 1) {
    const cells: ChartCell[] = [];
    for (let column = 0; column < width; column += 1) {
      const point = shown[column - (width - shown.length)];
      cells.push(renderCell(point, row, height / highest));
    }
    rows.push(cells);
  }
  return rows;
}

function renderCell(point: ChartPoint | undefined, row: number, rowsPerUnit: number): ChartCell {
  if (point === undefined) return { kind: 'empty', letter: ' ' };
  const capacityRow = Math.ceil(point.capacity * rowsPerUnit) - 1;
  const filled = Math.max(0, Math.min(1, point.demand * rowsPerUnit - row));
  if (row === capacityRow) return { kind: 'capacity', letter: '━' };
  const letter = eighths[Math.round(filled * 8)] ?? ' ';
  if (letter === ' ') return { kind: 'empty', letter };
  return { kind: row > capacityRow ? 'unserved' : 'demand', letter };
}
