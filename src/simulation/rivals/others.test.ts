// The rules of Kubernetes, KEDA, Nomad, Compute Engine and the literature against what follows from
// their statement: constant load, one step, a square wave.
import { describe, expect, it } from 'vitest';
import type { Scaler } from '../fluid/scaler.ts';
import { highResolutionTelemetry } from '../fluid/telemetry.ts';
import {
  adaptDefaults,
  createAdapt,
  createReact,
  createReg,
  extrapolateQuadratic,
  reactDefaults,
  regDefaults,
} from './academic.ts';
import { createGceManagedGroup, gceDefaults } from './gce-managed-group.ts';
import type { GceParameters } from './gce-managed-group.ts';
import { createKeda, kedaDefaults, kedaQueueLength } from './keda.ts';
import { createHpa, createHpaBehavior, hpaDefaults } from './kubernetes-hpa.ts';
import {
  createNomadTargetValue,
  createNomadThreshold,
  mergeCounts,
  nomadTargetValueDefaults,
  nomadThresholdDefaults,
} from './nomad.ts';
import { observe, playRule } from './testing/play.ts';
import type { Play } from './testing/play.ts';

const target = 7;
const quarterMinute = { periodSeconds: 15, delaySeconds: 15, isCensored: false };

/** Low for the first half of each period. */
function square(period: number, low: number, high: number): (second: number) => number {
  return (second) => (second % period < period / 2 ? low : high);
}

describe('the HorizontalPodAutoscaler', () => {
  function play(changes: Partial<Play> & Pick<Play, 'demand'>): ReturnType<typeof playRule> {
    const rule = createHpa({ ...hpaDefaults, target });
    return playRule(rule, { seconds: 3600, start: 15, telemetry: quarterMinute, ...changes });
  }

  it('keeps within the tolerance of a tenth either way', () => {
    expect(play({ demand: () => 115 })).toEqual([]);
    expect(play({ demand: () => 95 })).toEqual([]);
  });

  it('doubles at most every 15 s, and not past what the ready pods ask for', () => {
    // Five pods at 40: 29 are needed. Ten are allowed first, then twenty, then all.
    expect(play({ demand: () => 200, start: 5 }).slice(0, 3)).toEqual([
      [30, 10],
      [45, 20],
      [60, 29],
    ]);
  });

  it('may add four pods where doubling is less', () => {
    expect(play({ demand: () => 200, start: 2 })[0]).toEqual([30, 6]);
  });

  it('goes in 300 s after the last higher recommendation', () => {
    const changes = play({ demand: (second) => (second < 990 ? 100 : 50) });
    // The interval that ends at 1005 is the first low one, seen at 1020.
    expect(changes).toEqual([[1020 + 285, 8]]);
  });

  it('never goes in on a square wave faster than its stabilization', () => {
    expect(play({ demand: square(480, 50, 100), seconds: 7200 })).toEqual([]);
  });

  it('follows a slow square wave', () => {
    const changes = play({ demand: square(3600, 50, 100), seconds: 7200, start: 8 });
    expect(changes).toEqual([
      [1800 + 30, 15],
      [3600 + 30 + 285, 8],
      [5400 + 30, 15],
    ]);
  });

  it('keeps where pods that are not ready would turn the direction round', () => {
    const rule = createHpa({ ...hpaDefaults, target });
    // 8 per ready pod is above the target, over ready and unready pods it is below.
    const fields = { desired: 15, inService: 10, pending: 5, load: 80, meanInstances: 10 };
    expect(rule(observe({ ...fields, samplePeriodSeconds: 15, sampleEndSeconds: 15 }))).toBe(15);
  });

  it('remembers exactly its stabilization window', () => {
    const behave = createHpaBehavior(hpaDefaults);
    expect(behave(10, 10)).toBe(10);
    for (let interval = 1; interval < 20; interval += 1) expect(behave(10, 4)).toBe(10);
    expect(behave(10, 4)).toBe(4);
  });
});

