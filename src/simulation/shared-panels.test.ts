import { describe, expect, it } from 'vitest';
import { standardArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { createDemandGroup } from './demand-group.ts';
import { generateFlashCrowd } from './load/generators.ts';
import type { Load } from './load/load.ts';
import { simulateGroup, simulateGroups } from './simulate-group.ts';
import type { GroupRunOptions } from './simulate-group.ts';
import { prepareWorkload } from './workload.ts';

const load: Load = {
  ...generateFlashCrowd({
    durationSeconds: 5400,
    startSeconds: 0,
    workPerSecond: 60,
    noise: 'poisson',
    seed: 3,
    atSecond: 1800,
    height: 6,
  }),
  telemetryGaps: [{ fromSecond: 3600, toSecond: 3800, seenAs: 'missing' }],
};
const promises = [0.001, 0.005, 0.05];
const seeds = [1, 2];

function makeArena(boot: Arena['boot']): Arena {
  const reading = prepareWorkload(load, { capacityLeftRatio: 0.7 });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return { ...standardArena, launchFailureRatio: 0.05, boot, workload: reading.workload };
}

interface Kept {
  readonly options: GroupRunOptions;
  readonly sizes: number[];
}

function prepareRuns(isForecasting: boolean, isCensored: boolean): readonly Kept[] {
  return promises.flatMap((violationRatio) =>
    seeds.map((seed) => {
      const sizes: number[] = [];
      const group = createDemandGroup({ violationRatio, isForecasting, min: 1, max: 100 });
      const record = (_second: number, inService: number, desired: number): void =>
        void sizes.push(inService, desired);
      return { options: { group, staleAfterMs: 10_000, seed, isCensored, record }, sizes };
    }),
  );
}

describe('runs that learn together', () => {
  it.each([
    ['fixed boots', { kind: 'fixed', seconds: 120 }, false],
    ['random boots', { kind: 'lognormal', medianSeconds: 120, sigma: 0.25 }, false],
    ['load seen as far as it is served', { kind: 'fixed', seconds: 120 }, true],
  ] as const)('come to what each comes to by itself: %s', (_name, boot, isCensored) => {
    const arena = makeArena(boot);
    for (const isForecasting of [true, false]) {
      const together = prepareRuns(isForecasting, isCensored);
      const results = simulateGroups(
        arena,
        together.map(({ options }) => options),
      );
      const alone = prepareRuns(isForecasting, isCensored);
      for (const [index, { options, sizes }] of alone.entries()) {
        expect(results[index]).toEqual(simulateGroup(arena, options));
        expect(together[index]?.sizes).toEqual(sizes);
      }
      expect(
        new Set(results.map(({ costInstanceSeconds }) => costInstanceSeconds)).size,
      ).toBeGreaterThan(1);
    }
  });
});
