import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupStatus } from '../api/answers.ts';
import { renderTop } from './top-view.ts';

function group(name: string, other: Partial<GroupStatus> = {}): GroupStatus {
  return {
    name,
    mode: 'active',
    modeByHand: null,
    demand: 3.5,
    desired: 4,
    inService: 3,
    pending: 1,
    terminating: 0,
    warming: 0,
    silent: 0,
    lastDecision: null,
    now: null,
    rejected: {},
    autoScalingGroup: name,
    min: 1,
    max: 9,
    signals: {},
    overrides: [],
    heldBy: null,
    problem: null,
    ...other,
  };
}

const plain = { columns: 120, rows: 30, isColoured: false, selected: null };

describe('the screen of foretide top', () => {
  it('lists groups in trouble first', () => {
    const groups = [group('a'), group('b', { problem: 'AWS knows no group b' })];
    const lines = renderTop({ kind: 'seen', groups }, plain).split('\n');
    expect(lines[1]).toContain('AWS knows no group b');
    expect(lines[2]).toContain('  a ');
  });

  it('says why nothing can be seen', () => {
    const view = { kind: 'lost', message: 'no controller is running' } as const;
    expect(renderTop(view, plain)).toBe('foretide: no controller is running');
  });

  it('shows what a person has asked of the chosen group, and why', () => {
    const override = { kind: 'pause', until: null, by: 'ana', why: 'a deployment' } as const;
    const groups = [group('web', { overrides: [override] })];
    const text = renderTop({ kind: 'seen', groups }, { ...plain, selected: 0 });
    expect(text).toContain('pause by ana: a deployment');
  });

  it('tells how well the promise of a queue is kept, and where that is not known', () => {
    const queue = {
      visible: 12,
      inFlight: 3,
      meanDurationMs: 25_000,
      backlogPerInstance: 4,
      acceptableBacklog: 12,
      promiseMs: 300_000,
      promiseKept: {
        hour: { ratio: 0.99996, kept: 24_999, late: 1, unknown: 0 },
        day: { ratio: null, kept: 0, late: 0, unknown: 8 },
      },
    };
    const groups = [group('jobs', { queue })];
    const text = renderTop({ kind: 'seen', groups }, { ...plain, selected: 0 });
    expect(text).toContain(
      'queue: 12 waiting, 3 in flight; done within 300 s: last hour 99.9%, last day not known',
    );
  });

  it('fits any terminal', () => {
    const sizes = fc.record({
      count: fc.nat({ max: 60 }),
      columns: fc.integer({ min: 10, max: 200 }),
      rows: fc.integer({ min: 8, max: 60 }),
      isColoured: fc.boolean(),
      selected: fc.option(fc.nat({ max: 70 })),
    });
    fc.assert(
      fc.property(sizes, ({ count, ...screen }) => {
        const groups = Array.from({ length: count }, (_, place) =>
          group(`group-${place}`, place % 3 === 0 ? { silent: 2 } : {}),
        );
        const lines = renderTop({ kind: 'seen', groups }, screen).split('\n');
        expect(lines.length).toBeLessThanOrEqual(screen.rows);
        for (const line of lines) {
          expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(screen.columns);
        }
      }),
    );
  });
});