describe('KEDA', () => {
  it('asks for total over target, in and out as the HPA does', () => {
    const rule = createKeda({ ...kedaDefaults, metric: 'load', target });
    const changes = playRule(rule, {
      demand: (second) => (second < 1800 ? 100 : 50),
      seconds: 3600,
      start: 10,
      telemetry: quarterMinute,
    });
    expect(changes).toEqual([
      [30, 15],
      [1800 + 30 + 285, 8],
    ]);
  });

  it('goes to none after 300 s without activity, and to one when polled with some', () => {
    const rule = createKeda({ ...kedaDefaults, metric: 'load', target });
    const changes = playRule(rule, {
      demand: (second) => (second >= 600 && second < 2000 ? 0 : 20),
      seconds: 3000,
      start: 3,
      minInstances: 0,
      telemetry: quarterMinute,
    });
    // The last poll that sees activity is at 600; the interval up to 2010 is seen at 2025.
    expect(changes).toEqual([
      [600 + 300, 0],
      [2040, 1],
      [2055, 3],
    ]);
  });

  it('sizes a queue by waiting messages and those in flight', () => {
    const rule = createKeda({ ...kedaDefaults, metric: 'queue', target: kedaQueueLength });
    const fields = { visibleMessages: 33, messagesInFlight: 4, load: 0, meanInstances: 4 };
    const at = { samplePeriodSeconds: 15, sampleEndSeconds: 15, nowSeconds: 30 };
    expect(rule(observe({ desired: 4, ...fields, ...at }))).toBe(8);
  });
});

describe('Nomad', () => {
  function play(
    rule: Scaler,
    changes: Partial<Play> & Pick<Play, 'demand'>,
  ): ReturnType<typeof playRule> {
    return playRule(rule, {
      seconds: 3600,
      start: 15,
      telemetry: highResolutionTelemetry,
      ...changes,
    });
  }

  it('multiplies the count by the factor at once', () => {
    const rule = createNomadTargetValue({ ...nomadTargetValueDefaults, target });
    expect(play(rule, { demand: () => 105 })).toEqual([]);
    const step = play(rule, { demand: (second) => (second < 1000 ? 105 : 70) });
    expect(step).toEqual([[1000 + 20, 10]]);
  });

  it('acts at most once in a cooldown, either way', () => {
    const rule = createNomadTargetValue({ ...nomadTargetValueDefaults, target });
    const changes = play(rule, { demand: square(400, 70, 105), seconds: 7200 });
    const times = changes.map(([second]) => second);
    expect(times.length).toBeGreaterThan(10);
    for (const [index, time] of times.entries()) {
      const before = times[index - 1];
      if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(300);
    }
  });

  it('by thresholds acts on five points of six', () => {
    const rule = createNomadThreshold({ ...nomadThresholdDefaults, target });
    const changes = play(rule, { demand: (second) => (second < 1000 ? 100 : 200) });
    // High points end at 1010 … 1050; the fifth is seen at 1060. +30 % of 15 is 4.
    expect(changes[0]).toEqual([1060, 19]);
    const low = createNomadThreshold({ ...nomadThresholdDefaults, target });
    expect(play(low, { demand: () => 50, seconds: 500 })).toEqual([
      [60, 14],
      [360, 13],
    ]);
    const idle = createNomadThreshold({ ...nomadThresholdDefaults, target });
    expect(play(idle, { demand: () => 90 })).toEqual([]);
  });

  it('merges up before none before down, then the larger', () => {
    expect(mergeCounts(10, [])).toBe(10);
    expect(mergeCounts(10, [12, 15])).toBe(15);
    expect(mergeCounts(10, [12, 8])).toBe(12);
    expect(mergeCounts(10, [10, 8])).toBe(10);
    expect(mergeCounts(10, [6, 8])).toBe(8);
  });
});

