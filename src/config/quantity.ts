// A number in the unit of a signal: `60%` for a share, `512MiB` for bytes, `200ms` for a time, a
// plain number for the rest. Which unit it is follows from the signal's name, as on the wire.

import type { Statistic } from '../core/signal.ts';
import { isRatioSignal } from '../wire/report.ts';
import { parseDuration, parsePercent, parseSize } from './units.ts';

/** As it stands in the file. */
export type WrittenQuantity = string | number;

/**
 * `number` is any finite one; `shares-sum` a share added up over instances, which may exceed 1; `any`
 * is for expressions, whose unit nobody knows.
 */
export type Unit = 'share' | 'shares-sum' | 'bytes' | 'milliseconds' | 'number' | 'any';

export function unitOf(signal: string, statistic: Statistic): Unit {
  if (isRatioSignal(signal)) return statistic === 'sum' ? 'shares-sum' : 'share';
  if (/Bytes(PerSecond)?$/.test(signal)) return 'bytes';
  return signal.endsWith('Ms') ? 'milliseconds' : 'number';
}

/** Null if it is not written in this unit, or is negative. */
export function readQuantity(written: WrittenQuantity, unit: Unit): number | null {
  const value = typeof written === 'number' ? written : parseInUnit(written, unit);
  if (value === null || value < 0) return null;
  return unit === 'share' && value > 1 ? null : value;
}

/** What is allowed for a number about this signal. */
export function describeUnit(unit: Unit, signal: string, written: WrittenQuantity): string {
  switch (unit) {
    case 'share':
      return `${describeShare(written)} (${signal} is a share)`;
    case 'shares-sum':
      return `a share such as 250% or 2.5 (the sum of ${signal} over the instances)`;
    case 'bytes':
      return `a size such as 512MiB, or a plain number of bytes (${signal})`;
    case 'milliseconds':
      return `a duration such as 200ms, or a plain number of milliseconds (${signal})`;
    case 'any':
      return 'a number from 0, or one with its unit, such as 60%, 512MiB or 200ms';
    case 'number':
      return `a plain number from 0 (${signal} is none of cpu, …Ratio, …Bytes and …Ms)`;
  }
}

/**
 * What is allowed for a share. The commonest of all mistakes is the percent sign left out, so both
 * right spellings of that very number are named.
 */
export function describeShare(written: unknown): string {
  if (!isPercentWithoutSign(written)) return 'from 0% to 100%, such as 60% or 0.6';
  return `${Number(written)}% or ${Number(`${Number(written)}e-2`)}, for a percent has its sign`;
}

function isPercentWithoutSign(written: unknown): boolean {
  const number = typeof written === 'string' ? Number(written) : written;
  return typeof number === 'number' && number > 1 && number <= 100;
}

/** A share by itself, in a setting and not of a signal: `10%` or 0.1. Null if not from 0 to 1. */
export function readShare(written: WrittenQuantity): number | null {
  return readQuantity(written, 'share');
}

/** The same for a share that the schema has checked. */
export function requireShare(written: WrittenQuantity): number {
  const ratio = readShare(written);
  if (ratio === null) throw new Error(`the schema let a bad share through: ${written}`);
  return ratio;
}

function parseInUnit(text: string, unit: Unit): number | null {
  switch (unit) {
    case 'share':
    case 'shares-sum':
      return parsePercent(text);
    case 'bytes':
      return parseSize(text);
    case 'milliseconds':
      return parseDuration(text);
    case 'any':
      return parsePercent(text) ?? parseSize(text) ?? parseDuration(text);
    case 'number':
      return null;
  }
}
