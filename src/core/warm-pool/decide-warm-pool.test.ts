import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resume } from '../conclude.ts';
import { decide } from '../decide.ts';
import type { Decision } from '../decision.ts';
import type { Group } from '../group.ts';
import type { Observation } from '../observation.ts';
import { initialState, type GroupState } from '../state.ts';
import { poolSize } from './decide-warm-pool.ts';
import type { PoolPlan, WarmPool, WarmPoolDecision } from './warm-pool.ts';

const start = 1_000_000_000;
const web: Group = {
  name: 'web',
  mode: 'active',
  min: 1,
  max: 30,
  warmupMs: 0,
  cooldown: { scaleOutMs: 0, scaleInMs: 0 },
  stabilization: { scaleOutMs: 0, scaleInMs: 0 },
  minReportingRatio: 0.5,
  policies: [
    {
      type: 'demand',
      name: 'demand',
      violationRatio: 0.005,
      isForecasting: false,
      staleAfterMs: 30_000,
    },
  ],
  warmPool: { state: 'stopped', min: 0, max: 8, volumesPerHour: 0.001 },
};
const plan: PoolPlan = {
  at: start,
  prepared: 15,
  coldLeadMs: 180_000,
  warmLeadMs: 30_000,
  isWarmLearned: true,
  costRatio: 0.02,
  ahead: 12,
  pooled: 10,
  isJudged: true,
  isCheaper: true,
  pricePerInstanceHour: 0.05,
};
const pool: WarmPool = {
  state: 'stopped',
  minSize: 0,
  prepared: 15,
  reusesOnScaleIn: true,
  isBeingDeleted: false,
};

interface Scene {
  readonly group?: Partial<Group>;
  readonly size?: number;
  /** What the demand policy wants; the present size if left out. */
  readonly wanted?: number;
  readonly pool?: WarmPool | null;
  readonly plan?: Partial<PoolPlan> | null;
  readonly observation?: Partial<Observation>;
  readonly state?: GroupState;
  readonly at?: number;
}

