// Numbers as few bytes, exactly: what a journal row keeps of an entry besides its shape. Times are
// near the entry's own time and most counts are small, so few numbers need eight bytes.

/** Below it a byte is the number itself; from it on a byte says how the number follows. */
const literalEnd = 200;
/** Eight bytes, IEEE 754, little-endian: any number, also −0 and those that are not finite. */
const tagFloat = 200;
/** One byte: the position of an equal number earlier in the row. */
const tagEarlier = 201;
/** A varint subtracted from, or added to, the entry's time. */
const tagBefore = 202;
const tagAfter = 203;
/** A varint, and its negative. */
const tagInteger = 204;
const tagNegative = 205;

/** Only the first so many numbers can be pointed back to: a position is one byte. */
const earlierPositionsMax = 256;
/** Farther from the entry's time than this, a difference is no shorter than the number. */
const timeDistanceMax = 2 ** 31;
/** A tag and eight bytes; a varint of 53 bits takes as many. */
const bytesPerNumberMax = 9;
const varintRadix = 128;

/** Bytes that are no numbers written by `encodeNumbers`: the row is damaged. */
export class DamagedNumbersError extends Error {
  override readonly name = 'DamagedNumbersError';
}

/**
 * `numbers` in their order, relative to the time `at`. `decodeNumbers` with the same `at` returns
 * each one identical (`Object.is`).
 */
export function encodeNumbers(numbers: readonly number[], at: number): Uint8Array {
  const bytes = new Uint8Array(numbers.length * bytesPerNumberMax);
  const view = new DataView(bytes.buffer);
  const base = Number.isSafeInteger(at) ? at : 0;
  const writing = { bytes, view, numbers, base };
  let end = 0;
  for (let position = 0; position < numbers.length; position += 1) {
    end = writeNumber(writing, position, end);
  }
  return bytes.subarray(0, end);
}

interface Writing {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly numbers: readonly number[];
  readonly base: number;
}

function writeNumber(writing: Writing, position: number, end: number): number {
  const { bytes, numbers, base } = writing;
  const number = numbers[position] ?? 0;
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
    return writeFloat(writing, position, end);
  }
  if (number >= 0 && number < literalEnd) {
    bytes[end] = number;
    return end + 1;
  }
  const distance = number - base;
  if (distance > -timeDistanceMax && distance < timeDistanceMax) {
    bytes[end] = distance > 0 ? tagAfter : tagBefore;
    return writeVarint(bytes, end + 1, Math.abs(distance));
  }
  bytes[end] = number < 0 ? tagNegative : tagInteger;
  return writeVarint(bytes, end + 1, Math.abs(number));
}

function writeFloat(writing: Writing, position: number, end: number): number {
  const { bytes, view, numbers } = writing;
  const number = numbers[position] ?? 0;
  const searched = Math.min(position, earlierPositionsMax);
  for (let earlier = 0; earlier < searched; earlier += 1) {
    if (!Object.is(numbers[earlier], number)) continue;
    bytes[end] = tagEarlier;
    bytes[end + 1] = earlier;
    return end + 2;
  }
  bytes[end] = tagFloat;
  view.setFloat64(end + 1, number, true);
  return end + 1 + Float64Array.BYTES_PER_ELEMENT;
}

/** Seven bits a byte, lowest first; the high bit says that another follows. */
function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let rest = value;
  let end = start;
  while (rest >= varintRadix) {
    bytes[end] = (rest % varintRadix) + varintRadix;
    rest = Math.floor(rest / varintRadix);
    end += 1;
  }
  bytes[end] = rest;
  return end + 1;
}

/** The numbers that `encodeNumbers` was given. Throws `DamagedNumbersError` for other bytes. */
export function decodeNumbers(bytes: Uint8Array, at: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const base = Number.isSafeInteger(at) ? at : 0;
  const numbers: number[] = [];
  let end = 0;
  while (end < bytes.length) {
    const tag = byteAt(bytes, end);
    if (tag < literalEnd) {
      numbers.push(tag);
      end += 1;
    } else if (tag === tagFloat) {
      if (end + bytesPerNumberMax > bytes.length) throw new DamagedNumbersError('it ends early');
      numbers.push(view.getFloat64(end + 1, true));
      end += bytesPerNumberMax;
    } else if (tag === tagEarlier) {
      numbers.push(earlierNumber(numbers, byteAt(bytes, end + 1)));
      end += 2;
    } else {
      const varint = readVarint(bytes, end + 1);
      numbers.push(fromVarint(tag, varint.value, base));
      end = varint.end;
    }
  }
  return numbers;
}

function fromVarint(tag: number, value: number, base: number): number {
  switch (tag) {
    case tagBefore:
      return base - value;
    case tagAfter:
      return base + value;
    case tagInteger:
      return value;
    case tagNegative:
      return -value;
    default:
      throw new DamagedNumbersError(`no number starts with the byte ${tag}`);
  }
}

function earlierNumber(numbers: readonly number[], position: number): number {
  const number = numbers[position];
  if (number === undefined) throw new DamagedNumbersError(`no number at position ${position} yet`);
  return number;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  let weight = 1;
  let end = start;
  for (;;) {
    const byte = byteAt(bytes, end);
    end += 1;
    if (byte < varintRadix) return { value: value + byte * weight, end };
    value += (byte - varintRadix) * weight;
    weight *= varintRadix;
    if (weight > Number.MAX_SAFE_INTEGER) throw new DamagedNumbersError('a varint never ends');
  }
}

function byteAt(bytes: Uint8Array, position: number): number {
  const byte = bytes[position];
  if (byte === undefined) throw new DamagedNumbersError('it ends early');
  return byte;
}
