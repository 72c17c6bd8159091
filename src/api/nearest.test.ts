import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNearest } from './nearest.ts';

const known = ['desired', 'for', 'why', 'limit'];

describe('the nearest known word', () => {
  it.each([
    ['desird', 'desired'],
    ['DESIRED', 'desired'],
    ['fro', 'for'],
    ['limits', 'limit'],
    ['wyh', 'why'],
  ])('of %s is %s', (word, meant) => {
    expect(findNearest(word, known)).toBe(meant);
  });

  it('is none where nothing comes close', () => {
    for (const word of ['', 'quietly', 'x', 'd'.repeat(10_000)]) {
      expect(findNearest(word, known)).toBeNull();
    }
  });

  it('of a known word is that word', () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), (word) => {
        expect(findNearest(word, known)).toBe(word);
      }),
    );
  });

  it('is found after any one swap of neighbours', () => {
    fc.assert(
      fc.property(fc.nat(4), (index) => {
        const letters = [...'desired'];
        letters.splice(index, 2, letters[index + 1] ?? '', letters[index] ?? '');
        expect(findNearest(letters.join(''), known)).toBe('desired');
      }),
    );
  });
});
