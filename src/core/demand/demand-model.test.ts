import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemandModel, noteLaunch, noteSample } from './demand-model.ts';
import type { DemandModel } from './demand-model.ts';
import type { DemandReading } from './demand-reading.ts';

const capacity = 10;

function createModel(isForecasting = true): DemandModel {
  return createDemandModel({ violationRatio: 0.005, isForecasting });
}

/** Feeds one second after another, served by as many instances as the model itself would keep. */
function feed(model: DemandModel, loads: readonly number[], fromSecond = 1): DemandReading {
  for (const [index, load] of loads.entries()) {
    const instances = model.reading?.keep ?? Math.max(1, Math.ceil(load / capacity));
    const busyRatio = Math.min(1, load / instances / capacity);
    noteSample(model, { at: (fromSecond + index) * 1000, load, busyRatio, instances });
  }
  if (model.reading === null) throw new Error('no reading');
  return model.reading;
}

function steady(seconds: number, load: number): number[] {
  return Array.from({ length: seconds }, () => load);
}

describe('the model of demand', () => {
  it('has no reading before a block is full', () => {
    const model = createModel();
    noteSample(model, { at: 1000, load: 50, busyRatio: 0.5, instances: 10 });
    expect(model.reading).toBeNull();
  });

  it('learns what an instance can do from how busy it is', () => {
    expect(feed(createModel(), steady(600, 73)).capacityPerInstance).toBeCloseTo(capacity, 9);
  });

  it('follows an instance that comes to do less', () => {
    const model = createModel();
    feed(model, steady(600, 73));
    for (let second = 601; second <= 2400; second += 1) {
      noteSample(model, { at: second * 1000, load: 73, busyRatio: 73 / 12 / 7, instances: 12 });
    }
    expect(model.reading?.capacityPerInstance).toBeCloseTo(7, 1);
  });

  it('lowers its estimate where a full fleet shows it to be too high', () => {
    const model = createModel();
    feed(model, steady(600, 73));
    noteSample(model, { at: 601_000, load: 56, busyRatio: 1, instances: 8 });
    expect(model.capacity.perInstance).toBe(7);
  });

  it('takes no instance to do less because it is nearly full', () => {
    const model = createModel();
    feed(model, steady(600, 73));
    noteSample(model, { at: 601_000, load: 79.4, busyRatio: 0.9925, instances: 8 });
    expect(model.capacity.perInstance).toBeCloseTo(capacity, 9);
  });

  it('believes the first instance with room after all that it knew was disproved', () => {
    const model = createModel();
    noteSample(model, { at: 1000, load: 90, busyRatio: 1, instances: 3 });
    noteSample(model, { at: 2000, load: 90, busyRatio: 0.9, instances: 10 });
    expect(model.capacity.perInstance).toBeCloseTo(capacity, 9);
  });

  it('leaves no rest of an instance unserved while a full fleet could hide more', () => {
    const model = createModel();
    feed(model, steady(3600, capacity * 7.3));
    expect(model.reading?.floor).toBe(8);
    expect(model.reading?.keep).toBeGreaterThanOrEqual(8);
    // Load that is seen above what the fleet can do hides from nobody.
    for (let second = 3601; second <= 3603; second += 1) {
      noteSample(model, { at: second * 1000, load: capacity * 8, busyRatio: 1, instances: 7 });
    }
    feed(model, steady(3600, capacity * 7.3), 3604);
    expect(model.reading?.floor).toBe(7);
  });

  it('takes demand to grow behind a fleet that is full', () => {
    const model = createModel();
    feed(model, steady(600, 73));
    for (let second = 601; second <= 660; second += 1) {
      noteSample(model, { at: second * 1000, load: 80, busyRatio: 1, instances: 8 });
    }
    expect(model.isCensored).toBe(true);
    expect(model.demand).toBeGreaterThan(100);
  });

  it('believes load that is counted where it is offered', () => {
    const model = createModel();
    feed(model, steady(600, 73));
    for (let second = 601; second <= 660; second += 1) {
      noteSample(model, { at: second * 1000, load: 200, busyRatio: 1, instances: 8 });
    }
    expect(model.isCensored).toBe(false);
    expect(model.demand).toBe(200);
  });

  it('learns the lead from launches, and looks as far ahead', () => {
    const model = createModel();
    for (let launch = 0; launch < 8; launch += 1) noteLaunch(model, 90_000);
    const reading = feed(model, steady(600, 50));
    expect(reading.leadMs).toBe(90_000);
    expect(model.leadBlocks).toBe(9);
  });

  it('follows a ramp before it has seen one', () => {
    const ramp = Array.from({ length: 300 }, (_, second) => 50 + second / 3);
    const level = feed(createModel(), steady(900, 50));
    const model = createModel();
    feed(model, steady(600, 50));
    expect(level.add).toBeLessThanOrEqual(7);
    // At 15 now, and 10 / 3 more each 100 s: 21 in three minutes, when launches serve.
    expect(feed(model, ramp, 601).add).toBeGreaterThanOrEqual(20);
  });

  it('takes the first lull for no end of demand where the promise is tight', () => {
    const model = createDemandModel({ violationRatio: 0.001, isForecasting: true });
    feed(model, steady(3600, 80));
    expect(feed(model, steady(300, 20), 3601).keep).toBeGreaterThanOrEqual(7);
    expect(feed(model, steady(14_400, 20), 3901).keep).toBeLessThanOrEqual(3);
  });

  it('holds what came before a first launch could serve against nobody', () => {
    const model = createModel();
    for (let second = 1; second <= 200; second += 1) {
      noteSample(model, { at: second * 1000, load: 100, busyRatio: 1, instances: 1 });
    }
    feed(model, steady(300, 100), 201);
    expect(model.reading?.unservedRatio).toBe(0);
  });

  it('keeps no surplus worth speaking of over a steady load', () => {
    const { add, keep } = feed(createModel(), steady(12 * 3600, 95));
    expect(add).toBeLessThanOrEqual(keep);
    expect(keep).toBeLessThanOrEqual(11);
  });

  it('is ready for a burst that comes on the hour, once it has seen a day of them', () => {
    const model = createModel();
    for (let launch = 0; launch < 8; launch += 1) noteLaunch(model, 120_000);
    const hour = [...steady(1800, 50), ...steady(300, 200), ...steady(1500, 50)];
    for (let hours = 0; hours < 30; hours += 1) feed(model, hour, hours * 3600 + 1);
    const start = 30 * 3600 + 1;
    const quiet = feed(model, hour.slice(0, 900), start).add;
    const ahead = feed(model, hour.slice(900, 1700), start + 900).add;
    expect(quiet).toBeLessThan(12);
    expect(ahead).toBeGreaterThanOrEqual(19);
  });

  it('is not ready for it without its forecast, but keeps the same floor', () => {
    const model = createModel(false);
    const hour = [...steady(1800, 50), ...steady(300, 200), ...steady(1500, 50)];
    for (let hours = 0; hours < 30; hours += 1) feed(model, hour, hours * 3600 + 1);
    expect(model.reading?.isForecast).toBe(false);
    expect(model.reading?.floor).toBe(5);
  });

  it('survives gaps, repeated samples and a clock that goes back', () => {
    const model = createModel();
    feed(model, steady(600, 50));
    const before = model.reading;
    noteSample(model, { at: 300_000, load: 900, busyRatio: 1, instances: 1 });
    expect(model.reading).toBe(before);
    const after = feed(model, steady(60, 50), 100_001);
    expect(after.at).toBe(100_060_000);
    expect(after.add).toBeLessThan(20);
  });

  it('has finite sizes in order, whatever the load', () => {
    const anyLoad = fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.constantFrom(1, 10, 1000),
    );
    const anyRun = fc.array(fc.tuple(anyLoad, fc.integer({ min: 1, max: 40 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(anyRun, fc.boolean(), (run, isForecasting) => {
        const model = createModel(isForecasting);
        feed(model, [...steady(30, 50), ...run.flatMap(([load, tens]) => steady(tens * 10, load))]);
        const { reading } = model;
        if (reading === null) throw new Error('no reading');
        for (const size of [reading.floor, reading.add, reading.keep]) {
          expect(Number.isInteger(size) && size >= 1).toBe(true);
        }
        expect(reading.floor).toBeLessThanOrEqual(reading.add);
        expect(reading.add).toBeLessThanOrEqual(reading.keep);
      }),
      { numRuns: 50 },
    );
  });

  it('says the same of the same samples', () => {
    const loads = Array.from({ length: 7200 }, (_, second) => 50 + 40 * Math.sin(second / 500));
    expect(feed(createModel(), loads)).toEqual(feed(createModel(), loads));
  });
});