function decideIn(scene: Scene): {
  readonly state: GroupState;
  readonly decision: Decision;
  readonly told: WarmPoolDecision;
} {
  const { size = 10, at = start } = scene;
  const wanted = scene.wanted ?? size;
  const reading = { pool: scene.pool === undefined ? pool : scene.pool, ready: 3, preparing: 0 };
  const observation: Observation = {
    capacity: {
      describedAt: at,
      min: 0,
      max: 30,
      desired: size,
      inService: size,
      pending: 0,
      terminating: 0,
    },
    fleet: { warmed: size, warming: 0, expected: size, reporting: size, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    demand: {
      at,
      demand: 100,
      capacityPerInstance: 10,
      leadMs: 180_000,
      floor: 1,
      add: wanted,
      keep: wanted,
      reactive: { add: wanted, keep: wanted },
      riskRatio: 0.05,
      isForecast: false,
      unservedRatio: 0,
      isCensored: false,
    },
    warmPool: scene.plan === null ? reading : { ...reading, plan: { ...plan, at, ...scene.plan } },
    ...scene.observation,
  };
  const group = { ...web, ...scene.group };
  const { state, decision } = decide(group, scene.state ?? initialState, observation, at);
  if (decision.warmPool === undefined) throw new Error('nothing was decided about the pool');
  return { state, decision, told: decision.warmPool };
}

describe('a warm pool', () => {
  it('is made, with room for what is worth having ready', () => {
    expect(decideIn({ pool: null }).told).toMatchObject({
      kind: 'put',
      acts: true,
      from: null,
      to: 15,
      state: 'stopped',
      minSize: 0,
    });
  });

  it('stays as it is where it is as it should be, and keeps its reuse policy where it is not', () => {
    expect(decideIn({}).told).toMatchObject({ kind: 'hold', to: 15 });
    expect(decideIn({ plan: { prepared: 17 } }).told).toMatchObject({
      kind: 'put',
      to: 17,
      reusesOnScaleIn: true,
    });
  });

  it('never holds more than its maximum, nor more than the group may have, whatever is decided', () => {
    const whole = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(
        fc.record({
          size: fc.integer({ min: 1, max: 30 }),
          wanted: fc.integer({ min: 1, max: 30 }),
          prepared: whole(60),
          standing: fc.option(whole(60)),
          max: fc.integer({ min: 1, max: 20 }),
          min: whole(20),
          isCheaper: fc.boolean(),
        }),
        ({ size, wanted, prepared, standing, max, min, isCheaper }) => {
          const terms = {
            state: 'stopped',
            min: Math.min(min, max),
            max,
            volumesPerHour: 0,
          } as const;
          const { decision, told } = decideIn({
            group: { warmPool: terms },
            size,
            wanted,
            pool: { ...pool, prepared: standing },
            plan: { prepared, isCheaper },
          });
          const left = Math.min(size, decision.to);
          const bound = told.to ?? 30;
          const waiting = poolSize(bound, told.minSize, left);
          expect(waiting).toBeLessThanOrEqual(max);
          expect(left + waiting).toBeLessThanOrEqual(30);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is emptied where launching ahead is cheaper, after as long as its boots were worth', () => {
    const dear = { isCheaper: false };
    let { state, told } = decideIn({ plan: dear });
    expect(told).toMatchObject({ kind: 'hold', to: 15 });
    // 180 s at 2 % are 150 minutes.
    const minuteMs = 60_000;
    for (let minute = 1; minute < 150; minute += 1) {
      ({ state, told } = decideIn({ plan: dear, state, at: start + minute * minuteMs }));
      expect(told.kind).toBe('hold');
    }
    ({ told } = decideIn({ plan: dear, state, at: start + 150 * minuteMs }));
    expect(told).toMatchObject({ kind: 'put', from: 15, to: 1 });
  });

  it('is bounded in the tick of a scale-in, which would have it filled', () => {
    const { decision, told } = decideIn({ size: 14, wanted: 6, pool: { ...pool, prepared: 20 } });
    expect(decision.to).toBe(6);
    expect(told).toMatchObject({ kind: 'put', to: 14 });
  });

  it('grows by what the load has left of a rate', () => {
    const rate = { scaleOut: { instances: 4, ratio: null, periodMs: 60_000 } };
    const empty = { ...pool, prepared: 10 };
    const changes = [{ at: start - 10_000, added: 3, removed: 0 }];
    const { state, told } = decideIn({
      group: { rate },
      pool: empty,
      state: { ...initialState, changes },
    });
    expect(told).toMatchObject({ kind: 'put', to: 11, limit: { code: 'rate', used: 3, most: 4 } });
    const later = decideIn({
      group: { rate },
      pool: { ...pool, prepared: 11 },
      state,
      at: start + 20_000,
    });
    expect(later.told).toMatchObject({ kind: 'hold', limit: { code: 'rate', used: 4 } });
  });

  it('grows by what the instances in service leave of a budget, and never shrinks for money', () => {
    const spending = {
      pricePerInstanceHour: 0.05,
      monthToDate: 10,
      monthStartedAt: start - 100 * 3_600_000,
      monthEndsAt: start + 600 * 3_600_000,
    };
    const inBudget = (perHour: number | null, perMonth: number | null, prepared = 10) =>
      decideIn({
        group: { budget: { perHour, perMonth } },
        pool: { ...pool, prepared },
        observation: { spending },
      }).told;
    // $0.50 are in service; $0.002 are left, at $0.001 each.
    expect(inBudget(0.502, null)).toMatchObject({
      kind: 'put',
      to: 12,
      limit: { code: 'budget-hour' },
    });
    expect(inBudget(0.3, null)).toMatchObject({ kind: 'hold', limit: { code: 'budget-hour' } });
    expect(inBudget(0.3, null, 15)).toMatchObject({ kind: 'hold', to: 15 });
    // $70 by the month's end; two that wait for 600 hours are $1.20.
    expect(inBudget(null, 71.3)).toMatchObject({
      kind: 'put',
      to: 12,
      limit: { code: 'budget-month' },
    });
    expect(inBudget(null, 60)).toMatchObject({ kind: 'hold', limit: { code: 'budget-month' } });
  });

  it('is left alone in what the mode, a pause, a freeze or a lease forbids', () => {
    const grow = { plan: { prepared: 17 } };
    const advised = decideIn({ ...grow, group: { mode: 'advise' } });
    expect(advised.told).toMatchObject({ kind: 'put', acts: false, to: 17 });
    const again = decideIn({
      ...grow,
      group: { mode: 'advise' },
      state: advised.state,
      at: start + 1000,
    });
    expect(again.told).toMatchObject({ kind: 'hold', limit: { code: 'already-advised' } });
    const pause = { kind: 'pause', until: null, by: 'anna', why: 'looking' } as const;
    expect(decideIn({ ...grow, observation: { overrides: [pause] } }).told).toMatchObject({
      kind: 'hold',
      limit: { code: 'paused' },
    });
    const freeze = { name: 'sale', direction: 'scale-out', until: start + 1000 } as const;
    expect(decideIn({ ...grow, observation: { freezes: [freeze] } }).told).toMatchObject({
      kind: 'hold',
      limit: { code: 'freeze' },
    });
    expect(decideIn({ ...grow, observation: { heldBy: 'other' } }).told).toMatchObject({
      kind: 'hold',
      limit: { code: 'held-by-other' },
    });
    const observing = decide(
      { ...web, mode: 'observe' },
      initialState,
      {
        ...decideInput,
        warmPool: { pool: null, ready: 0, preparing: 0, plan },
      },
      start,
    );
    expect(observing.decision.warmPool).toBeUndefined();
    const shrink = { pool: { ...pool, prepared: 25 }, group: { mode: 'scale-out-only' } } as const;
    expect(decideIn(shrink).told).toMatchObject({
      kind: 'hold',
      limit: { code: 'scale-out-only' },
    });
  });

  it('is asked for again ever more seldom while AWS shows no change', () => {
    let { state, told } = decideIn({ plan: { prepared: 17 } });
    const puts = told.kind === 'put' ? [0] : [];
    for (let second = 1; second <= 1000; second += 1) {
      const at = start + second * 1000;
      ({ state, told } = decideIn({ plan: { prepared: 17 }, state, at }));
      if (told.kind === 'put') puts.push(second);
    }
    expect(puts).toEqual([0, 20, 60, 140, 300, 620]);
    expect(told).toMatchObject({ limit: { code: 'warm-pool-asked', prepared: 17 } });
  });

  it('is asked for again soon after the machine’s clock was set back', () => {
    const { state } = decideIn({ plan: { prepared: 17 } });
    const back = start - 7 * 24 * 3_600_000;
    const resumed = resume(state, back);
    const { told } = decideIn({ plan: { prepared: 17 }, state: resumed, at: back + 21_000 });
    expect(told).toMatchObject({ kind: 'put', to: 17 });
  });

  it('stays as it is while the demand is not known, or AWS is deleting it', () => {
    expect(decideIn({ plan: null }).told).toMatchObject({
      kind: 'hold',
      reason: { code: 'warm-pool-unknown' },
    });
    expect(decideIn({ plan: { at: start - 61_000, prepared: 17 } }).told).toMatchObject({
      kind: 'hold',
      reason: { code: 'warm-pool-unknown' },
    });
    const ending = { ...pool, isBeingDeleted: true };
    expect(decideIn({ pool: ending, plan: { prepared: 17 } }).told).toMatchObject({
      kind: 'hold',
      limit: { code: 'warm-pool-ending' },
    });
  });
});

const decideInput: Observation = {
  capacity: {
    describedAt: start,
    min: 0,
    max: 30,
    desired: 10,
    inService: 10,
    pending: 0,
    terminating: 0,
  },
  fleet: { warmed: 10, warming: 0, expected: 10, reporting: 10, silent: 0 },
  signals: {},
  telemetry: 'connected',
  overrides: [],
  isJournalWritable: true,
  heldBy: null,
};
