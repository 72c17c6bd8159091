import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDifference } from './find-difference.ts';

describe('the first difference of two values', () => {
  it.each([
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, { path: 'a.1.b', recorded: 2, replayed: 3 }],
    [{ a: 1 }, { a: 1, b: null }, { path: 'b', recorded: undefined, replayed: null }],
    [{ a: [1] }, { a: [] }, { path: 'a.0', recorded: 1, replayed: undefined }],
    [{ a: [] }, { a: {} }, { path: 'a', recorded: [], replayed: {} }],
    [null, {}, { path: '', recorded: null, replayed: {} }],
    [{}, { toString: 1 }, { path: 'toString', recorded: undefined, replayed: 1 }],
  ])('of %j and %j is told by its path', (recorded, replayed, difference) => {
    expect(findDifference(recorded, replayed)).toEqual(difference);
  });

  it('leaves out undefined members and the order of members', () => {
    expect(findDifference({ a: 1, b: undefined, c: 2 }, { c: 2, a: 1 })).toBeNull();
    expect(findDifference(Number.NaN, Number.NaN)).toBeNull();
  });

  it('is found exactly where the JSON differs', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (one, other) => {
        const [left, right]: unknown[] = [JSON.parse(one), JSON.parse(other)];
        expect(findDifference(left, JSON.parse(one))).toBeNull();
        expect(findDifference(left, right) === null).toBe(isDeepStrictEqual(left, right));
      }),
    );
  });
});
