import { describe, expect, it } from 'vitest';

import { findNearest } from './nearest.ts';

const keys = ['min', 'max', 'mode', 'cooldown', 'stabilization', 'staleAfter', 'policies'];

describe('the nearest word', () => {
  it.each([
    ['stabilisation', 'stabilization'],
    ['coolDown', 'cooldown'],
    ['polices', 'policies'],
    ['mod', 'mode'],
    ['Max', 'max'],
    ['staleafter', 'staleAfter'],
  ])('to %s is %s', (word, nearest) => {
    expect(findNearest(word, keys)).toBe(nearest);
  });

  it.each(['', 'x', 'minimumSize', 'schedule'])('to %j is none', (word) => {
    expect(findNearest(word, keys)).toBeNull();
  });

  it('is the first of those equally near', () => {
    expect(findNearest('mix', ['min', 'max'])).toBe('min');
  });
});
