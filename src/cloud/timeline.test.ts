// Several models on one time.

import { describe, expect, it } from 'vitest';
import { advanceTogether, earliestEventAt } from './timeline.ts';
import type { Timeline } from './timeline.ts';

function createLog(name: string, times: number[], log: string[]): Timeline {
  return {
    nextEventAt: () => times[0],
    advanceTo(now) {
      while (times[0] !== undefined && times[0] <= now) log.push(`${name}${times.shift()}`);
    },
  };
}

describe('advancing together', () => {
  it('lets events of all happen in the order of time', () => {
    const log: string[] = [];
    const timelines = [createLog('a', [1, 4, 9], log), createLog('b', [2, 4, 20], log)];
    expect(earliestEventAt(timelines)).toBe(1);
    advanceTogether(timelines, 10);
    expect(log).toEqual(['a1', 'b2', 'a4', 'b4', 'a9']);
    expect(earliestEventAt(timelines)).toBe(20);
  });

  it('notices a model on which time stands still', () => {
    const stuck: Timeline = { nextEventAt: () => 5, advanceTo: () => undefined };
    expect(() => advanceTogether([stuck], 10)).toThrow(/stands still at 5/u);
  });
});
