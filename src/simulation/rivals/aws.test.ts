// AWS's rules against what follows from their statement: constant load, one step, a square wave,
// and the user guide's own numbers.
import { describe, expect, it } from 'vitest';
import type { Scaler } from '../fluid/scaler.ts';
import { highResolutionTelemetry } from '../fluid/telemetry.ts';
import { adjustCapacity } from './aws-adjustment.ts';
import { backlogDefaults, createBacklogPerInstance } from './aws-backlog.ts';
import { createPredictiveScaling, predictiveScalingDefaults } from './aws-predictive-scaling.ts';
import { createSimpleScaling, simpleScalingDefaults } from './aws-simple-scaling.ts';
import { createStepScaling, stepScalingDefaults } from './aws-step-scaling.ts';
import {
  combinePolicies,
  createTargetTracking,
  targetTrackingDefaults,
} from './aws-target-tracking.ts';
import { createStatic } from './static-peak.ts';
import { observe, playRule } from './testing/play.ts';

const target = 7;

function tracking(): Scaler {
  return createTargetTracking({ ...targetTrackingDefaults, target });
}

describe('target tracking', () => {
  it('holds a constant load between 0.9 of the target and the target', () => {
    // 100 over 15 instances is 6.67; over 14 it would be above 7.
    expect(playRule(tracking(), { demand: () => 100, seconds: 7200, start: 15 })).toEqual([]);
    expect(playRule(tracking(), { demand: () => 95, seconds: 7200, start: 15 })).toEqual([]);
  });

  it('goes out after three periods and the delay, to load / target at once', () => {
    // Periods end at 60, 120, 180; the third is seen at 240.
    const changes = playRule(tracking(), { demand: () => 200, seconds: 3600, start: 15 });
    expect(changes).toEqual([[240, 29]]);
  });

  it('goes in after fifteen periods and the delay', () => {
    const changes = playRule(tracking(), { demand: () => 50, seconds: 3600, start: 15 });
    expect(changes).toEqual([[60 * 15 + 60, 8]]);
  });

  it('answers a step by its new level, once', () => {
    // The step at 1000 lies in the period that ends at 1020, a third of it high: 6.67 → 8.89.
    const changes = playRule(tracking(), {
      demand: (second) => (second < 1000 ? 100 : 200),
      seconds: 5000,
      start: 15,
    });
    expect(changes).toEqual([[1020 + 120 + 60, 29]]);
  });

  it('never goes in on a square wave whose low half is shorter than the low alarm', () => {
    const changes = playRule(tracking(), {
      demand: (second) => (second % 1200 < 600 ? 50 : 200),
      seconds: 20_000,
      start: 10,
    });
    expect(changes).toEqual([[600 + 240, 29]]);
  });

  it('follows a slow square wave, late by alarm and delay each way', () => {
    const changes = playRule(tracking(), {
      demand: (second) => (second % 7200 < 3600 ? 50 : 200),
      seconds: 14_400,
      start: 8,
    });
    expect(changes).toEqual([
      [3600 + 240, 29],
      [7200 + 960, 8],
      [10_800 + 240, 29],
    ]);
  });

  it('does not ask twice for instances on their way', () => {
    const counted: number[] = [];
    const rule = tracking();
    const spy: Scaler = (observation) => {
      const wanted = rule(observation);
      if (observation.pending > 0) counted.push(wanted);
      return wanted;
    };
    playRule(spy, { demand: () => 200, seconds: 1000, start: 15 });
    expect(new Set(counted)).toEqual(new Set([29]));
  });

  it('at high resolution is as fast as its periods', () => {
    const rule = createTargetTracking({ ...targetTrackingDefaults, periodSeconds: 10, target });
    const changes = playRule(rule, {
      demand: () => 200,
      seconds: 600,
      start: 15,
      telemetry: highResolutionTelemetry,
    });
    expect(changes).toEqual([[40, 29]]);
  });

  it('does nothing while data is missing', () => {
    const gaps = [{ fromSecond: 0, toSecond: 1800, seenAs: 'missing' }] as const;
    const changes = playRule(tracking(), { demand: () => 200, seconds: 3000, start: 15, gaps });
    expect(changes).toEqual([[1800 + 240, 29]]);
  });

  it('of several policies takes the largest, and goes in only if all would', () => {
    const observation = observe({ desired: 10 });
    const answers = (...sizes: readonly number[]): number =>
      combinePolicies(sizes.map((size) => createStatic(size)))(observation);
    expect(answers(10, 12, 15)).toBe(15);
    expect(answers(8, 10)).toBe(10);
    expect(answers(8, 9)).toBe(9);
  });
});

describe('adjustments', () => {
  it('round a percentage as the user guide says', () => {
    const percent = (capacity: number, value: number): number =>
      adjustCapacity(capacity, { type: 'PercentChangeInCapacity', value });
    expect(percent(10, 10)).toBe(11);
    expect(percent(11, 30)).toBe(14);
    expect(percent(14, -10)).toBe(13);
    expect(percent(13, -30)).toBe(10);
    expect(percent(4, 10)).toBe(5);
    expect(percent(4, -10)).toBe(3);
    expect(percent(10, 0)).toBe(10);
    const least = {
      type: 'PercentChangeInCapacity',
      value: 25,
      minAdjustmentMagnitude: 2,
    } as const;
    expect(adjustCapacity(4, least)).toBe(6);
    expect(adjustCapacity(4, { type: 'ChangeInCapacity', value: -3 })).toBe(1);
    expect(adjustCapacity(4, { type: 'ExactCapacity', value: 9 })).toBe(9);
  });
});

