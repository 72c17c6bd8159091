import { describe, expect, it } from 'vitest';
import {
  classCount,
  createCalendarTilt,
  learnTilt,
  rescaleTilt,
  stageCount,
  tiltShares,
} from './calendar-tilt.ts';
import type { CalendarTilt } from './calendar-tilt.ts';

const blocksPerDay = 8640;
const blocksPerHour = 360;
const calm = 1;
const burst = 3;
/** What the reactive half expects at any time: a burst in one block of a hundred. */
const plain = [0.02, 0.95, 0.02, 0.01] as const;

/** The chance of each class in a block, as the tilt has it, and what is kept until it is known. */
function expectAt(tilt: CalendarTilt, block: number) {
  const stages = new Float64Array(stageCount * classCount);
  stages.set(plain);
  const goals = new Float64Array(classCount);
  const at = { block, weight: 1, stages, offset: 0 };
  tiltShares(tilt, at, goals);
  const total = goals.reduce((sum, share) => sum + share, 0);
  return { at, shares: [...goals].map((share) => share / total) };
}

/** Lives through days of which some blocks are followed by a burst. */
function learnDays(days: number, isBurst: (block: number) => boolean): CalendarTilt {
  const tilt = createCalendarTilt();
  for (let block = 0; block < days * blocksPerDay; block += 1) {
    const { at } = expectAt(tilt, block);
    learnTilt(tilt, at, isBurst(block) ? burst : calm);
  }
  return tilt;
}

function chanceOfBurst(tilt: CalendarTilt, block: number): number {
  return expectAt(tilt, block).shares[burst] ?? 0;
}

describe('the calendar tilt', () => {
  it('changes nothing before anything was learned', () => {
    const { shares } = expectAt(createCalendarTilt(), 12_345);
    for (const [each, share] of shares.entries()) expect(share).toBeCloseTo(plain[each] ?? 0, 12);
  });

  it('expects a job of every hour at its time of the hour, and hardly beside it', () => {
    const phase = 100;
    const isJob = (block: number): boolean => {
      const into = (block % blocksPerHour) - phase;
      return into >= 0 && into < 12;
    };
    const tilt = learnDays(7, isJob);
    const nextDay = 7 * blocksPerDay;
    expect(chanceOfBurst(tilt, nextDay + phase + 5)).toBeGreaterThan(0.5);
    expect(chanceOfBurst(tilt, nextDay + phase + 60)).toBeLessThan(0.005);
  });

  it('learns within a week which quarter of an hour of the day has bursts', () => {
    // At 09:00, a minute earlier or later each day, and at no other hour.
    const tilt = learnDays(7, (block) => {
      const day = Math.floor(block / blocksPerDay);
      const into = (block % blocksPerDay) - 9 * blocksPerHour - 6 * (day - 3);
      return into >= 0 && into < 13;
    });
    const nextDay = 7 * blocksPerDay;
    const atNine = chanceOfBurst(tilt, nextDay + 9 * blocksPerHour + 6);
    const atTen = chanceOfBurst(tilt, nextDay + 10 * blocksPerHour + 6);
    expect(atNine).toBeGreaterThan(3 * atTen);
  });

  it('says the same after its weights were brought down together', () => {
    const tilt = learnDays(2, (block) => block % blocksPerHour < 12);
    const before = expectAt(tilt, 2 * blocksPerDay + 6).shares;
    rescaleTilt(tilt, 1000);
    const stages = new Float64Array(stageCount * classCount);
    stages.set(plain);
    const goals = new Float64Array(classCount);
    tiltShares(tilt, { block: 2 * blocksPerDay + 6, weight: 1 / 1000, stages, offset: 0 }, goals);
    const total = goals.reduce((sum, share) => sum + share, 0);
    for (const [each, share] of before.entries()) {
      expect((goals[each] ?? 0) / total).toBeCloseTo(share, 5);
    }
  });
});
