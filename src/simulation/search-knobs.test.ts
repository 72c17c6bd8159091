import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGroup } from '../../test/arbitraries/core.ts';
import { selectSignal } from '../core/signal.ts';
import { listKnobs, turnKnobs, type KnobSettings } from './knobs.ts';
import { chooseTrial, findFrontier, searchKnobs, type KnobTrial } from './search-knobs.ts';

const tracking = {
  type: 'target-tracking' as const,
  name: 'cpu',
  selector: selectSignal('cpu', 'mean', 5000),
  target: 0.8,
  tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
};
const group = makeGroup([tracking]);

const trial = fc
  .record({
    violationShare: fc.double({ min: 0, max: 0.02, noNaN: true }),
    costInstanceSeconds: fc.integer({ min: 1, max: 50 }),
  })
  .map((drawn): KnobTrial => ({ ...drawn, settings: {}, launchesPerHour: 0 }));

describe('the knobs of a group', () => {
  it('have its own values among those tried, and no target above all that can be read', () => {
    const knobs = listKnobs(group);
    expect(knobs.map(({ name }) => name)).toEqual(['target', 'window', 'scaleInStabilization']);
    for (const { values, own } of knobs) expect(values).toContain(own);
    expect(Math.max(...(knobs[0]?.values ?? []))).toBeLessThanOrEqual(1 / 0.8);
  });

  it('leave the group as it is where they are as it has them', () => {
    const own = Object.fromEntries(listKnobs(group).map(({ name, own: value }) => [name, value]));
    expect(turnKnobs(group, own)).toEqual(group);
  });

  it('are none where no policy follows load', () => {
    expect(listKnobs(makeGroup([{ type: 'fixed', name: 'fixed', size: 3 }]))).toEqual([]);
  });
});

describe('a search', () => {
  it('finds the cheapest settings that keep the allowance, the own ones first', async () => {
    const knobs = listKnobs(group);
    const runs: KnobSettings[] = [];
    // Higher targets are cheaper and leave more unserved; long windows are cheaper still.
    const run = (settings: KnobSettings): KnobTrial => {
      runs.push(settings);
      const { target = 1, window = 1000 } = settings;
      return {
        settings,
        violationShare: target > 1.1 ? 0.01 : 0.001,
        costInstanceSeconds: 1000 / target - window / 1000,
        launchesPerHour: 0,
      };
    };
    const runAll = (all: readonly KnobSettings[]) => Promise.resolve(all.map(run));
    const trials = await searchKnobs({ knobs, allowance: 0.005, runAll });
    expect(trials[0]?.settings).toEqual({ target: 1, window: 5000, scaleInStabilization: 0 });
    expect(chooseTrial(trials, 0.005)?.settings).toMatchObject({ target: 1.1, window: 60_000 });
    const all = knobs.reduce((product, { values }) => product * values.length, 1);
    expect(runs.length).toBeLessThan(all / 2);
    expect(new Set(runs.map((one) => JSON.stringify(one))).size).toBe(runs.length);
  });

  it('chooses the fewest violations where nothing keeps the allowance', () => {
    fc.assert(
      fc.property(fc.array(trial, { minLength: 1 }), (trials) => {
        const least = Math.min(...trials.map(({ violationShare }) => violationShare));
        const chosen = chooseTrial(trials, least / 2);
        expect(chosen?.violationShare).toBe(least);
      }),
    );
  });

  it('has a frontier that nothing tried beats, and that holds the chosen one', () => {
    fc.assert(
      fc.property(fc.array(trial, { minLength: 1 }), (trials) => {
        const frontier = findFrontier(trials);
        for (const one of trials) {
          const isMatched = frontier.some(
            (other) =>
              other.violationShare <= one.violationShare &&
              other.costInstanceSeconds <= one.costInstanceSeconds,
          );
          expect(isMatched).toBe(true);
        }
        expect(frontier).toContain(chooseTrial(trials, 0.01));
      }),
    );
  });
});
