import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRandom, drawUniform } from '../random.ts';
import { generateSteady } from '../load/generators.ts';
import { prepareWorkload } from '../workload.ts';
import { measureLatency } from './measure-latency.ts';
import type { Latency } from './measure-latency.ts';
import { responseTail, waitingProbability } from '../../core/demand/response-time.ts';

const seed = 5;

describe('the M/M/c formulas', () => {
  it('give Erlang’s published probabilities of waiting', () => {
    expect(waitingProbability(1, 0.5)).toBeCloseTo(0.5, 12);
    expect(waitingProbability(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(waitingProbability(10, 8)).toBeCloseTo(0.4092, 4);
    expect(waitingProbability(3, 3)).toBe(1);
  });

  it('go over into the approximation for many slots without a step', () => {
    for (const busyRatio of [0.9, 0.95, 0.99]) {
      const below = waitingProbability(500, 500 * busyRatio);
      expect(waitingProbability(501, 501 * busyRatio)).toBeCloseTo(below, 1);
    }
  });

  it('give for one slot the exponential response time of M/M/1', () => {
    const property = fc.property(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0, max: 20, noNaN: true }),
      (arrivalsPerSecond, seconds) => {
        const tail = responseTail({ slots: 1, serviceSeconds: 1, arrivalsPerSecond });
        expect(tail(seconds)).toBeCloseTo(Math.exp(-(1 - arrivalsPerSecond) * seconds), 4);
      },
    );
    fc.assert(property, { seed });
  });

  it('agree with a simulated queue of three slots', () => {
    const random = createRandom(seed, 'queue');
    const draw = (mean: number): number => -mean * Math.log(drawUniform(random));
    const freeAt = [0, 0, 0];
    let at = 0;
    let longer = 0;
    const jobs = 200_000;
    for (let job = 0; job < jobs; job += 1) {
      at += draw(1 / 2.4);
      freeAt.sort((one, other) => one - other);
      const ends = Math.max(at, freeAt[0] ?? 0) + draw(1);
      freeAt[0] = ends;
      if (ends - at > 4) longer += 1;
    }
    const tail = responseTail({ slots: 3, serviceSeconds: 1, arrivalsPerSecond: 2.4 });
    expect(longer / jobs).toBeCloseTo(tail(4), 1.7);
  });
});

/** An hour of 80 a second on instances that do 10. */
function measure(inService: (second: number) => number, serviceSeconds?: number): Latency {
  const durationSeconds = 3600;
  const reading = prepareWorkload(generateSteady({ durationSeconds, workPerSecond: 80 }), {
    capacityPerInstance: 10,
  });
  if (reading.kind === 'refused') throw new Error(reading.message);
  const sizes = Array.from({ length: durationSeconds }, (_, second) => inService(second));
  return measureLatency({
    workload: reading.workload,
    inService: sizes,
    ...(serviceSeconds === undefined ? {} : { serviceSeconds }),
  });
}

describe('the latencies of a run', () => {
  it('are those of the station where nothing changes', () => {
    const tail = responseTail({ slots: 10, serviceSeconds: 0.1, arrivalsPerSecond: 80 });
    const { p50Ms, p95Ms, p99Ms, slotsPerInstance } = measure(() => 10);
    expect(slotsPerInstance).toBe(1);
    expect(tail((p50Ms ?? 0) / 1000)).toBeCloseTo(0.5, 6);
    expect(tail((p95Ms ?? 0) / 1000)).toBeCloseTo(0.05, 6);
    expect(tail((p99Ms ?? 0) / 1000)).toBeCloseTo(0.01, 6);
  });

  it('come near the bare service time with room to spare, whatever the slots', () => {
    const { p99Ms, slotsPerInstance, serviceMs } = measure(() => 100, 0.5);
    expect(slotsPerInstance).toBe(5);
    expect(serviceMs).toBe(500);
    expect(p99Ms).toBeCloseTo(-Math.log(0.01) * 500, 0);
  });

  it('have the wait of a backlog that a shortage leaves behind', () => {
    // Ten minutes at half of what is asked for leave 24,000; with 10 in service 20 a second go.
    const short = measure((second) => (second >= 1000 && second < 1600 ? 4 : 10));
    expect(short.p99Ms).toBeGreaterThan(200_000);
    expect(short.p99Ms).toBeLessThan(620_000);
  });

  it('are unknown above an hour, and never fall with fewer instances', () => {
    expect(measure(() => 0).p50Ms).toBeNull();
    const p95s = [9, 10, 12, 20].map((size) => measure(() => size).p95Ms ?? 0);
    expect(p95s).toEqual(p95s.toSorted((one, other) => other - one));
  });
});
