import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateSteady } from '../load/generators.ts';
import type { Workload } from '../workload.ts';
import { prepareWorkload } from '../workload.ts';
import { drawBurstChart } from './burst-chart.ts';
import { drawRatioChart } from './ratio-chart.ts';
import { drawRunChart } from './run-chart.ts';
import { columnsMax, createRunRecorder } from './run-recorder.ts';
import { element, label, roundTicks } from './svg.ts';

function makeWorkload(durationSeconds: number): Workload {
  const load = generateSteady({ durationSeconds, startSeconds: 0, workPerSecond: 30 });
  const reading = prepareWorkload(load, { capacityPerInstance: 10, warmupSeconds: 0 });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

const change = {
  group: 'web',
  at: 100_000,
  kind: 'scale-out',
  from: 2,
  to: 4,
  wanted: 4,
  acts: true,
  recommendations: [],
  adjustments: [],
} as const;

describe('the chart of a run', () => {
  it('has no more columns than it can show, and every second is in one', () => {
    const seconds = fc.integer({ min: 60, max: 20_000 });
    const property = fc.property(seconds, (durationSeconds) => {
      const workload = makeWorkload(durationSeconds);
      const recorder = createRunRecorder(workload);
      for (let second = 0; second < workload.scored.toSecond; second += 1) {
        recorder.record(second, 4);
      }
      const columns = recorder.columns();
      expect(columns.length).toBeLessThanOrEqual(columnsMax);
      expect(new Set(columns.map(({ lowestCapacity }) => lowestCapacity))).toEqual(new Set([40]));
      expect(columns.every(({ shortage }) => shortage === null)).toBe(true);
    });
    fc.assert(property, { numRuns: 20, seed: 11 });
  });

  it('keeps the worst shortage of a column, and the moves of size where they were', () => {
    const workload = makeWorkload(1800);
    const recorder = createRunRecorder(workload);
    for (let second = 0; second < 1800; second += 1) {
      recorder.record(second, second === 101 ? 1 : 4);
    }
    recorder.noteChange(change);
    recorder.noteChange({ ...change, at: 1_799_000, kind: 'scale-in' });
    const columns = recorder.columns();
    expect(columns).toHaveLength(900);
    expect(columns[50]).toEqual({
      meanDemand: 30,
      highestDemand: 30,
      lowestCapacity: 10,
      highestCapacity: 40,
      shortage: { demand: 30, capacity: 10 },
      scaleOuts: 1,
      scaleIns: 0,
    });
    expect(columns.at(-1)).toMatchObject({ shortage: null, scaleIns: 1 });
    const chart = { title: 'a < b', subtitle: '', columns, scoredSeconds: 1800 };
    const svg = drawRunChart(chart);
    expect(svg).toContain('<title>a &lt; b</title>');
    expect(svg).not.toContain('NaN');
  });
});

describe('the chart of bursts', () => {
  it('draws steps, with points where a value changes, and the end of the promise', () => {
    const line = {
      name: 'a & b',
      colour: '#1f3d5c',
      unfinished: [4, 4, 2, 2, 0],
      inService: [1, 1, 2, 2, 2],
    };
    const columns = [{ title: 'one', lines: [line] }];
    const svg = drawBurstChart({ title: 'burst', promiseSeconds: 2, spanSeconds: 4, columns });
    const paths = [...svg.matchAll(/ d="([^"]+)"/gu)].map(([, path = '']) => path);
    expect(paths).toEqual([
      'M56 112L256 112L256 197L456 197L456 282',
      'M56 417L256 417L256 332L456 332L456 332',
    ]);
    expect(svg).toContain('a &amp; b');
    expect(svg).toContain('end of the promise');
    expect(svg).not.toContain('NaN');
  });
});

describe('the chart of a comparison', () => {
  it('draws no bar for what has no ratio, and says why', () => {
    const svg = drawRatioChart('ratios', '', [
      { name: 'web', isOwn: true, ratio: 2, note: '2.000' },
      { name: 'keda', isOwn: false, ratio: null, note: '3% unserved' },
    ]);
    expect(svg.match(/<rect x="250" y="\d+" width="0" /g)).toHaveLength(1);
    expect(svg).toContain('3% unserved');
  });
});

describe('SVG', () => {
  it('escapes what would end a text or an attribute', () => {
    expect(label('<&"', { x: 1 })).toBe('<text fill="#333333" x="1">&lt;&amp;&quot;</text>');
    expect(element('g', { id: '"' })).toBe('<g id="&quot;"/>');
  });

  it('finds round numbers that reach the highest value', () => {
    expect(roundTicks(0)).toEqual([0, 1]);
    expect(roundTicks(7)).toEqual([0, 2, 4, 6, 8]);
    const highest = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
    const property = fc.property(highest, (value) => {
      const ticks = roundTicks(value);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(value * (1 - 1e-6));
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(7);
    });
    fc.assert(property, { seed: 3 });
  });
});
