// Shapes: what they read from texts and from typed values, and AWS's sentences.

import { describe, expect, it } from 'vitest';
import type { Shape } from './input-shape.ts';
import {
  decimal,
  flag,
  integer,
  list,
  oneOf,
  optional,
  readInput,
  required,
  structure,
  text,
  time,
} from './input-shape.ts';

function read(shape: Shape, input: Record<string, unknown>): unknown {
  const outcome = readInput(shape, input);
  return outcome.ok ? outcome.value : `${outcome.fault.code}: ${outcome.fault.message}`;
}

describe('input shapes', () => {
  it('read the same from Query texts and from JSON values', () => {
    const shape = {
      Name: required(text(), ''),
      Count: integer(),
      Ratio: decimal(),
      Flag: flag(),
      At: time(),
      Kinds: list(required(oneOf(['a', 'b']), 'a')),
      Inner: optional(structure({ Deep: integer() })),
    };
    const expected = {
      Name: 'n',
      Count: 3,
      Ratio: 0.5,
      Flag: true,
      At: 1_767_225_600_000,
      Kinds: ['a', 'b'],
      Inner: { Deep: 1 },
    };
    const texts = {
      Name: 'n',
      Count: '3',
      Ratio: '0.5',
      Flag: 'true',
      At: '2026-01-01T00:00:00Z',
      Kinds: ['a', 'b'],
      Inner: { Deep: '1' },
      Unknown: 'ignored',
    };
    expect(read(shape, texts)).toEqual(expected);
    const values = {
      ...texts,
      Count: 3,
      Ratio: 0.5,
      Flag: true,
      At: 1_767_225_600,
      Inner: { Deep: 1 },
    };
    expect(read(shape, values)).toEqual(expected);
  });

  it('leave what is absent undefined, and lists empty', () => {
    const shape = { A: text(), B: list(text()), C: optional(structure({})), D: flag() };
    expect(read(shape, {})).toEqual({ A: undefined, B: [], C: undefined, D: undefined });
    expect(read(shape, { B: '' })).toMatchObject({ B: [] });
  });

  it.each([
    [
      { Name: required(text(), '') },
      {},
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
    ],
    [
      { Name: text({ min: 2 }) },
      { Name: 'a' },
      "Value 'a' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      { Name: text({ max: 2 }) },
      { Name: 'abc' },
      "Value 'abc' at 'name' failed to satisfy constraint: Member must have length less than or equal to 2",
    ],
    [
      { Count: integer({ min: 1 }) },
      { Count: '0' },
      "Value '0' at 'count' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { Kind: oneOf(['a', 'b']) },
      { Kind: 'c' },
      "Value 'c' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [a, b]",
    ],
    [
      { Tags: list(structure({ Key: required(text(), '') })) },
      { Tags: [{ Key: 'a' }, {}] },
      "Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null",
    ],
  ])('say what is wrong with %j', (shape: Shape, input, sentence) => {
    expect(read(shape, input)).toBe(`ValidationError: 1 validation error detected: ${sentence}`);
  });

  it.each([
    [{ A: integer() }, { A: '1.5' }],
    [{ A: integer() }, { A: '' }],
    [{ A: integer() }, { A: '1e400' }],
    [{ A: integer() }, { A: {} }],
    [{ A: decimal() }, { A: 'NaN' }],
    [{ A: flag() }, { A: 'yes' }],
    [{ A: time() }, { A: 'yesterday' }],
    [{ A: text() }, { A: ['a'] }],
    [{ A: list(text()) }, { A: 'a' }],
    [{ A: structure({}) }, { A: 'a' }],
  ])('call malformed what is of another kind: %j %j', (shape: Shape, input) => {
    expect(read(shape, input)).toMatch(/^MalformedInput: The value at 'a' is not /u);
  });
});
