// Tokens: 256 random bits that are printed once, and their SHA-256, which is all that is kept. A slow
// hash would add nothing: nobody guesses 256 bits, with or without one.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from './person.ts';

export interface TokenEntry {
  readonly name: string;
  readonly role: Role;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly hash: string;
}

const prefix = 'foretide_';
const randomByteCount = 32;
/** No token of ours is longer: others are not even hashed. */
const tokenLengthMax = 256;

/** `foretide_` and 43 characters. The prefix lets scanners for leaked secrets know it. */
export function createToken(): string {
  return `${prefix}${randomBytes(randomByteCount).toString('base64url')}`;
}

export function hashToken(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`;
}

/** Whose token it is; null for nobody's. Takes as long for the first entry as for none. */
export function findToken(entries: readonly TokenEntry[], token: string): TokenEntry | null {
  if (token.length > tokenLengthMax) return null;
  const presented = Buffer.from(hashToken(token));
  let found: TokenEntry | null = null;
  for (const entry of entries) {
    const known = Buffer.from(entry.hash);
    if (known.length === presented.length && timingSafeEqual(known, presented)) found = entry;
  }
  return found;
}
