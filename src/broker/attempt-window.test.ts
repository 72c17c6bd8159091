import { describe, expect, it } from 'vitest';
import { AttemptWindow } from './attempt-window.ts';

function openWindow(keysMax = 10): { window: AttemptWindow; clock: { now: number } } {
  const clock = { now: 1_000 };
  const options = { attemptsMax: 3, windowMs: 100, keysMax, now: () => clock.now };
  return { window: new AttemptWindow(options), clock };
}

describe('attempt window', () => {
  it('is exhausted after its attempts and open again when the window has passed', () => {
    const { window, clock } = openWindow();
    for (const expected of [false, false, true]) {
      clock.now += 10;
      window.add('a');
      expect(window.isExhausted('a')).toBe(expected);
    }
    clock.now = 1_109;
    expect(window.isExhausted('a')).toBe(true);
    clock.now = 1_110;
    expect(window.isExhausted('a')).toBe(false);
    window.add('a');
    expect(window.isExhausted('a')).toBe(false);
  });

  it('counts each key apart', () => {
    const { window } = openWindow();
    for (let count = 0; count < 3; count += 1) window.add('a');
    expect([window.isExhausted('a'), window.isExhausted('b')]).toEqual([true, false]);
  });

  it('forgets the window begun first when there are too many keys', () => {
    const { window } = openWindow(2);
    for (let count = 0; count < 3; count += 1) window.add('a');
    window.add('b');
    expect(window.isExhausted('a')).toBe(true);
    window.add('c');
    expect(window.isExhausted('a')).toBe(false);
  });
});
