// What is spent on forecasts takes nothing from what the load alone may spend.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Budget, Group } from '../group.ts';
import {
  createDemandGroup,
  createForecastRun,
  decideOnce,
  type Asked,
  type ForecastRun,
} from './testing/forecast-run.ts';

const hourMs = 3_600_000;
const start = 1_000 * 720 * hourMs;
const price = 0.1;

function createGroup(budget: Budget, changes: Partial<Group> = {}): Group {
  return createDemandGroup({ budget, ...changes });
}

interface Run extends ForecastRun {
  spent: number;
  at: number;
}

function createRun(): Run {
  return { ...createForecastRun(1), spent: 0, at: start };
}

/** What there was until now is paid for. */
function step(run: Run, group: Group, now: number, asked: Asked): void {
  run.spent += (run.size * price * (now - run.at)) / hourMs;
  run.at = now;
  const spending = {
    pricePerInstanceHour: price,
    monthToDate: run.spent,
    monthStartedAt: start,
    monthEndsAt: start + 720 * hourMs,
  };
  decideOnce(run, group, asked, { now, spending });
}

const steps = fc.array(
  fc.record({
    minutes: fc.constantFrom(1, 10, 60, 600, 3000),
    need: fc.integer({ min: 1, max: 40 }),
    ahead: fc.constantFrom(0, 0, 1, 5, 30),
  }),
  { minLength: 1, maxLength: 40 },
);
const limits = {
  rate: { scaleOut: { instances: 4, ratio: 0.5, periodMs: 1_800_000 } },
  cooldown: { scaleOutMs: 900_000, scaleInMs: 0 },
} as const;

describe('a forecast under a budget', () => {
  it.each([
    ['a month', createGroup({ perHour: null, perMonth: 900 })],
    ['an hour', createGroup({ perHour: 1.5, perMonth: null })],
    ['both, with a rate and a cooldown', createGroup({ perHour: 3, perMonth: 900 }, limits)],
    [
      'a month, never removing',
      createGroup({ perHour: null, perMonth: 900 }, { mode: 'scale-out-only' }),
    ],
  ])('of %s never leaves fewer instances than there would be without it', (_, group) => {
    fc.assert(
      fc.property(steps, (course) => {
        const [withIt, without] = [createRun(), createRun()];
        let now = start;
        for (const { minutes, need, ahead } of course) {
          now += minutes * 60_000;
          step(withIt, group, now, { need, ahead });
          step(without, group, now, { need, ahead: 0 });
          expect(withIt.size).toBeGreaterThanOrEqual(without.size);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has what is left, and what it had is not missing where the load needs it', () => {
    const group = createGroup({ perHour: null, perMonth: 380 });
    const run = createRun();
    const live = (from: number, to: number, asked: Asked): void => {
      for (let hour = from; hour <= to; hour += 1) step(run, group, start + hour * hourMs, asked);
    };
    live(1, 200, { need: 5, ahead: 0 });
    live(201, 240, { need: 5, ahead: 30 });
    // (380 − 100 − 496 × 0.5) / (24 × 0.1) = 13 in all.
    expect(run.size).toBe(13);
    live(241, 260, { need: 5, ahead: 0 });
    expect(run.size).toBe(5);
    live(261, 261, { need: 12, ahead: 0 });
    expect(run.size).toBe(12);
  });

  it('is counted apart from what the load alone would have cost', () => {
    const group = createGroup({ perHour: null, perMonth: 700 });
    const run = createRun();
    step(run, group, start + hourMs, { need: 5, ahead: 10 });
    step(run, group, start + 100 * hourMs, { need: 5, ahead: 10 });
    const { reactive } = run.state;
    expect(reactive?.size).toBe(5);
    expect(reactive?.spent).toBeLessThan(run.spent);
    // An hour of one instance, before anything was decided, and 99 of five.
    expect(reactive?.spent).toBeCloseTo(0.1 + 99 * 0.5, 6);
  });
});
