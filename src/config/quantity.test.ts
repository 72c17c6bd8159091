import { describe, expect, it } from 'vitest';

import { describeUnit, readQuantity, readShare, requireShare, unitOf } from './quantity.ts';

describe('the unit of a signal', () => {
  it.each([
    ['cpu', 'mean', 'share'],
    ['cpu', 'sum', 'shares-sum'],
    ['memoryAvailableRatio', 'p95', 'share'],
    ['memoryAvailableBytes', 'mean', 'bytes'],
    ['networkInBytesPerSecond', 'sum', 'bytes'],
    ['latencyMs', 'p99', 'milliseconds'],
    ['connections', 'mean', 'number'],
    ['requestsPerSecond', 'mean', 'number'],
  ] as const)('of %s by %s is %s', (signal, statistic, unit) => {
    expect(unitOf(signal, statistic)).toBe(unit);
  });
});

describe('a quantity', () => {
  it.each([
    ['60%', 'share', 0.6],
    [0.6, 'share', 0.6],
    [1, 'share', 1],
    ['250%', 'shares-sum', 2.5],
    [40, 'shares-sum', 40],
    ['512MiB', 'bytes', 536_870_912],
    [100, 'bytes', 100],
    ['200ms', 'milliseconds', 200],
    [250, 'milliseconds', 250],
    [500, 'number', 500],
  ] as const)('of %s as %s is %d', (written, unit, value) => {
    expect(readQuantity(written, unit)).toBe(value);
  });

  it.each([
    [60, 'share'],
    ['60', 'share'],
    ['101%', 'share'],
    [-0.1, 'share'],
    ['60%', 'number'],
    ['500', 'number'],
    [-1, 'number'],
    ['60%', 'bytes'],
    ['512MiB', 'milliseconds'],
  ] as const)('is not %j as %s', (written, unit) => {
    expect(readQuantity(written, unit)).toBeNull();
  });
});

describe('what is allowed', () => {
  it('names both spellings of a percent without its sign', () => {
    expect(describeUnit('share', 'cpu', 60)).toContain('60% or 0.6');
    expect(describeUnit('share', 'cpu', '33.3')).toContain('33.3% or 0.333');
  });

  it('gives an example where the number is no percent', () => {
    expect(describeUnit('share', 'cpu', 'much')).toContain('such as 60% or 0.6');
    expect(describeUnit('share', 'cpu', 5000)).toContain('such as 60% or 0.6');
  });
});

describe('a share of its own', () => {
  it('is read as one of a signal, and required where the schema has seen to it', () => {
    expect(readShare('50%')).toBe(0.5);
    expect(requireShare(0.25)).toBe(0.25);
    expect(() => requireShare(50)).toThrow('50');
  });
});