describe('a managed instance group', () => {
  const fleet = { warmupSeconds: 60, warmupFrom: 'request' } as const;

  function play(
    changes: Partial<Play> & Pick<Play, 'demand'>,
    parameters: Partial<GceParameters> = {},
  ): ReturnType<typeof playRule> {
    const rule = createGceManagedGroup({ ...gceDefaults, target, ...parameters });
    const telemetry = highResolutionTelemetry;
    return playRule(rule, { seconds: 3600, start: 15, telemetry, fleet, ...changes });
  }

  it('goes out at once and in when the peak is ten minutes old', () => {
    const changes = play({ demand: (second) => (second < 600 || second >= 1200 ? 100 : 200) });
    // The last high point ends at 1200, seen at 1210, and is forgotten 600 s later.
    expect(changes).toEqual([
      [620, 29],
      [1810, 15],
    ]);
  });

  it('serves the peak of a square wave', () => {
    expect(play({ demand: square(1000, 50, 100), seconds: 7200 })).toEqual([]);
  });

  it('goes in no further than its control below the peak recommendation', () => {
    const demand = (second: number): number => (second < 600 ? 200 : 70);
    const control = { kind: 'instances', value: 4 } as const;
    const changes = play({ demand, start: 29, seconds: 2600 }, { scaleInControl: control });
    // Peaks of ten minutes each: 29, then 25, then 21.
    expect(changes.map(([, size]) => size)).toEqual([25, 21, 17]);
    const ratio = { kind: 'ratio', value: 0.5 } as const;
    const halves = play({ demand, start: 29, seconds: 1400 }, { scaleInControl: ratio });
    expect(halves.map(([, size]) => size)).toEqual([15]);
  });

  it('does not count load on instances that initialise when it goes out', () => {
    const rule = createGceManagedGroup({ ...gceDefaults, target });
    const half = { desired: 20, inService: 20, warmed: 10, load: 200, meanInstances: 20 };
    const at = { samplePeriodSeconds: 10, sampleEndSeconds: 10 };
    expect(rule(observe({ ...half, ...at }))).toBe(20);
    const all = createGceManagedGroup({ ...gceDefaults, target });
    expect(all(observe({ ...half, warmed: 20, ...at }))).toBe(29);
  });

  it('with a forecast is out before the hour that was busy the day before', () => {
    const day = 86_400;
    const demand = (second: number): number =>
      second % day >= 32_400 && second % day < 36_000 ? 200 : 70;
    const changes = play(
      { demand, seconds: 2 * day, start: 10 },
      { isPredictive: true, initializationSeconds: 60 },
    );
    expect(changes[0]).toEqual([32_420, 29]);
    // On the second day one initialisation period ahead of 9:00.
    expect(changes[2]).toEqual([day + 32_400 - 60, 29]);
  });
});

describe('React, Reg and Adapt', () => {
  it('React goes up by 1.2 of the shortfall and down to 1.2 of the need', () => {
    const react = createReact({ ...reactDefaults, target });
    const changes = playRule(react, {
      demand: (second) => (second < 1200 ? 140 : 70),
      seconds: 3600,
      start: 10,
    });
    // Need 20: 10 + 1.2 · 10 = 22, which 1.1 · 20 does not fall below; need 10: 12.
    expect(changes).toEqual([
      [120, 22],
      [1320, 12],
    ]);
  });

  it('Reg goes up to 1.05 of the need at once and down along its parabola', () => {
    const reg = createReg({ ...regDefaults, target });
    const changes = playRule(reg, {
      demand: (second) => (second < 4800 ? 140 : 70),
      seconds: 9600,
      start: 10,
    });
    expect(changes[0]).toEqual([120, 21]);
    // Constant need 20 predicts 20: 1.2 · 20 is above 21. After the step the parabola undershoots,
    // and the need is the floor.
    const sizes = changes.slice(1).map(([, size]) => size);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(10);
    expect(sizes.at(-1)).toBeLessThanOrEqual(12);
  });

  it('Adapt goes up to 1.1 of the need plus growth, and down by a quarter of the fall', () => {
    const adapt = createAdapt({ ...adaptDefaults, target });
    const steady = playRule(adapt, { demand: () => 140, seconds: 3600, start: 10 });
    // No change of the need yet when it first acts.
    expect(steady).toEqual([[120, 22]]);
    const ramp = playRule(createAdapt({ ...adaptDefaults, target }), {
      demand: (second) => (second < 600 ? 70 : 140),
      seconds: 1200,
      start: 10,
    });
    // The need doubles within a minute: a smoothed growth of 5 a minute over two minutes of boot.
    expect(ramp[0]).toEqual([720, 32]);
    const fall = playRule(createAdapt({ ...adaptDefaults, target }), {
      demand: (second) => (second < 600 ? 140 : 70),
      seconds: 7200,
      start: 20,
    });
    // Falls of 5, 2.5, 1.25 … a minute, a quarter each: 2.5 in all.
    expect(fall.at(-1)?.[1]).toBe(18);
  });

  it('a parabola goes through what lies on one, and a line through what lies on a line', () => {
    expect(extrapolateQuadratic([1, 4, 9])).toBeCloseTo(16, 9);
    expect(extrapolateQuadratic([1, 4, 9, 16, 25])).toBeCloseTo(36, 9);
    expect(extrapolateQuadratic([2, 4, 6, 8])).toBeCloseTo(10, 9);
    expect(extrapolateQuadratic([7, 7, 7])).toBeCloseTo(7, 9);
    expect(extrapolateQuadratic([3, 5])).toBe(5);
    expect(extrapolateQuadratic([])).toBe(0);
  });
});
