// The cloud's only randomness: seeded streams. A stream is named by (seed, label, number), so what
// launch 7 draws does not depend on what anything else drew before it.

/** A source of uniform numbers; every stream is independent of every other. */
export interface RandomStream {
  /** The next 32-bit unsigned integer. */
  nextWord(): number;
  /** The next number in [0, 1), with 32 bits of resolution. */
  nextRatio(): number;
}

/**
 * Returns the stream with that name. The generator is sfc32 (Chris Doty-Humphrey, PractRand,
 * public domain) with its state filled by splitmix32 from an FNV-1a hash of the name.
 */
export function randomStream(seed: number, label: string, number: number): RandomStream {
  const nextSeedWord = splitmix32(hashName(seed, label, number));
  let a = nextSeedWord();
  let b = nextSeedWord();
  let c = nextSeedWord();
  let counter = 1;
  const nextWord = (): number => {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) nextWord();
  return { nextWord, nextRatio: () => nextWord() / 4_294_967_296 };
}

/** PractRand's own number of rounds to mix the seed before the first word is used. */
const WARM_UP_ROUNDS = 12;

/** Returns a standard normal draw (Box-Muller, one of the pair: streams stay in step that way). */
export function drawNormal(stream: RandomStream): number {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.nextRatio()));
  return radius * Math.cos(2 * Math.PI * stream.nextRatio());
}

/** A lognormal distribution by its median; `sigma` 0 means always the median. */
export interface Lognormal {
  readonly medianMs: number;
  readonly sigma: number;
}

/** Returns a draw in whole milliseconds: `median · exp(sigma · z)`. Always uses two words. */
export function drawLognormalMs(stream: RandomStream, distribution: Lognormal): number {
  const normal = drawNormal(stream);
  return Math.round(distribution.medianMs * Math.exp(distribution.sigma * normal));
}

/** Returns that many lower-case hexadecimal digits. */
export function drawHex(stream: RandomStream, digits: number): string {
  let text = '';
  while (text.length < digits) text += stream.nextWord().toString(16).padStart(8, '0');
  return text.slice(0, digits);
}

/** Returns a version 4 UUID. */
export function drawUuid(stream: RandomStream): string {
  const hex = drawHex(stream, 32);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return (
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-` +
    `${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  );
}

function hashName(seed: number, label: string, number: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}\u0000${label}\u0000${number}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash;
}

function splitmix32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
}
