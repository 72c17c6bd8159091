import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rivals, targetRatios } from './index.ts';
import { capacity, playRule } from './testing/play.ts';

const loadRivals = rivals.filter((rival) => rival.serves === 'load');

describe('the registry', () => {
  it('names each rival once and says where its rule is stated', () => {
    expect(new Set(rivals.map((rival) => rival.name)).size).toBe(rivals.length);
    expect(rivals.every((rival) => rival.source.length > 10)).toBe(true);
  });

  it('has a rising grid of targets on both sides of full load', () => {
    expect(targetRatios.toSorted((one, other) => one - other)).toEqual(targetRatios);
    expect(targetRatios.at(0)).toBeLessThan(0.2);
    expect(targetRatios.at(-1)).toBeGreaterThan(1);
  });
});

describe('every rival under constant load', () => {
  for (const rival of loadRivals) {
    it(`${rival.name} comes to rest at a size about its target`, () => {
      const drawn = fc.record({
        instances: fc.integer({ min: 12, max: 60 }),
        start: fc.integer({ min: 10, max: 80 }),
        targetRatio: fc.constantFrom(0.4, 0.7, 1),
      });
      fc.assert(
        fc.property(drawn, ({ instances, start, targetRatio }) => {
          const target = targetRatio * capacity;
          const scaler = rival.create({ target, peakInstances: instances });
          const seconds = 60_000;
          const changes = playRule(scaler, {
            demand: () => instances * target,
            seconds,
            start,
            telemetry: rival.telemetry,
            fleet: {
              scaleInOrder: rival.scaleInOrder,
              warmupSeconds: rival.warmupSeconds,
              warmupFrom: rival.warmupFrom,
            },
          });
          const [lastSecond, size] = changes.at(-1) ?? [0, start];
          // One at a time, six minutes apart, takes 27 000 s down from 80.
          expect(lastSecond).toBeLessThan(40_000);
          if (!rival.hasTarget) return;
          expect(size).toBeGreaterThanOrEqual(Math.floor(instances / 1.2));
          // Adapt comes down only while the load falls, so it stays where it started.
          const most = rival.name === 'adapt' ? Math.max(start, 1.2 * instances) : 1.45 * instances;
          expect(size).toBeLessThanOrEqual(Math.ceil(most));
        }),
        { numRuns: 6 },
      );
    });
  }
});
