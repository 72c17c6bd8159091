import { describe, expect, it } from 'vitest';
import type { Load } from './load/load.ts';
import { generateSteady } from './load/generators.ts';
import { peakInstances, prepareWorkload, scoredBlocks, warmupSecondsOf } from './workload.ts';
import type { Workload, WorkloadOptions } from './workload.ts';

const day = 86_400;

function prepare(load: Load, options?: WorkloadOptions): Workload {
  const reading = prepareWorkload(load, options);
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

function steady(durationSeconds: number, startSeconds = 0): Load {
  return generateSteady({ durationSeconds, workPerSecond: 40, startSeconds });
}

describe('the scored span', () => {
  it('comes after 7 days, or after a tenth of a load that is no longer than that', () => {
    expect(warmupSecondsOf(31 * day)).toBe(7 * day);
    expect(warmupSecondsOf(7 * day)).toBe(60_480);
    expect(warmupSecondsOf(3600)).toBe(360);
  });

  it('is made of whole blocks of the epoch', () => {
    const workload = prepare(steady(3503, 1_700_158_546));
    // The load starts 6 s into a block; 351 s of warm-up end in block 35.
    expect(workload.scored).toEqual({ fromSecond: 354, toSecond: 3494 });
    expect(scoredBlocks(workload)).toEqual({ from: 36, to: 350 });
  });

  it('must last a minute', () => {
    const reading = prepareWorkload(steady(60));
    expect(reading).toEqual({
      kind: 'refused',
      code: 'too-short',
      message: 'the load lasts 60 s, of which 6 s warm up; it takes 60 s more to score',
    });
  });
});

describe('capacity', () => {
  it('is a tenth of the scored mean, or of what is asked for', () => {
    expect(prepare(steady(3600)).capacity.perInstance).toBe(4);
    expect(prepare(steady(3600), { meanInstances: 40 }).capacity.perInstance).toBe(1);
    expect(prepare(steady(3600), { capacityPerInstance: 7 }).capacity.perInstance).toBe(7);
  });

  it('falls in the middle of the scored span when asked to', () => {
    const { capacity, scored } = prepare(steady(3600), { capacityLeftRatio: 0.7 });
    expect(capacity.laterPerInstance).toBeCloseTo(2.8, 12);
    expect(capacity.changeSecond).toBe((scored.fromSecond + scored.toSecond) / 2);
  });

  it('cannot follow from a span without demand', () => {
    const load = generateSteady({ durationSeconds: 3600, workPerSecond: 0 });
    const reading = prepareWorkload(load);
    expect(reading.kind === 'refused' && reading.code).toBe('no-demand');
  });

  it('gives the peak of the scored span in instances, after a fall of capacity too', () => {
    const load = steady(3600);
    load.workPerSecond.fill(400, 100, 110);
    load.workPerSecond.fill(70, 1000, 1010);
    expect(peakInstances(prepare(load, { capacityPerInstance: 10 }))).toBe(7);
    const falling = prepare(load, { capacityPerInstance: 10, capacityLeftRatio: 0.5 });
    expect(peakInstances(falling)).toBe(8);
  });
});
