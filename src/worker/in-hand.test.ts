import { expect, test } from 'vitest';
import { messageAgeMsMax, type FinishedWork } from '../wire/work.ts';
import { WorkInHand } from './in-hand.ts';

const hourMs = 3_600_000;

async function tellOf(sentAt: number | null): Promise<FinishedWork> {
  const told: FinishedWork[] = [];
  const hands = new WorkInHand((finished) => told.push(finished));
  await hands.work({ class: 'resize', sentAt }, () => Promise.resolve());
  const [finished] = told;
  if (finished === undefined) throw new Error('nothing was told');
  return finished;
}

test('a message is as old as the time since it was sent, its waiting in the queue included', async () => {
  const sentAt = Date.now() - hourMs;
  const { ageMs, durationMs } = await tellOf(sentAt);
  expect(ageMs).toBeGreaterThanOrEqual(hourMs);
  expect(ageMs).toBeLessThanOrEqual(Date.now() - sentAt);
  expect(durationMs).toBeLessThan(hourMs);
});

test('clocks that differ make no message younger than new, nor older than any queue keeps one', async () => {
  expect((await tellOf(Date.now() + hourMs)).ageMs).toBe(0);
  expect((await tellOf(0)).ageMs).toBe(messageAgeMsMax);
});

test('nothing is said of the age of a message whose sending is not known', async () => {
  expect(await tellOf(null)).not.toHaveProperty('ageMs');
});
