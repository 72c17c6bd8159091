import { describe, expect, it } from 'vitest';

import type { TargetDescription, TargetInstance } from './ports/scaling-target.ts';
import { SpendingMeter } from './spending-meter.ts';

const hourMs = 3_600_000;
/** 2026-02-10T00:00:00Z */
const startMs = 1_770_681_600_000;
/** 2026-02-01 and 2026-03-01, 00:00 UTC. */
const monthStartedAt = 1_769_904_000_000;
const monthEndsAt = 1_772_323_200_000;

function describeOf(...types: readonly string[]): TargetDescription {
  const instances = types.map(
    (instanceType, index): TargetInstance => ({
      id: `i-${index}`,
      phase: instanceType === 'stopped' ? 'warm-pool' : 'in-service',
      lifecycleState: 'InService',
      zone: 'a',
      instanceType,
      isHealthy: true,
      isProtectedFromScaleIn: false,
    }),
  );
  const size = { min: 0, max: 9, desired: types.length };
  return { describedAt: 0, ...size, instances, desiredCapacityType: 'units', isWeighted: false };
}

describe('the cost of a group', () => {
  it('adds up by time and type, and the next instance is of the commonest', () => {
    const meter = new SpendingMeter(null);
    meter.describe(describeOf('m5.large', 'm5.large', 'g5.xlarge', 'stopped'));
    meter.read(startMs);
    const spending = meter.read(startMs + 2 * hourMs);
    expect(spending).toEqual({
      pricePerInstanceHour: 0.096,
      monthToDate: 2.396,
      monthStartedAt,
      monthEndsAt,
    });
  });

  it('is not known where a price is not, unless the group has one of its own', () => {
    const unknown = new SpendingMeter(null);
    unknown.describe(describeOf('m5.large', 'x99.mega'));
    expect(unknown.read(startMs)).toBeNull();
    const own = new SpendingMeter(0.2);
    own.describe(describeOf('m5.large', 'x99.mega'));
    own.read(startMs);
    expect(own.read(startMs + hourMs)).toMatchObject({
      pricePerInstanceHour: 0.2,
      monthToDate: 0.4,
    });
  });

  it('keeps the last price while there is no instance', () => {
    const meter = new SpendingMeter(null);
    meter.describe(describeOf('c5.large'));
    meter.describe(describeOf());
    expect(meter.read(startMs)).toMatchObject({ pricePerInstanceHour: 0.085, monthToDate: 0 });
  });

  it('begins anew with the month, at the moment that it begins', () => {
    const meter = new SpendingMeter(1);
    meter.describe(describeOf('m5.large'));
    meter.read(monthEndsAt - hourMs);
    expect(meter.read(monthEndsAt - 1)?.monthToDate).toBeCloseTo(1, 3);
    expect(meter.read(monthEndsAt + hourMs / 2)).toMatchObject({
      monthToDate: 0.5,
      monthStartedAt: monthEndsAt,
    });
  });

  it('goes on from a history, whose gaps cost as much as what was before them', () => {
    const meter = new SpendingMeter(1);
    const minute = (atMs: number, mean: number) => ({
      start: startMs + atMs,
      sum: 0,
      mean,
      highest: 0,
    });
    meter.restore([minute(0, 2), minute(hourMs, 4)], startMs + 3 * hourMs);
    meter.describe(describeOf('m5.large'));
    expect(meter.read(startMs + 4 * hourMs)?.monthToDate).toBe(2 + 8 + 1);
  });

  it('is not known for the rest of a month whose history was lost', () => {
    const meter = new SpendingMeter(1);
    meter.loseTrack(startMs);
    meter.describe(describeOf('m5.large'));
    expect(meter.read(startMs + hourMs)).toBeNull();
    expect(meter.read(monthEndsAt)).not.toBeNull();
  });
});
