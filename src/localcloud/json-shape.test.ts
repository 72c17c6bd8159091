// The readers of inputs: what they take, and what they say of what they do not.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listOf,
  mapOf,
  readDouble,
  readFlag,
  readInteger,
  readText,
  readTimestamp,
  structureOf,
} from './json-shape.ts';

const readInput = structureOf({
  Name: readText,
  Count: readInteger,
  Ratio: readDouble,
  IsOn: readFlag,
  At: readTimestamp,
  Tags: mapOf(readText),
  Items: listOf(structureOf({ Id: readText })),
});

describe('a structure', () => {
  it('reads each member by its type', () => {
    const given = {
      Name: 'n',
      Count: 3.9,
      Ratio: 'NaN',
      IsOn: false,
      At: 1_768_471_200.5,
      Tags: { a: 'b', __proto__: 'c' },
      Items: [{ Id: 'x' }, {}],
    };
    expect(readInput(given, '')).toEqual({
      ok: true,
      value: {
        Name: 'n',
        Count: 3,
        Ratio: Number.NaN,
        IsOn: false,
        At: 1_768_471_200_500,
        Tags: new Map([['a', 'b']]),
        Items: [{ Id: 'x' }, {}],
      },
    });
  });

  it('takes null for missing and passes unknown members over', () => {
    expect(readInput({ Name: null, Colour: 'red' }, '')).toEqual({ ok: true, value: {} });
  });

  it('reads no members of its prototype', () => {
    const read = structureOf({ toString: readText });
    expect(read({}, '')).toEqual({ ok: true, value: {} });
  });

  it.each([
    [{ Name: 5 }, 'NUMBER_VALUE can not be converted to a String at Name'],
    [{ Count: '5' }, 'STRING_VALUE can not be converted to an Integer at Count'],
    [{ IsOn: 'true' }, 'STRING_VALUE can not be converted to a Boolean at IsOn'],
    [{ At: '2026-01-15' }, 'STRING_VALUE can not be converted to a Timestamp at At'],
    [{ Tags: [] }, 'LIST_VALUE can not be converted to a Map at Tags'],
    [{ Items: [{}, { Id: 1 }] }, 'NUMBER_VALUE can not be converted to a String at Items[1].Id'],
    [{ Items: [null] }, 'NULL_VALUE can not be converted to a Structure at Items[0]'],
    [7, 'NUMBER_VALUE can not be converted to a Structure'],
  ])('refuses %j', (given, message) => {
    expect(readInput(given, '')).toMatchObject({
      fault: { code: 'SerializationException', status: 400, message },
    });
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (given) => {
        expect(() => readInput(given, '')).not.toThrow();
      }),
    );
  });
});
