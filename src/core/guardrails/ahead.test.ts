// What is launched for a forecast takes nothing from what the load alone asks for.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemandGroup, createForecastRun, decideOnce } from './testing/forecast-run.ts';

const limited = createDemandGroup({
  mode: 'scale-out-only',
  cooldown: { scaleOutMs: 60_000, scaleInMs: 0 },
  rate: { scaleOut: { instances: 4, ratio: 0.5, periodMs: 300_000 } },
});

const steps = fc.array(
  fc.record({
    seconds: fc.constantFrom(1, 10, 59, 60, 300),
    need: fc.integer({ min: 1, max: 40 }),
    ahead: fc.constantFrom(0, 0, 1, 5, 30),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('a forecast under a cooldown and a rate', () => {
  it('never leaves fewer instances than there would be without it', () => {
    fc.assert(
      fc.property(steps, (course) => {
        const [withIt, without] = [createForecastRun(1), createForecastRun(1)];
        let now = 1_000_000;
        for (const { seconds, need, ahead } of course) {
          now += seconds * 1000;
          decideOnce(withIt, limited, { need, ahead }, { now });
          decideOnce(without, limited, { need, ahead: 0 }, { now });
          expect(withIt.size).toBeGreaterThanOrEqual(Math.min(without.size, 1000));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('waits itself for the cooldown of what it launched', () => {
    const run = createForecastRun(10);
    decideOnce(run, limited, { need: 10, ahead: 2 }, { now: 1_000_000 });
    expect(run.size).toBe(12);
    decideOnce(run, limited, { need: 10, ahead: 4 }, { now: 1_010_000 });
    expect(run.size).toBe(12);
    decideOnce(run, limited, { need: 13, ahead: 4 }, { now: 1_020_000 });
    expect(run.size).toBe(13);
  });
});
