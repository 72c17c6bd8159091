// How values on the command line are read. What is wrong is said in one line with what is allowed.

import { InvalidArgumentError } from 'commander';
import { momentGrammar, parseMoment, resolveMoment } from '../api/moments.ts';
import type { Direction } from '../core/decision.ts';
import { parseDuration, parsePercent } from '../config/units.ts';

export function readDuration(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs !== null && durationMs > 0) return durationMs;
  throw new InvalidArgumentError('allowed: a duration such as 90s, 10m or 1h');
}

/** Milliseconds, also none. */
export function readSpan(text: string): number {
  const spanMs = parseDuration(text);
  if (spanMs !== null) return spanMs;
  throw new InvalidArgumentError('allowed: 0s, or a duration such as 90s, 10m or 1h');
}

const spreadMax = 5;

export function readSpread(text: string): number {
  const share = parsePercent(text) ?? Number.NaN;
  if (share >= 0 && share <= spreadMax) return share;
  throw new InvalidArgumentError(`allowed: a percent from 0% to ${spreadMax * 100}%, such as 50%`);
}

/** Milliseconds since 1970; relative ones count from now. */
export function readMoment(text: string): number {
  const moment = parseMoment(text);
  if (moment !== null) return resolveMoment(moment, Date.now());
  throw new InvalidArgumentError(`allowed: ${momentGrammar}`);
}

const speedMax = 1000;

export function readSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed >= 1 && speed <= speedMax) return speed;
  throw new InvalidArgumentError(`allowed: a number from 1 to ${speedMax}`);
}

export function readSeed(text: string): number {
  const seed = Number(text);
  if (/^\d{1,9}$/.test(text)) return seed;
  throw new InvalidArgumentError('allowed: a whole number of at most nine digits');
}

const sizeMax = 100_000;

export function readSize(text: string): number {
  const size = Number(text);
  if (/^\d{1,6}$/.test(text) && size <= sizeMax) return size;
  throw new InvalidArgumentError(`allowed: a whole number from 0 to ${sizeMax}`);
}

/** A direction, or a desired capacity. */
export function readSought(text: string): Direction | number {
  if (text === 'scale-in' || text === 'scale-out') return text;
  const size = Number(text);
  if (/^\d{1,6}$/.test(text) && size <= sizeMax) return size;
  throw new InvalidArgumentError(
    `allowed: scale-in, scale-out, or a whole number from 0 to ${sizeMax}`,
  );
}

const hoursMax = 48;

export function readHours(text: string): number {
  const hours = Number(text);
  if (/^\d{1,2}$/.test(text) && hours >= 1 && hours <= hoursMax) return hours;
  throw new InvalidArgumentError(`allowed: a whole number from 1 to ${hoursMax}`);
}

const portMax = 65_535;

export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= portMax) return port;
  throw new InvalidArgumentError(`allowed: a whole number from 0 to ${portMax}`);
}

interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** One more to those that were named before. */
export function addCredentials(
  text: string,
  previous: readonly KeyPair[] = [],
): readonly KeyPair[] {
  const [, accessKeyId, secretAccessKey] = /^([A-Za-z0-9_]{1,128}):(\S+)$/.exec(text) ?? [];
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return [...previous, { accessKeyId, secretAccessKey }];
  }
  throw new InvalidArgumentError('allowed: an access key ID and its secret, as KEY:SECRET');
}

/** Of an option that may be given again. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function readAmount(text: string): number {
  const amount = Number(text);
  if (text.trim() !== '' && amount > 0 && Number.isFinite(amount)) return amount;
  throw new InvalidArgumentError('allowed: a number above 0');
}

export function readShareOption(text: string): number {
  const share = parsePercent(text) ?? Number.NaN;
  if (share >= 0 && share < 1) return share;
  throw new InvalidArgumentError('allowed: a percent from 0% to under 100%, such as 0.5%');
}

/** The share in `violations <= 0.5%`. */
export function readObjective(text: string): number {
  const [, share = ''] = /^\s*violations\s*<=\s*(\S+)\s*$/u.exec(text) ?? [];
  const allowance = parsePercent(share) ?? Number.NaN;
  if (allowance > 0 && allowance < 1) return allowance;
  throw new InvalidArgumentError(
    "allowed: 'violations <= <percent>' above 0% and under 100%, such as 'violations <= 0.5%'",
  );
}

/** One more `KEY=VALUE` to those that were given before. */
export function addSetting(
  text: string,
  previous: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const [, key, value] = /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return new Map([...previous, [key, value]]);
  throw new InvalidArgumentError('allowed: a parameter and its value, as KEY=VALUE');
}
