import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDrift } from './find-drift.ts';
import type { Json } from './json.ts';

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie('json'), { maxKeys: 4 }),
  ),
}));

describe('drift', () => {
  it('is none of what is as it should be, in whatever order lists come', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.infiniteStream(fc.nat()), (made, draws) => {
        const shuffle = (value: Json): Json => {
          if (Array.isArray(value)) {
            const keyed = value.map((item: Json) => [draws.next().value, shuffle(item)] as const);
            return keyed.toSorted(([one], [other]) => one - other).map(([, item]) => item);
          }
          return value;
        };
        const now = Object.fromEntries(
          Object.entries(made).map(([name, value]) => [name, shuffle(value)]),
        );
        expect(findDrift(made, now)).toEqual([]);
      }),
    );
  });

  it('is none of what the template does not say, nor of how it writes numbers', () => {
    expect(findDrift({ Max: '4', On: 'true' }, { Max: 4, On: true, Min: 9 })).toEqual([]);
    expect(findDrift({ A: { B: 1 } }, { A: { B: 1, C: 2 } })).toEqual([]);
  });

  it('names each property by its path, with what is there and what should be', () => {
    const made = {
      Max: '4',
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      Deep: { A: 1 },
    };
    const now = {
      Max: 9,
      Tags: [
        { Key: 'b', Value: '3' },
        { Key: 'a', Value: '1' },
      ],
      Deep: {},
    };
    expect(findDrift(made, now)).toEqual([
      { path: '/Max', kind: 'NOT_EQUAL', expected: '4', actual: 9 },
      { path: '/Tags/1/Value', kind: 'NOT_EQUAL', expected: '2', actual: '3' },
      { path: '/Deep/A', kind: 'REMOVE', expected: 1, actual: undefined },
    ]);
  });

  it('tells what was added to a list and what was taken from it', () => {
    expect(findDrift({ L: ['a'] }, { L: ['b', 'a'] })).toEqual([
      { path: '/L/0', kind: 'ADD', expected: undefined, actual: 'b' },
    ]);
    expect(findDrift({ L: ['a', 'b'] }, { L: ['b'] })).toEqual([
      { path: '/L/0', kind: 'REMOVE', expected: 'a', actual: undefined },
    ]);
  });
});
