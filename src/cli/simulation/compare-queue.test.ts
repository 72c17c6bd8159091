import { describe, expect, it } from 'vitest';

import { chooseQueueRivals, compareQueue } from './compare-queue.ts';

describe('a comparison on a queue', () => {
  it('tells a person who waits of each plan of the optimum and each target of a rival', () => {
    // Thirty at once, every five minutes: what a late one may cost has to be searched.
    const sentAt = Array.from({ length: 180 }, (_, index) => 300 * Math.floor(index / 30));
    const jobs = { sentAt, durations: sentAt.map(() => 60) };
    const lines: string[] = [];
    const rivals = chooseQueueRivals('all');
    compareQueue(
      [],
      rivals,
      { name: 'bursts', jobs, notes: [] },
      {
        boot: 30_000,
        price: 0.1,
        epsilon: 0.1,
        seed: 1,
        onProgress: (line) => lines.push(line),
      },
    );
    expect(lines[0]).toBe('the optimum at 10% late: 1 plan priced');
    expect(lines.join('\n')).toMatch(/late: \d+ plans priced, [\d.<]+% may be missing\n/u);
    for (const { name } of rivals) {
      expect(lines).toEqual(
        expect.arrayContaining([`tuning ${name}`, `tuning ${name}, 3 targets tried`]),
      );
    }
  });
});
