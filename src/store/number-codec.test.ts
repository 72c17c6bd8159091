import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DamagedNumbersError, decodeNumbers, encodeNumbers } from './number-codec.ts';

const at = 1_795_305_600_000;

const anyNumber = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: -5_000_000, max: 5_000_000 }).map((distance) => at + distance),
  fc.constantFrom(0, -0, 1, 127, 128, 199, 200, 205, 255, 256, 0.1, Number.NaN),
  fc.constantFrom(Infinity, -Infinity, 2 ** 31, 2 ** 53, -(2 ** 53), at + 2 ** 31, at - 2 ** 31),
);

describe('numbers as bytes', () => {
  it('come back identical, whatever they are and whatever the time is', () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber, { maxLength: 400 }),
        fc.oneof(fc.constant(at), anyNumber),
        (numbers, time) => {
          const decoded = decodeNumbers(encodeNumbers(numbers, time), time);
          expect(decoded).toHaveLength(numbers.length);
          // `toBe` on each: it tells −0 from 0.
          decoded.forEach((number, position) => expect(number).toBe(numbers[position]));
        },
      ),
    );
  });

  it('take one byte for a small count, three for a time nearby, two for a repeated value', () => {
    expect(encodeNumbers([12], at)).toHaveLength(1);
    expect(encodeNumbers([at - 350], at)).toHaveLength(3);
    expect(encodeNumbers([0.4321], at)).toHaveLength(9);
    expect(encodeNumbers([0.4321, 0.4321], at)).toHaveLength(11);
  });

  it('are numbers or an error of their own when the bytes are damaged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          for (const number of decodeNumbers(bytes, at)) expect(number).toBeTypeOf('number');
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedNumbersError);
        }
      }),
    );
  });
});
