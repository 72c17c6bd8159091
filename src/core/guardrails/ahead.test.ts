// What is launched for a forecast takes nothing from what the load alone asks for.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conclude } from '../conclude.ts';
import { decide } from '../decide.ts';
import type { DemandReading } from '../demand/demand-reading.ts';
import type { Group } from '../group.ts';
import type { Observation } from '../observation.ts';
import { initialState, type GroupState } from '../state.ts';

const limited: Group = {
  name: 'web',
  mode: 'scale-out-only',
  min: 1,
  max: 1000,
  warmupMs: 0,
  cooldown: { scaleOutMs: 60_000, scaleInMs: 0 },
  stabilization: { scaleOutMs: 0, scaleInMs: 0 },
  minReportingRatio: 0.5,
  rate: { scaleOut: { instances: 4, ratio: 0.5, periodMs: 300_000 } },
  policies: [
    {
      type: 'demand',
      name: 'demand',
      violationRatio: 0.005,
      isForecasting: true,
      staleAfterMs: 30_000,
    },
  ],
};

/** A fleet that gets what is decided at once. */
interface Run {
  state: GroupState;
  size: number;
}

function step(run: Run, now: number, need: number, ahead: number): void {
  const reactive = { add: need, keep: need };
  const demand: DemandReading = {
    at: now,
    demand: need,
    capacityPerInstance: 1,
    leadMs: 120_000,
    floor: 1,
    add: need + ahead,
    keep: need + ahead,
    reactive,
    riskRatio: 0.05,
    isForecast: ahead > 0,
    unservedRatio: 0,
    isCensored: false,
  };
  const { size } = run;
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
  };
  const { state, decision } = decide(limited, run.state, observation, now);
  run.state = state;
  if (!decision.acts) return;
  run.size = decision.to;
  run.state = conclude(state, decision, { kind: 'accepted' }, now);
}

const steps = fc.array(
  fc.record({
    seconds: fc.constantFrom(1, 10, 59, 60, 300),
    need: fc.integer({ min: 1, max: 40 }),
    ahead: fc.constantFrom(0, 0, 1, 5, 30),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('a forecast under a cooldown and a rate', () => {
  it('never leaves fewer instances than there would be without it', () => {
    fc.assert(
      fc.property(steps, (course) => {
        const [withIt, without] = [1, 1].map((size): Run => ({ state: initialState, size }));
        if (withIt === undefined || without === undefined) throw new Error('two runs');
        let now = 1_000_000;
        for (const { seconds, need, ahead } of course) {
          now += seconds * 1000;
          step(withIt, now, need, ahead);
          step(without, now, need, 0);
          expect(withIt.size).toBeGreaterThanOrEqual(Math.min(without.size, 1000));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('waits itself for the cooldown of what it launched', () => {
    const run: Run = { state: initialState, size: 10 };
    step(run, 1_000_000, 10, 2);
    expect(run.size).toBe(12);
    step(run, 1_010_000, 10, 4);
    expect(run.size).toBe(12);
    step(run, 1_020_000, 13, 4);
    expect(run.size).toBe(13);
  });
});
