// IPv4 blocks: cutting one into smaller ones, and whether two overlap.

const ADDRESS_BITS = 32;
/** "count: a value between 1 and 256": Fn::Cidr. */
const BLOCKS_MAX = 256;

interface Block {
  readonly first: number;
  readonly size: number;
}

/** Returns the first `count` blocks of 2^bits addresses, or `undefined` if they do not fit. */
export function addressBlocks(block: string, count: number, bits: number): string[] | undefined {
  const whole = readBlock(block);
  if (whole === undefined || !(count >= 1 && count <= BLOCKS_MAX)) return undefined;
  if (!(bits >= 0 && bits <= ADDRESS_BITS)) return undefined;
  const size = powerOfTwo(bits);
  if (size * count > whole.size) return undefined;
  return Array.from(
    { length: count },
    (_, index) => `${writeAddress(whole.first + index * size)}/${ADDRESS_BITS - bits}`,
  );
}

/** Whether any address is in both; malformed blocks hold none. */
export function isOverlapping(a: string, b: string): boolean {
  const [one, other] = [readBlock(a), readBlock(b)];
  if (one === undefined || other === undefined) return false;
  return one.first < other.first + other.size && other.first < one.first + one.size;
}

/** Whether all of the inner block lies in the outer one. */
export function isWithin(inner: string, outer: string): boolean {
  const [one, other] = [readBlock(inner), readBlock(outer)];
  if (one === undefined || other === undefined) return false;
  return one.first >= other.first && one.first + one.size <= other.first + other.size;
}

function readBlock(text: string): Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/u.exec(text);
  if (match === null) return undefined;
  const [, ...numbers] = match.map(Number);
  const bits = numbers.pop() ?? ADDRESS_BITS;
  if (bits > ADDRESS_BITS || numbers.some((part) => part > 255)) return undefined;
  const size = powerOfTwo(ADDRESS_BITS - bits);
  const address = numbers.reduce((sum, part) => sum * 256 + part, 0);
  return { first: address - (address % size), size };
}

function writeAddress(address: number): string {
  const parts = [16_777_216, 65_536, 256, 1].map((unit) => Math.floor(address / unit) % 256);
  return parts.join('.');
}

function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let step = 0; step < exponent; step += 1) power *= 2;
  return power;
}
