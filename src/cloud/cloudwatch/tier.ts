// The buckets of one metric at one resolution, in ascending order of time, packed into one array.
// How long they stay and where they go afterwards is the series' business.

import type { EpochMs } from '../time.ts';
import type { Distribution } from './distribution.ts';
import { copySummary, mergeSummary } from './summary.ts';
import type { Summary } from './summary.ts';

export interface Tier {
  readonly resolutionMs: number;
  /** Rows of start, count, sum, minimum, maximum. Rows outside first..end are free. */
  rows: Float64Array;
  first: number;
  end: number;
  /** By start; a bucket that is missing here is uniform. */
  readonly spreads: Map<EpochMs, 'unknown' | Distribution>;
}

const ROW = 5;
const FIRST_ROWS = 8;

/** A tier without buckets. */
export function createTier(resolutionMs: number): Tier {
  const rows = new Float64Array(FIRST_ROWS * ROW);
  return { resolutionMs, rows, first: 0, end: 0, spreads: new Map() };
}

/** Adds samples to the bucket that `at` falls into. */
export function addToTier(tier: Tier, at: EpochMs, added: Readonly<Summary>): void {
  const start = Math.floor(at / tier.resolutionMs) * tier.resolutionMs;
  const index = findRow(tier, start);
  if (index < tier.end && startOf(tier, index) === start) {
    const summary = readRow(tier, index);
    mergeSummary(summary, added);
    writeRow(tier, index, start, summary);
    return;
  }
  writeRow(tier, insertRow(tier, index), start, copySummary(added));
}

/** Visits the buckets that start in `from` (inclusive) to `to` (exclusive), oldest first. */
export function visitTier(
  tier: Tier,
  from: EpochMs,
  to: EpochMs,
  visit: (start: EpochMs, summary: Readonly<Summary>) => void,
): void {
  for (let index = findRow(tier, from); index < tier.end; index += 1) {
    const start = startOf(tier, index);
    if (start >= to) return;
    visit(start, readRow(tier, index));
  }
}

/** Takes out every bucket that starts before `before`, oldest first. */
export function takeFromTier(
  tier: Tier,
  before: EpochMs,
  visit: (start: EpochMs, summary: Readonly<Summary>) => void,
): void {
  while (tier.first < tier.end) {
    const start = startOf(tier, tier.first);
    if (start >= before) return;
    visit(start, readRow(tier, tier.first));
    tier.spreads.delete(start);
    tier.first += 1;
  }
}

/** Whether there is no bucket. */
export function isTierEmpty(tier: Tier): boolean {
  return tier.first === tier.end;
}

function startOf(tier: Tier, index: number): EpochMs {
  return cell(tier, index, 0);
}

function cell(tier: Tier, index: number, column: number): number {
  // Callers stay within first..end, where every cell is filled.
  return tier.rows[index * ROW + column] ?? Number.NaN;
}

function readRow(tier: Tier, index: number): Summary {
  return {
    count: cell(tier, index, 1),
    sum: cell(tier, index, 2),
    minimum: cell(tier, index, 3),
    maximum: cell(tier, index, 4),
    spread: tier.spreads.get(startOf(tier, index)) ?? 'uniform',
  };
}

function writeRow(tier: Tier, index: number, start: EpochMs, summary: Readonly<Summary>): void {
  const { count, sum, minimum, maximum, spread } = summary;
  tier.rows.set([start, count, sum, minimum, maximum], index * ROW);
  if (spread !== 'uniform') tier.spreads.set(start, spread);
}

/** The first row that starts at or after `start`; most data comes in order, so look at the end. */
function findRow(tier: Tier, start: EpochMs): number {
  let low = tier.first;
  let high = tier.end;
  if (low < high && startOf(tier, high - 1) < start) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(tier, middle) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Opens a free row at `index` and returns its place, which differs when the rows were moved. */
function insertRow(tier: Tier, index: number): number {
  const moved = tier.end * ROW === tier.rows.length ? makeRoom(tier) : 0;
  const place = index - moved;
  tier.rows.copyWithin((place + 1) * ROW, place * ROW, tier.end * ROW);
  tier.end += 1;
  return place;
}

/** Moves the rows to the front, into a larger array if need be; returns by how many rows. */
function makeRoom(tier: Tier): number {
  const moved = tier.first;
  const length = tier.end - tier.first;
  const isHalfFree = length * 2 <= tier.end;
  const target = isHalfFree ? tier.rows : new Float64Array(tier.rows.length * 2);
  target.set(tier.rows.subarray(tier.first * ROW, tier.end * ROW), 0);
  tier.rows = target;
  tier.first = 0;
  tier.end = length;
  return moved;
}
