import { describe, expect, it } from 'vitest';
import { climatologyDefaults, createClimatology, expectLoad, recordSample } from './climatology.ts';
import type { Climatology } from './climatology.ts';
import { observe } from './testing/play.ts';

const day = 86_400;
const hour = 3600;

/** Records one load for an hour of a day, as four samples. */
function record(
  climatology: Climatology,
  dayNumber: number,
  hourNumber: number,
  load: number,
): void {
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    const sampleEndSeconds = dayNumber * day + hourNumber * hour + quarter * 900;
    recordSample(climatology, observe({ load, samplePeriodSeconds: 900, sampleEndSeconds }));
  }
}

describe('the climatology', () => {
  it('expects nothing of an hour that no day has seen', () => {
    const climatology = createClimatology(climatologyDefaults);
    record(climatology, 0, 9, 100);
    expect(expectLoad(climatology, day + 8 * hour)).toBeUndefined();
    expect(expectLoad(climatology, day + 9 * hour + 10)).toBe(100);
  });

  it('weighs yesterday 1, the day before 0.9, and the same weekday threefold', () => {
    const climatology = createClimatology(climatologyDefaults);
    for (let past = 0; past < 14; past += 1) record(climatology, past, 9, past);
    let weights = 0;
    let sum = 0;
    for (let age = 1; age <= 14; age += 1) {
      const weight = 0.9 ** (age - 1) * (age % 7 === 0 ? 3 : 1);
      weights += weight;
      sum += weight * (14 - age);
    }
    expect(expectLoad(climatology, 14 * day + 9 * hour)).toBeCloseTo(sum / weights, 9);
  });

  it('forgets what is older than its days', () => {
    const climatology = createClimatology(climatologyDefaults);
    record(climatology, 0, 9, 1000);
    record(climatology, 14, 9, 10);
    expect(expectLoad(climatology, 15 * day + 9 * hour)).toBe(10);
  });
});
