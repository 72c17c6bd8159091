import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderView, type ViewSnapshot } from './terminal-view.ts';

const snapshot: ViewSnapshot = {
  title: 'Foretide',
  facts: ['12:00', '600 reports/s'],
  groups: [
    {
      name: 'web',
      mode: 'active',
      note: 'demand and capacity',
      cpuRatio: 0.634,
      desired: 7,
      inService: 6,
      pending: 1,
      terminating: 0,
      silent: 2,
      points: [{ demand: 400, capacity: 600 }],
      decisions: [{ time: '11:59', sentence: 'scale out from 6 to 7: cpu is 71%' }],
      now: 'hold at 7',
    },
  ],
  footer: 'Ctrl-C ends it',
};

describe('the terminal view', () => {
  it('shows what there is, what was done and why', () => {
    const text = renderView(snapshot, { columns: 100, isColoured: false });
    expect(text).toContain('cpu 63%  desired 7  in service 6  pending 1  terminating 0  silent 2');
    expect(text).toContain('now hold at 7');
    expect(text).toContain('11:59 scale out from 6 to 7: cpu is 71%');
  });

  it('fits the screen, with colours and without', () => {
    const long = { ...snapshot, footer: 'x'.repeat(500), title: 'y'.repeat(500) };
    for (const isColoured of [true, false]) {
      for (const line of renderView(long, { columns: 60, isColoured }).split('\n')) {
        expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(60);
      }
    }
  });

  it('writes no colours where none are wanted', () => {
    const text = renderView(snapshot, { columns: 80, isColoured: false });
    expect(stripVTControlCharacters(text)).toBe(text);
  });
});
