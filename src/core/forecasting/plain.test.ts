import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastNext, type PastMean } from './plain.ts';

const minuteMs = 60_000;
const dayMinutes = 1440;
const unit = { lowest: 0, highest: 1 };

function minutes(means: readonly number[]): readonly PastMean[] {
  return means.map((mean, index) => ({ start: index * minuteMs, mean }));
}

/** A seeded uniform number in [0, 1): a 32-bit linear congruential generator. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Days of CPU with one wave a day and noise around it. */
function dailySeries(days: number, seed: number): readonly PastMean[] {
  const random = seededRandom(seed);
  const means: number[] = [];
  for (let minute = 0; minute < days * dayMinutes; minute += 1) {
    const wave = 0.45 + 0.3 * Math.sin((2 * Math.PI * minute) / dayMinutes);
    means.push(wave * (1 + 0.1 * (random() + random() - 1)));
  }
  return minutes(means);
}

/** Mean absolute errors of the forecast and of persistence over the series' last day. */
function compareWithPersistence(series: readonly PastMean[]): readonly [number, number] {
  let errors = 0;
  let persistenceErrors = 0;
  for (let at = series.length - dayMinutes; at < series.length; at += 7) {
    const next = series[at]?.mean ?? Number.NaN;
    errors += Math.abs((forecastNext(series.slice(0, at), unit)?.value ?? Number.NaN) - next);
    persistenceErrors += Math.abs((series[at - 1]?.mean ?? Number.NaN) - next);
  }
  return [errors, persistenceErrors];
}

const anyMean = fc.oneof(
  fc.double({ min: 0, max: 1 }),
  fc.double({ min: 0, max: 1e15 }),
  fc.double(),
);
const gaps = fc.oneof(
  fc.constant(minuteMs),
  fc.integer({ min: 1, max: 5 * minuteMs }),
  fc.integer({ min: minuteMs, max: 3 * dayMinutes * minuteMs }),
);
const anyPast = fc.array(fc.tuple(gaps, anyMean), { maxLength: 300 }).map((steps) => {
  let start = 0;
  return steps.map(([gapMs, mean]) => {
    start += gapMs;
    return { start, mean };
  });
});

describe('the plain forecast', () => {
  it('is finite, not negative and within its clamp, whatever the past', () => {
    fc.assert(
      fc.property(anyPast, (past) => {
        const free = forecastNext(past);
        const clamped = forecastNext(past, unit);
        const newest = past.findLast(({ mean }) => mean >= 0 && mean <= 1e15);
        expect(free === null).toBe(newest === undefined);
        if (free === null || clamped === null || newest === undefined) return;
        expect(Number.isFinite(free.value)).toBe(true);
        expect(free.value).toBeGreaterThanOrEqual(0);
        expect(clamped.value).toBeGreaterThanOrEqual(0);
        expect(clamped.value).toBeLessThanOrEqual(1);
        expect(free.start).toBeGreaterThan(newest.start);
      }),
    );
  });

  it('says a constant again', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        (mean, count) => {
          const past = minutes(Array.from({ length: count }, () => mean));
          expect(forecastNext(past)?.value).toBeCloseTo(mean, 9);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('abstains without a past', () => {
    expect(forecastNext([])).toBeNull();
    expect(forecastNext(minutes([Number.NaN, -1, Number.POSITIVE_INFINITY]))).toBeNull();
  });

  it('follows a trend and damps it', () => {
    const forecast = forecastNext(minutes([10, 20, 30, 40]));
    expect(forecast?.method).toBe('damped-trend');
    expect(forecast?.value).toBeGreaterThan(42);
    expect(forecast?.value).toBeLessThan(50);
  });

  it('takes its step from the past, so that five-minute means are forecast five minutes ahead', () => {
    const past = [0, 5, 10, 15, 30, 35].map((minute) => ({ start: minute * minuteMs, mean: 0.5 }));
    expect(forecastNext(past)).toMatchObject({ stepMs: 5 * minuteMs, start: 40 * minuteMs });
  });

  it('forgets the level from before a long gap', () => {
    const before = minutes(Array.from({ length: 100 }, () => 0.9));
    const after = Array.from({ length: 5 }, (_, index) => ({
      start: (300 + index) * minuteMs,
      mean: 0.1,
    }));
    expect(forecastNext([...before, ...after])?.value).toBeCloseTo(0.1, 6);
  });

  it('rises before the load does, where earlier days did', () => {
    const isBusy = (minute: number): boolean => minute % dayMinutes >= 600;
    const means = Array.from({ length: 4 * dayMinutes + 598 }, (_, minute) =>
      isBusy(minute) ? 0.8 : 0.2,
    );
    const quiet = forecastNext(minutes(means.slice(0, -60)), unit);
    const morning = forecastNext(minutes([...means, 0.2, 0.2]), unit);
    expect(quiet?.method).toBe('seasonal');
    expect(quiet?.value).toBeCloseTo(0.2, 6);
    expect(morning?.value).toBeGreaterThan(0.5);
  });

  it('is not taken in by one odd day', () => {
    const day = (level: number): readonly number[] =>
      Array.from({ length: dayMinutes }, () => level);
    const past = minutes([...day(0.3), ...day(0.9), ...day(0.3), ...day(0.3).slice(0, 700)]);
    expect(forecastNext(past, unit)?.value).toBeCloseTo(0.3, 3);
  });

  it.each([1, 2, 3])('errs less than persistence on days of waves, seed %i', (seed) => {
    const [errors, persistenceErrors] = compareWithPersistence(dailySeries(5, seed));
    expect(errors).toBeLessThan(0.9 * persistenceErrors);
  });

  it.each([4, 5])('errs no more than persistence before there are two days, seed %i', (seed) => {
    const [errors, persistenceErrors] = compareWithPersistence(dailySeries(1.5, seed));
    expect(errors).toBeLessThan(persistenceErrors);
  });
});
