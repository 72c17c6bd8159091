// What is spent on forecasts takes nothing from what the load alone may spend.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conclude } from '../conclude.ts';
import { decide } from '../decide.ts';
import type { DemandReading } from '../demand/demand-reading.ts';
import type { Budget, Group } from '../group.ts';
import type { Observation } from '../observation.ts';
import { initialState, type GroupState } from '../state.ts';

const hourMs = 3_600_000;
const start = 1_000 * 720 * hourMs;
const price = 0.1;

function createGroup(budget: Budget, changes: Partial<Group> = {}): Group {
  return {
    name: 'web',
    mode: 'active',
    min: 1,
    max: 1000,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0.5,
    budget,
    policies: [
      {
        type: 'demand',
        name: 'demand',
        violationRatio: 0.005,
        isForecasting: true,
        staleAfterMs: 30_000,
      },
    ],
    ...changes,
  };
}

/** A fleet that gets what is decided after a boot that always takes the same time. */
interface Run {
  state: GroupState;
  size: number;
  spent: number;
  at: number;
}

function createRun(): Run {
  return { state: initialState, size: 1, spent: 0, at: start };
}

function step(run: Run, group: Group, now: number, asked: { need: number; ahead: number }): void {
  run.spent += (run.size * price * (now - run.at)) / hourMs;
  run.at = now;
  const { need, ahead } = asked;
  const { size } = run;
  const demand: DemandReading = {
    at: now,
    demand: need,
    capacityPerInstance: 1,
    leadMs: 120_000,
    floor: 1,
    add: need + ahead,
    keep: need + ahead,
    reactive: { add: need, keep: need },
    riskRatio: 0.05,
    isForecast: ahead > 0,
    unservedRatio: 0,
    isCensored: false,
  };
  const counts = { inService: size, pending: 0, terminating: 0 };
  const observation: Observation = {
    capacity: { describedAt: now, min: 0, max: 1000, desired: size, ...counts },
    fleet: { warmed: size, warming: 0, expected: size, reporting: size, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    demand,
    spending: {
      pricePerInstanceHour: price,
      monthToDate: run.spent,
      monthStartedAt: start,
      monthEndsAt: start + 720 * hourMs,
    },
  };
  const { state, decision } = decide(group, run.state, observation, now);
  run.state = state;
  if (!decision.acts) return;
  run.size = decision.to;
  run.state = conclude(state, decision, { kind: 'accepted' }, now);
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
    const live = (from: number, to: number, asked: { need: number; ahead: number }): void => {
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
