import { describe, expect, it } from 'vitest';
import { channelLength, createChannel, type Channel } from './channel.ts';
import { compareWithNaive, demotedTo, demotionLength, judgeDemotion } from './demotion.ts';
import { createDraw } from './testing/simulated-series.ts';

/** The naive forecasts of a day and of a week before, then one that knows. */
const experts = 3;

function teach(
  channel: Channel,
  times: number,
  next: () => { readonly outcome: number; readonly centers: readonly number[] },
): void {
  for (let time = 0; time < times; time += 1) {
    const { outcome, centers } = next();
    channel.learn(channel.issue(Float64Array.from(centers), 1), outcome, false);
  }
}

describe('a demotion', () => {
  const draw = createDraw(3);
  const level = (spread: number): number => 100 * (1 + spread * (2 * draw() - 1));

  it('does not hold against the ensemble what was lost before there was a naive forecast', () => {
    const channel = createChannel(experts, new Float64Array(channelLength(experts)), 1);
    // A first week that nothing foretells; then calm, of which the week before knows little.
    teach(channel, 400, () => {
      return { outcome: level(0.95), centers: [Number.NaN, Number.NaN, level(0.95)] };
    });
    teach(channel, 600, () => {
      const outcome = level(0.02);
      return { outcome, centers: [Number.NaN, level(0.3), outcome * (1 + 0.04 * (draw() - 0.5))] };
    });
    expect(channel.isDemoted()).toBe(false);
  });

  it('comes where the ensemble loses to a naive forecast on the same outcomes', () => {
    const state = new Float64Array(demotionLength);
    for (let time = 0; time < 60; time += 1) compareWithNaive(state, 2, [1, Number.NaN]);
    judgeDemotion(state);
    expect(demotedTo(state)).toBe(1);
  });

  it('goes to the naive forecast that is furthest ahead, and back when the lead is gone', () => {
    const state = new Float64Array(demotionLength);
    for (let time = 0; time < 19; time += 1) compareWithNaive(state, 2, [1, 0.5]);
    judgeDemotion(state);
    expect(demotedTo(state)).toBe(0);
    for (let time = 0; time < 81; time += 1) compareWithNaive(state, 2, [1, 0.5]);
    judgeDemotion(state);
    expect(demotedTo(state)).toBe(2);
    for (let time = 0; time < 400; time += 1) compareWithNaive(state, 1, [2, 2]);
    judgeDemotion(state);
    expect(demotedTo(state)).toBe(0);
  });

  it('does not go to and fro within its margin', () => {
    const state = new Float64Array(demotionLength);
    for (let time = 0; time < 100; time += 1) compareWithNaive(state, 1.02, [1, Number.NaN]);
    judgeDemotion(state);
    expect(demotedTo(state)).toBe(0);
    state.set([1]);
    judgeDemotion(state);
    expect(demotedTo(state)).toBe(1);
  });
});
