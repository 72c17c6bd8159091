// Passwords at rest: scrypt (RFC 7914), written as `$scrypt$ln=14,r=8,p=1$salt$hash` (PHC string
// format, base64 without padding), so that a hash carries its own cost.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasswordHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export interface ScryptCost {
  /** Binary logarithm of N. */
  readonly logN: number;
  readonly blockSize: number;
  readonly parallelization: number;
}

/** 16 MiB and about 50 ms for each new password; repeated logins are remembered. */
export const defaultScryptCost: ScryptCost = { logN: 14, blockSize: 8, parallelization: 1 };
/** A hash that asks for more memory than this is refused when it is read. */
const scryptBytesMax = 128 * 1024 * 1024;
const hashBytes = 32;
const saltBytes = 16;
const hashPattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** The line that goes into a credential. */
export async function hashPassword(password: string): Promise<string> {
  const cost = defaultScryptCost;
  const salt = randomBytes(saltBytes);
  const hash = await derive(Buffer.from(password, 'utf8'), salt, cost, hashBytes);
  const parameters = `ln=${cost.logN},r=${cost.blockSize},p=${cost.parallelization}`;
  return `$scrypt$${parameters}$${encode(salt)}$${encode(hash)}`;
}

/** Null for text that is no such hash, or one that costs too much or nothing to check. */
export function parsePasswordHash(text: string): PasswordHash | null {
  const match = hashPattern.exec(text);
  if (match === null) return null;
  const [logN, blockSize, parallelization] = match.slice(1, 4).map(Number);
  if (logN === undefined || blockSize === undefined || parallelization === undefined) return null;
  if (logN < 8 || blockSize < 1 || parallelization < 1) return null;
  const cost = { logN, blockSize, parallelization };
  if (scryptBytes(cost) > scryptBytesMax) return null;
  return {
    cost,
    salt: Buffer.from(match[4] ?? '', 'base64'),
    hash: Buffer.from(match[5] ?? '', 'base64'),
  };
}

/** Takes as long for a wrong password as for the right one. */
export async function isPasswordOf(known: PasswordHash, password: Buffer): Promise<boolean> {
  const hash = await derive(password, known.salt, known.cost, known.hash.length);
  return timingSafeEqual(hash, known.hash);
}

function derive(password: Buffer, salt: Buffer, cost: ScryptCost, length: number): Promise<Buffer> {
  const options = {
    N: 2 ** cost.logN,
    r: cost.blockSize,
    p: cost.parallelization,
    maxmem: scryptBytes(cost) + 1024 * 1024,
  };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

function scryptBytes(cost: ScryptCost): number {
  return 128 * cost.blockSize * (2 ** cost.logN + cost.parallelization);
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
