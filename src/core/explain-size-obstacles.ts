// From what stood against a size to sentences: who was for another and what it would take, which rule
// would not have let it be and until when.

import { explainEnd } from './explain-obstacles.ts';
import { explainReason } from './explain-reason.ts';
import { explainRecommendation, type Explanation } from './explain.ts';
import { sayCount, sayValue } from './phrase.ts';
import type { ReadingRange, SizeReadings } from './policies/find-readings.ts';
import type { SizeDissent, SizeHolder, SizeObstacles } from './size-obstacles.ts';

/** Times in it are relative to `obstacles.at`. */
export function explainSizeObstacles(obstacles: SizeObstacles): Explanation {
  const { at, dissents, holders } = obstacles;
  const details = [
    ...dissents.map((dissent) => explainDissent(dissent, obstacles)),
    ...explainWish(obstacles),
    ...holders.map((holder) => explainHolder(holder, at)),
  ];
  return { summary: summarise(obstacles), details };
}

function isMissing({ size, wanted }: SizeObstacles): boolean {
  return wanted !== null && wanted !== size;
}

function explainWish(obstacles: SizeObstacles): readonly string[] {
  const { dissents, isDecided, size, wanted } = obstacles;
  // One word alone says as much by itself.
  if (isDecided || !isMissing(obstacles) || dissents.length === 1) return [];
  return [`no word is for ${size}: together they come to ${wanted}`];
}

function summarise(obstacles: SizeObstacles): string {
  const { current, decided, dissents, holders, isDecided, size } = obstacles;
  if (isDecided) return `nothing stands against ${size}: it is what is decided`;
  const words = sayCount(dissents.length, 'word', 'words');
  const parts = [
    ...(dissents.length > 0 ? [`${words} for ${sayOther(obstacles)}`] : []),
    ...(dissents.length === 0 && isMissing(obstacles) ? ['nobody who asks for it'] : []),
    ...(holders.length > 0 ? [`${sayCount(holders.length, 'rule')} against it`] : []),
  ];
  const did = decided === current ? `held at ${current}` : `${decided}`;
  return `${did}, not ${size}: ${parts.join(', and ')}`;
}

function sayOther({ size, wanted }: SizeObstacles): string {
  return wanted !== null && wanted < size ? 'fewer' : 'more';
}

function explainDissent(
  { recommendation, readings }: SizeDissent,
  obstacles: SizeObstacles,
): string {
  const { at, size } = obstacles;
  const told = explainRecommendation(recommendation, at);
  if (readings.length === 0) return told;
  const possible = readings.filter(({ ranges }) => ranges.length > 0);
  if (possible.length === 0) {
    const signals = readings.map(({ signal }) => signal).join(' or ');
    return `${told}; it recommends ${size} at no value of ${signals}, as things stand`;
  }
  const rest = readings.length > 1 ? ', and none of them higher' : '';
  return `${told}; it recommends ${size} with ${possible.map(sayReadings).join(' or ')}${rest}`;
}

function sayReadings({ ranges, signal, value }: SizeReadings): string {
  const said = ranges.map((range) => sayReadingRange(signal, range)).join(' or ');
  const away = value === null ? null : distanceTo(ranges, value);
  const far = away === null || away === 0 ? '' : ` (${sayValue(signal, away)} away)`;
  return `${signal} ${said}${far}`;
}

function sayReadingRange(signal: string, { lower, upper }: ReadingRange): string {
  if (lower === null) return upper === null ? 'at any value' : `up to ${sayValue(signal, upper)}`;
  if (upper === null) return `above ${sayValue(signal, lower)}`;
  return `between ${sayValue(signal, lower)} and ${sayValue(signal, upper)}`;
}

/** To the nearest of them. */
function distanceTo(ranges: readonly ReadingRange[], value: number): number {
  return Math.min(
    ...ranges.map(({ lower, upper }) =>
      Math.max(0, (lower ?? value) - value, value - (upper ?? value)),
    ),
  );
}

function explainHolder({ makes, name, reason, until }: SizeHolder, at: number): string {
  return `${name} would make ${makes} of it: ${explainReason(reason, at)}${explainEnd(reason, until, at)}`;
}
