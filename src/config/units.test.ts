import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  parseDuration,
  parsePercent,
  parseSize,
  quantityPattern,
  requireDuration,
} from './units.ts';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1.1m', 66_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('of %s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['30', 's', '30 s', '-1s', '1e3s', '0.4ms', '1h30m', '30S', '', `${'9'.repeat(30)}d`])(
    'is not %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
      expect(() => requireDuration(text)).toThrow(text);
    },
  );
});

describe('a percent', () => {
  it.each([
    ['60%', 0.6],
    ['33.3%', 0.333],
    ['-10%', -0.1],
    ['250%', 2.5],
  ])('of %s is %d', (text, ratio) => {
    expect(parsePercent(text)).toBe(ratio);
  });

  it.each(['60', '%', '60 %', '6e1%', `${'9'.repeat(400)}%`])('is not %j', (text) => {
    expect(parsePercent(text)).toBeNull();
  });
});

describe('a size', () => {
  it.each([
    ['512MiB', 536_870_912],
    ['1.5GB', 1_500_000_000],
    ['80MiB/s', 83_886_080],
    ['7B', 7],
  ])('of %s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['512', 'MiB', '512mib', '-1B', '1 GiB', '5MB/h'])('is not %j', (text) => {
    expect(parseSize(text)).toBeNull();
  });
});

describe('the editor’s pattern', () => {
  it('takes exactly what one of the three can read', () => {
    const number = fc.constantFrom('0', '7', '1.5', '60', '-3', '.5', '1e3', '');
    const unit = fc.constantFrom('ms', 's', 'm', 'h', 'd', '%', 'B', 'kB', 'MiB', 'MiB/s', 'x', '');
    fc.assert(
      fc.property(number, unit, (digits, suffix) => {
        const text = `${digits}${suffix}`;
        const value = parseDuration(text) ?? parsePercent(text) ?? parseSize(text);
        // Signs are the percents' own; fractions of a millisecond are no duration.
        fc.pre(!/^-\d+(?!.*%)|1\.5ms/.test(text));
        expect(quantityPattern.test(text)).toBe(value !== null);
      }),
    );
  });
});
