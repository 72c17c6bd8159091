import { describe, expect, it } from 'vitest';
import type { Load, TelemetryGap } from '../load/load.ts';
import { createObservation } from './scaler.ts';
import {
  agentTelemetry,
  cloudWatchTelemetry,
  createSampler,
  deliverSample,
  highResolutionTelemetry,
  sampleSecond,
} from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

interface Delivery {
  readonly atSecond: number;
  readonly endSeconds: number;
  readonly load: number;
  readonly perInstance: number;
}

interface Setup {
  readonly startSeconds?: number;
  readonly gaps?: readonly TelemetryGap[];
  readonly inService?: number;
}

/** What arrives when, for a load whose value is its second. */
function deliveries(telemetry: Telemetry, seconds: number, setup: Setup = {}): Delivery[] {
  const { startSeconds = 0, gaps = [], inService = 2 } = setup;
  const load: Load = { startSeconds, workPerSecond: new Float64Array(0), telemetryGaps: gaps };
  const sampler = createSampler(telemetry, load);
  const samplePeriodSeconds = telemetry.periodSeconds;
  const observation = createObservation({ minInstances: 1, maxInstances: 9, samplePeriodSeconds });
  const found: Delivery[] = [];
  for (let second = 0; second < seconds; second += 1) {
    deliverSample(sampler, second, observation);
    if (observation.hasSample) {
      const { sampleEndSeconds, load: seen, loadPerInstance } = observation;
      found.push({
        atSecond: second,
        endSeconds: sampleEndSeconds,
        load: seen,
        perInstance: loadPerInstance,
      });
    }
    sampleSecond(sampler, second, {
      load: second,
      inService,
      capacity: 10,
      visibleMessages: 0,
      messagesInFlight: 0,
    });
  }
  return found;
}

describe('telemetry', () => {
  it('shows a second of an agent one second after it ended', () => {
    const found = deliveries(agentTelemetry, 6);
    expect(found.map((one) => [one.atSecond, one.endSeconds, one.load])).toEqual([
      [2, 1, 0],
      [3, 2, 1],
      [4, 3, 2],
      [5, 4, 3],
    ]);
    expect(found[3]?.perInstance).toBe(1.5);
  });

  it('shows a minute of CloudWatch one minute after it ended', () => {
    const found = deliveries(cloudWatchTelemetry, 301);
    expect(found.map((one) => [one.atSecond, one.endSeconds, one.load])).toEqual([
      [120, 60, 29.5],
      [180, 120, 89.5],
      [240, 180, 149.5],
      [300, 240, 209.5],
    ]);
  });

  it('aligns periods to the epoch, wherever the load starts', () => {
    const found = deliveries(highResolutionTelemetry, 40, { startSeconds: 1003 });
    // The first period has the 7 seconds 0 … 6.
    expect(found.map((one) => [one.atSecond, one.endSeconds, one.load])).toEqual([
      [17, 1010, 3],
      [27, 1020, 11.5],
      [37, 1030, 21.5],
    ]);
  });

  it('sees no more than the fleet can serve when it is censored', () => {
    const found = deliveries({ ...agentTelemetry, isCensored: true }, 40);
    expect(Math.max(...found.map((one) => one.load))).toBe(20);
    expect(Math.max(...found.map((one) => one.perInstance))).toBe(10);
  });

  it('loses the periods that lie in a gap, and averages what it saw of the others', () => {
    const gaps = [{ fromSecond: 15, toSecond: 35, seenAs: 'missing' }] as const;
    const found = deliveries(highResolutionTelemetry, 61, { gaps });
    expect(found.map((one) => [one.endSeconds, one.load])).toEqual([
      [10, 4.5],
      [20, 12],
      [40, 37],
      [50, 44.5],
    ]);
  });

  it('reports zero in a gap that is seen as zero', () => {
    const gaps = [{ fromSecond: 10, toSecond: 20, seenAs: 'zero' }] as const;
    const found = deliveries(highResolutionTelemetry, 50, { gaps });
    expect(found.map((one) => one.load)).toEqual([4.5, 0, 24.5]);
  });

  it('has no load per instance while no instance is in service', () => {
    const found = deliveries(agentTelemetry, 4, { inService: 0 });
    expect(found.map((one) => Number.isNaN(one.perInstance))).toEqual([true, true]);
  });
});
