import { describe, expect, it } from 'vitest';
import { renderChart } from './chart.ts';

function draw(
  points: readonly { demand: number; capacity: number }[],
  width: number,
  height: number,
) {
  return renderChart(points, width, height).map((row) => row.map(({ letter }) => letter).join(''));
}

describe('the chart', () => {
  it('draws demand as an area and capacity as a line, to the scale of the highest', () => {
    const rows = draw(
      [
        { demand: 2, capacity: 4 },
        { demand: 4, capacity: 4 },
      ],
      2,
      4,
    );
    expect(rows).toEqual(['━━', ' █', '██', '██']);
  });

  it('marks demand above the capacity', () => {
    const [top] = renderChart([{ demand: 4, capacity: 1 }], 1, 4);
    expect(top?.[0]).toEqual({ kind: 'unserved', letter: '█' });
  });

  it('keeps the newest points and leaves room before the first', () => {
    const rows = draw([{ demand: 1, capacity: 0 }], 3, 1);
    expect(rows).toEqual(['  █']);
    const many = Array.from({ length: 10 }, (_, index) => ({ demand: index, capacity: 0 }));
    expect(draw(many, 2, 9)[0]).toBe(' █');
  });

  it('draws nothing out of nothing', () => {
    expect(draw([], 2, 1)).toEqual(['  ']);
    expect(draw([{ demand: 0, capacity: 0 }], 1, 2)).toEqual([' ', ' ']);
  });
});
