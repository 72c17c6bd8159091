// Streams: the same by name, different by any part of it, distributed as they say.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawHex, drawLognormalMs, drawNormal, drawUuid, randomStream } from './random.ts';

function words(seed: number, label: string, number: number): number[] {
  const stream = randomStream(seed, label, number);
  return Array.from({ length: 8 }, () => stream.nextWord());
}

describe('random streams', () => {
  it('repeat themselves under the same name', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.nat(), (seed, label, number) => {
        expect(words(seed, label, number)).toEqual(words(seed, label, number));
      }),
    );
  });

  it('differ when any part of the name does', () => {
    const first = words(1, 'launch', 1);
    expect(words(2, 'launch', 1)).not.toEqual(first);
    expect(words(1, 'launches', 1)).not.toEqual(first);
    expect(words(1, 'launch', 2)).not.toEqual(first);
  });

  it('fill [0, 1) evenly', () => {
    const stream = randomStream(7, 'even', 0);
    const counts = Array.from({ length: 10 }, () => 0);
    const draws = 100_000;
    for (let i = 0; i < draws; i += 1) {
      const bin = Math.floor(stream.nextRatio() * 10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    // Five standard deviations of a binomial count.
    const tolerance = 5 * Math.sqrt(draws * 0.1 * 0.9);
    for (const count of counts) expect(Math.abs(count - draws / 10)).toBeLessThan(tolerance);
  });

  it('draw normals of mean 0 and variance 1, across streams as within one', () => {
    const draws = 20_000;
    let sum = 0;
    let squares = 0;
    for (let number = 0; number < draws; number += 1) {
      const value = drawNormal(randomStream(3, 'normal', number));
      sum += value;
      squares += value * value;
    }
    expect(Math.abs(sum / draws)).toBeLessThan(0.04);
    expect(squares / draws).toBeCloseTo(1, 1);
  });

  it('draw lognormals with the median and spread that are asked for', () => {
    const values = Array.from({ length: 9999 }, (_, number) =>
      drawLognormalMs(randomStream(5, 'boot', number), { medianMs: 30_000, sigma: 0.25 }),
    ).toSorted((a, b) => a - b);
    const at = (ratio: number): number => values[Math.floor(ratio * values.length)] ?? 0;
    expect(at(0.5) / 30_000).toBeCloseTo(1, 1);
    // One standard deviation above the median: exp(0.25).
    expect(at(0.8413) / 30_000).toBeCloseTo(Math.exp(0.25), 1);
  });

  it('draw exactly the median when there is no spread', () => {
    const draw = drawLognormalMs(randomStream(1, 'boot', 1), { medianMs: 120_000, sigma: 0 });
    expect(draw).toBe(120_000);
  });

  it('write identifiers in their forms', () => {
    const stream = randomStream(1, 'ids', 1);
    expect(drawUuid(stream)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
    );
    expect(drawHex(stream, 17)).toMatch(/^[0-9a-f]{17}$/u);
  });
});