describe('step scaling', () => {
  /** The rule after three periods of a metric, for a group that is warm unless said. */
  function after(metric: number, fields: Parameters<typeof observe>[0]): number {
    const rule = createStepScaling({ ...stepScalingDefaults, target: 50 });
    let wanted = Number.NaN;
    for (let minute = 1; minute <= 3; minute += 1) {
      const sample = { load: metric * 10, meanInstances: 10, loadPerInstance: metric };
      wanted = rule(observe({ ...fields, ...sample, sampleEndSeconds: minute * 60 }));
    }
    return wanted;
  }

  it("gives the user guide's numbers", () => {
    expect(after(55, { desired: 10 })).toBe(10);
    expect(after(60, { desired: 10 })).toBe(11);
    expect(after(70, { desired: 11 })).toBe(14);
    expect(after(40, { desired: 14 })).toBe(13);
    expect(after(30, { desired: 13 })).toBe(10);
    expect(after(45, { desired: 10 })).toBe(10);
  });

  it('adds nothing for the same step while its instances warm up, and the rest for a larger', () => {
    const warming = { desired: 11, inService: 11, warmed: 10 };
    expect(after(60, warming)).toBe(11);
    expect(after(70, warming)).toBe(13);
  });

  it('does not go in while anything warms up', () => {
    expect(after(30, { desired: 13, warmed: 12 })).toBe(13);
    expect(after(30, { desired: 13, inService: 12, warmed: 12, pending: 1 })).toBe(13);
  });

  it('stays where it is under a constant load within the first step', () => {
    const rule = createStepScaling({ ...stepScalingDefaults, target });
    expect(playRule(rule, { demand: () => 80, seconds: 7200, start: 10 })).toEqual([]);
  });

  it('climbs a step of demand by a step each warm-up', () => {
    const rule = createStepScaling({ ...stepScalingDefaults, target });
    const changes = playRule(rule, {
      demand: (second) => (second < 600 ? 65 : 140),
      seconds: 3000,
      start: 10,
    });
    // 14 per instance is a breach of 1: +30 %, in service 120 s and warm 420 s later; then the
    // load over 13 instances, 10.8, is a breach of 0.54 still.
    expect(changes[0]).toEqual([600 + 240, 13]);
    expect(changes[1]).toEqual([1260, 16]);
    expect(changes[1]?.[0]).toBeGreaterThanOrEqual(840 + 420);
  });
});

describe('simple scaling', () => {
  function simple(): Scaler {
    return createSimpleScaling({ ...simpleScalingDefaults, target });
  }

  it('makes one adjustment, then waits for the boots and the cooldown', () => {
    const changes = playRule(simple(), { demand: () => 200, seconds: 3000, start: 15 });
    // 15 → 19 at 240, in service at 360; the cooldown ends at 659 and the next minute is 660.
    expect(changes).toEqual([
      [240, 19],
      [660, 24],
      [1080, 31],
    ]);
  });

  it('goes in one at a time, a drain and a cooldown apart', () => {
    const changes = playRule(simple(), { demand: () => 50, seconds: 2000, start: 15 });
    expect(changes.slice(0, 3)).toEqual([
      [240, 14],
      [600, 13],
      [960, 12],
    ]);
  });

  it('rests between its thresholds', () => {
    expect(playRule(simple(), { demand: () => 100, seconds: 7200, start: 16 })).toEqual([]);
  });
});

describe('predictive scaling', () => {
  const day = 86_400;

  it('raises the group five minutes before an hour that was busy on the days before', () => {
    const rule = createPredictiveScaling({ ...predictiveScalingDefaults, target }, (observation) =>
      observation.nowSeconds % day === 12 * 3600 ? 5 : observation.desired,
    );
    const changes = playRule(rule, {
      demand: (second) => (Math.floor(second / 3600) % 24 === 9 ? 140 : 30),
      seconds: 3 * day,
      start: 5,
    });
    // A day of history is there at the second midnight; the dynamic stand-in goes in at noon.
    expect(changes).toEqual([
      [day + 9 * 3600 - 300, 20],
      [day + 12 * 3600, 5],
      [2 * day + 9 * 3600 - 300, 20],
      [2 * day + 12 * 3600, 5],
    ]);
  });

  it('never lowers the group', () => {
    const rule = createPredictiveScaling(
      { ...predictiveScalingDefaults, target },
      (observation) => observation.desired,
    );
    expect(playRule(rule, { demand: () => 30, seconds: 3 * day, start: 20 })).toEqual([]);
  });

  it('does nothing in its first day', () => {
    const rule = createPredictiveScaling(
      { ...predictiveScalingDefaults, target },
      (observation) => observation.desired,
    );
    expect(playRule(rule, { demand: () => 1000, seconds: day - 600, start: 5 })).toEqual([]);
  });
});

describe('backlog per instance', () => {
  it('tracks messages per instance at the published case: 50 messages, 300 s, 25 s', () => {
    const rule = createBacklogPerInstance({ ...backlogDefaults, target: 300 / 25 });
    const wanted = [1, 2, 3].map((minute) =>
      rule(
        observe({
          desired: 1,
          visibleMessages: 50,
          meanInstances: 1,
          sampleEndSeconds: minute * 60,
        }),
      ),
    );
    // 50 / 12 is 4.2: the recipe's alarms bring five, its published run had four with one at work.
    expect(wanted).toEqual([1, 1, 5]);
  });

  it('has no metric without an instance, and asks for nothing', () => {
    const rule = createBacklogPerInstance({ ...backlogDefaults, target: 12 });
    for (let minute = 1; minute <= 20; minute += 1) {
      const fields = { desired: 0, visibleMessages: 50, meanInstances: 0 };
      expect(rule(observe({ ...fields, sampleEndSeconds: minute * 60 }))).toBe(0);
    }
  });
});
