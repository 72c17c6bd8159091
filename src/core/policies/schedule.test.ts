import { describe, expect, it } from 'vitest';
import { observe, startMs, type Glimpse } from '../../../test/arbitraries/core.ts';
import type { ScheduledWindow, ScheduleReading } from '../calendar.ts';
import { decide } from '../decide.ts';
import type { Group } from '../group.ts';
import { initialState } from '../state.ts';
import { recommend } from './recommend.ts';

const policy = { type: 'schedule', name: 'hours' } as const;
const window: ScheduledWindow = { kind: 'min', size: 12, from: 100, until: 200 };

function ask(reading: ScheduleReading | undefined, now: number) {
  const schedules = reading === undefined ? {} : { hours: reading };
  const sizes = { current: 5, warmed: 5, warming: 0 };
  return recommend(policy, { ...sizes, signals: {}, schedules, canWake: false, now })
    .recommendation;
}

describe('a schedule', () => {
  it.each([
    ['min', 12, null],
    ['max', null, 12],
    ['exact', 12, 12],
  ] as const)('bounds the size in a window of %s', (kind, atLeast, atMost) => {
    const active = { ...window, kind };
    expect(ask({ active, next: null }, 150)).toMatchObject({ kind: 'bounds', atLeast, atMost });
  });

  it('begins at the start of a window and is over at its end', () => {
    const reading = { active: null, next: window };
    expect(ask(reading, 99)).toMatchObject({ kind: 'abstain', reason: { next: 100 } });
    expect(ask(reading, 100).kind).toBe('bounds');
    expect(ask(reading, 199).kind).toBe('bounds');
    expect(ask({ active: window, next: null }, 200).kind).toBe('abstain');
  });

  it('between windows blocks nothing, and blocks removals where its windows are not known', () => {
    const idle = { active: null, next: null };
    expect(ask(idle, 0)).toMatchObject({ kind: 'abstain', blocksScaleIn: false });
    expect(ask(undefined, 0)).toMatchObject({ kind: 'abstain', blocksScaleIn: true });
  });

  it('is not looked for in what every object has', () => {
    const sizes = { current: 5, warmed: 5, warming: 0, canWake: false };
    const named = { type: 'schedule', name: 'constructor' } as const;
    const { recommendation } = recommend(named, { ...sizes, signals: {}, schedules: {}, now: 0 });
    expect(recommendation).toMatchObject({ reason: { code: 'schedule-unknown' } });
  });
});

describe('blind to its signals, a group', () => {
  const group: Group = {
    name: 'web',
    mode: 'active',
    min: 1,
    max: 50,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
    minReportingRatio: 0.5,
    policies: [policy, { type: 'fixed', name: 'floor', size: 4 }],
  };
  const glimpse: Glimpse = {
    desired: 10,
    inService: 10,
    pending: 0,
    silent: 10,
    warming: 2,
    values: { cpu: null, connections: null },
    isConnected: false,
    isJournalWritable: true,
    isHeld: true,
    describedAgoMs: 0,
    overrides: [],
    asgMin: 0,
    asgMax: 100,
  };

  function sizeIn(kind: 'min' | 'max' | 'exact', size: number): number {
    const seen = { ...glimpse, window: { kind, size } };
    return decide(group, initialState, observe(group, seen, startMs), startMs).decision.to;
  }

  it('still follows its schedule, in both directions', () => {
    expect(sizeIn('min', 15)).toBe(15);
    expect(sizeIn('max', 7)).toBe(7);
    expect(sizeIn('exact', 3)).toBe(3);
    expect(sizeIn('min', 2)).toBe(10);
  });
});
