import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DamagedShapeError, joinValue, splitValue } from './shape.ts';

const plainValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('a value taken apart', () => {
  it('is put together again exactly', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        const joined = joinValue(splitValue(value));
        // `toStrictEqual` tells −0 from 0; the text has the order of the members.
        expect(joined).toStrictEqual(value);
        expect(JSON.stringify(joined)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('has the same shape as one that differs in its numbers alone', () => {
    const one = splitValue({ name: 'web', sizes: [3, 0.5], at: 17 });
    const other = splitValue({ name: 'web', sizes: [-0, Infinity], at: 18 });
    expect(one.shape).toBe('{"name":"web","sizes":[0,0],"at":0}');
    expect(other.shape).toBe(one.shape);
    expect(other.numbers).toStrictEqual([-0, Infinity, 18]);
  });

  it('keeps a member that is named __proto__ a member', () => {
    const hostile: unknown = JSON.parse('{"since":{"__proto__":5,"x":{"__proto__":null}}}');
    const joined = joinValue(splitValue(hostile));
    expect(JSON.stringify(joined)).toBe('{"since":{"__proto__":5,"x":{"__proto__":null}}}');
    expect(Object.getPrototypeOf(joined)).toBe(Object.prototype);
  });

  it('leaves members out that are undefined, as JSON does', () => {
    expect(joinValue(splitValue({ one: undefined, two: 2 }))).toStrictEqual({ two: 2 });
  });

  it('refuses what is no plain value', () => {
    expect(() => splitValue({ run: () => 1 })).toThrow('cannot hold a function');
  });

  it('is not put together with too few or too many numbers, or from half a shape', () => {
    const { shape } = splitValue({ a: 1, b: [2] });
    for (const numbers of [[], [1], [1, 2, 3]]) {
      expect(() => joinValue({ shape, numbers })).toThrow(DamagedShapeError);
    }
    expect(() => joinValue({ shape: shape.slice(1), numbers: [1, 2] })).toThrow(DamagedShapeError);
  });
});
