import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryBytesMax, recallDemand, rememberDemand } from './demand-memory.ts';
import { createDemandModel, noteLaunch, noteSample } from './demand-model.ts';
import type { DemandModel } from './demand-model.ts';

const options = { violationRatio: 0.005, isForecasting: true };

/** Bursts at two minutes of the hour on noise, served by a fleet of twenty. */
function feed(model: DemandModel, from: number, to: number): void {
  for (let second = from + 1; second <= to; second += 1) {
    const burst = second % 3600 < 300 ? 4 : 1;
    const load = 40 * burst * (1 + 0.2 * Math.sin(second * 12.9898));
    noteSample(model, {
      at: second * 1000,
      load,
      busyRatio: Math.min(1, load / 200),
      instances: 20,
    });
  }
}

describe('the memory of a demand model', () => {
  it('goes on as the model itself, whenever it was taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), (seconds) => {
        const model = createDemandModel(options);
        for (let launch = 0; launch < 5; launch += 1) noteLaunch(model, 70_000 + launch);
        feed(model, 0, seconds);
        const recalled = recallDemand(rememberDemand(model), options);
        if (recalled === null) throw new Error('it was not recalled');
        feed(model, seconds, seconds + 1200);
        feed(recalled, seconds, seconds + 1200);
        expect(recalled.reading).toEqual(model.reading);
        expect(rememberDemand(recalled)).toEqual(rememberDemand(model));
      }),
      { numRuns: 8 },
    );
  });

  it('has no reading before it has seen something itself', () => {
    const model = createDemandModel(options);
    feed(model, 0, 600);
    expect(model.reading).not.toBeNull();
    expect(recallDemand(rememberDemand(model), options)?.reading).toBeNull();
  });

  it('takes over another promise, and refuses one without the forecast', () => {
    const model = createDemandModel(options);
    feed(model, 0, 600);
    const bytes = rememberDemand(model);
    expect(recallDemand(bytes, { ...options, violationRatio: 0.01 })?.budget.promised).toBe(0.01);
    expect(recallDemand(bytes, { ...options, isForecasting: false })).toBeNull();
  });

  it('is refused when it is damaged', () => {
    const model = createDemandModel(options);
    feed(model, 0, 600);
    const bytes = rememberDemand(model);
    expect(recallDemand(new Uint8Array(), options)).toBeNull();
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
        expect(recallDemand(bytes.slice(0, length), options)).toBeNull();
      }),
    );
  });

  it('fits its bound with every count in use', () => {
    const model = createDemandModel(options);
    for (const { counts, tilt, anchors, stages } of model.panel.outlooks) {
      for (const values of [counts, anchors, stages]) values.fill(0.1);
      for (const values of Object.values(tilt ?? {}).flat()) values.fill(0.1);
    }
    const { arriving, kept } = model.panel.fleets;
    arriving.fill(1);
    kept.fill(1);
    const { length } = rememberDemand(model);
    expect(length).toBeGreaterThan(500_000);
    expect(length).toBeLessThan(memoryBytesMax);
  });
});
