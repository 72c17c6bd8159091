import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import type { Group } from '../group.ts';
import type { Observation } from '../observation.ts';
import { initialState } from '../state.ts';
import type { ForecastReading } from './forecast.ts';
import type { ForecastPolicy } from './policy.ts';

const now = 1_767_225_600_000;
const policy: ForecastPolicy = {
  type: 'forecast',
  name: 'ahead',
  mode: 'forecast-and-scale',
  target: 100,
  leadMs: 300_000,
  maxBreach: { kind: 'honor-max' },
};
const reading: ForecastReading = { at: now - 30_000, code: 'ok', demand: 540 };

interface Stand {
  readonly current?: number;
  readonly changes?: Partial<ForecastPolicy>;
  readonly forecast?: ForecastReading | null;
  readonly more?: Group['policies'];
  readonly max?: number;
}

function decideFor({ current = 4, changes, forecast = reading, more = [], max = 20 }: Stand) {
  const group: Group = {
    name: 'web',
    mode: 'active',
    min: 1,
    max,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0.5,
    policies: [{ ...policy, ...changes }, ...more],
  };
  const observation: Observation = {
    capacity: {
      describedAt: now,
      min: 0,
      max: 30,
      desired: current,
      inService: current,
      pending: 0,
      terminating: 0,
    },
    fleet: { warmed: current, warming: 0, expected: current, reporting: current, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    ...(forecast !== null && { forecasts: { ahead: forecast } }),
  };
  return decide(group, initialState, observation, now).decision;
}

describe('the forecast policy', () => {
  it('adds what the demand to come needs', () => {
    expect(decideFor({})).toMatchObject({ kind: 'scale-out', from: 4, to: 6 });
  });

  it('removes nothing, and keeps others from removing what it needs', () => {
    expect(decideFor({ current: 9 })).toMatchObject({ kind: 'hold', to: 9 });
    const more = [{ type: 'fixed', name: 'two', size: 2 }] as const;
    expect(decideFor({ current: 9, more })).toMatchObject({ kind: 'scale-in', to: 6 });
  });

  it('tells and does nothing where it only forecasts', () => {
    const decision = decideFor({ changes: { mode: 'forecast-only' } });
    expect(decision).toMatchObject({ kind: 'hold' });
    expect(decision.recommendations[0]).toMatchObject({
      kind: 'abstain',
      blocksScaleIn: false,
      reason: { code: 'forecast-only', size: 6 },
    });
  });

  it.each([
    [null, 'forecast-unknown'],
    [{ ...reading, at: now - 300_001 }, 'forecast-stale'],
    [{ ...reading, code: 'no-recent-demand' }, 'forecast-unusable'],
  ])('has no opinion on %j, and blocks nothing', (forecast, code) => {
    const more = [{ type: 'fixed', name: 'two', size: 2 }] as const;
    const decision = decideFor({ current: 9, forecast, more });
    expect(decision).toMatchObject({ kind: 'scale-in', to: 2 });
    expect(decision.recommendations[0]).toMatchObject({ kind: 'abstain', reason: { code } });
  });

  it('honors the maximum, or raises it by the buffer, as far as the Auto Scaling group lets it', () => {
    const raising = { maxBreach: { kind: 'increase-max', bufferRatio: 0.5 } } as const;
    expect(decideFor({ max: 5 })).toMatchObject({ to: 5 });
    expect(decideFor({ max: 5, changes: raising })).toMatchObject({ to: 6 });
    // Others may use the buffer too: it is there for what was not forecast.
    const more = [{ type: 'fixed', name: 'many', size: 25 }] as const;
    expect(decideFor({ max: 5, changes: raising, more })).toMatchObject({ to: 9 });
    const forecast = { ...reading, demand: 5000 };
    expect(decideFor({ max: 5, changes: raising, forecast })).toMatchObject({ to: 30 });
    expect(decideFor({ max: 5, changes: { ...raising, mode: 'forecast-only' } }).to).toBe(4);
  });

  it('never removes, whatever is forecast', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (current, demand) => {
          const { to } = decideFor({ current, max: 30, forecast: { ...reading, demand } });
          expect(to).toBeGreaterThanOrEqual(current);
        },
      ),
    );
  });
});
