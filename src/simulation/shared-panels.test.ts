import { describe, expect, it } from 'vitest';
import type { CalendarReading } from '../controller/group-settings.ts';
import type { Group } from '../core/group.ts';
import type { EpochMs } from '../core/time.ts';
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
  telemetryGaps: [
    { fromSecond: 2611, toSecond: 2617, seenAs: 'missing' },
    { fromSecond: 3600, toSecond: 3800, seenAs: 'missing' },
    { fromSecond: 4444, toSecond: 4473, seenAs: 'zero' },
  ],
};

/** Nothing may be removed in every other quarter of an hour and some seconds. */
function readFreezes(now: EpochMs): CalendarReading {
  const quarterMs = 907_000;
  const quarter = Math.floor(now / quarterMs);
  const until = (quarter + 1) * quarterMs;
  const freezes =
    quarter % 2 === 0 ? [] : [{ name: 'sale', direction: 'scale-in' as const, until }];
  return { schedules: {}, freezes, validUntil: until };
}
const fixedBoot = { kind: 'fixed', seconds: 120 } as const;
const promises = [0.001, 0.005, 0.05];
const seeds = [1, 2];

function makeArena(boot: Arena['boot']): Arena {
  const reading = prepareWorkload(load, { capacityLeftRatio: 0.7 });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return { ...standardArena, launchFailureRatio: 0.05, boot, workload: reading.workload };
}

interface Variation extends Partial<Pick<Group, 'cooldown' | 'stabilization' | 'warmupMs'>> {
  readonly isCensored?: boolean;
}

interface Kept {
  readonly options: GroupRunOptions;
  readonly sizes: number[];
}

function prepareRuns(
  isForecasting: boolean,
  { isCensored = false, ...changes }: Variation,
): readonly Kept[] {
  return promises.flatMap((violationRatio) =>
    seeds.map((seed) => {
      const sizes: number[] = [];
      const bounds = { min: 1, max: 100 };
      const group = {
        ...createDemandGroup({ violationRatio, isForecasting, ...bounds }),
        ...changes,
      };
      const record = (_second: number, inService: number, desired: number): void =>
        void sizes.push(inService, desired);
      const readCalendar = readFreezes;
      const options = { group, staleAfterMs: 10_000, seed, isCensored, readCalendar, record };
      return { options, sizes };
    }),
  );
}

describe('runs that learn together', () => {
  it.each([
    ['fixed boots', fixedBoot, {}],
    ['random boots', { kind: 'lognormal', medianSeconds: 120, sigma: 0.25 }, {}],
    ['load seen as far as it is served', fixedBoot, { isCensored: true }],
    ['cooldowns', fixedBoot, { cooldown: { scaleOutMs: 23_000, scaleInMs: 47_000 } }],
    ['stabilization', fixedBoot, { stabilization: { scaleOutMs: 0, scaleInMs: 300_000 } }],
    ['a warm-up', fixedBoot, { warmupMs: 93_000 }],
  ] as const)('come to what each comes to by itself: %s', (_name, boot, variation) => {
    const arena = makeArena(boot);
    for (const isForecasting of [true, false]) {
      const together = prepareRuns(isForecasting, variation);
      const results = simulateGroups(
        arena,
        together.map(({ options }) => options),
      );
      const alone = prepareRuns(isForecasting, variation);
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
