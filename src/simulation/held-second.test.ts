import { describe, expect, it } from 'vitest';
import type { Group } from '../core/group.ts';
import { standardArena } from './arena.ts';
import { createDemandGroup } from './demand-group.ts';
import { generateFlashCrowd, generateTelemetryGap } from './load/generators.ts';
import type { Load } from './load/load.ts';
import { simulateGroup } from './simulate-group.ts';
import { prepareWorkload } from './workload.ts';

const startSeconds = 0;
const bounds = { min: 1, max: 60 };
const demandGroup = createDemandGroup({ violationRatio: 0.005, isForecasting: true, ...bounds });

const crowd = generateFlashCrowd({
  durationSeconds: 7200,
  startSeconds,
  workPerSecond: 60,
  noise: 'poisson',
  seed: 3,
  atSecond: 3000,
  height: 5,
});
const gap = generateTelemetryGap({
  durationSeconds: 4000,
  startSeconds,
  workPerSecond: 100,
  noise: 'poisson',
  seed: 4,
  gap: { fromSecond: 1500, toSecond: 2500, seenAs: 'missing' },
});

/**
 * Sizes by the second. A calendar that has to be read each second is another one each time, so that
 * no second looks like the one before and `decide` is asked in all of them.
 */
function play(group: Group, load: Load, validMs: number): readonly number[] {
  const reading = prepareWorkload(load, { capacityPerInstance: 10 });
  if (reading.kind === 'refused') throw new Error(reading.message);
  const sizes: number[] = [];
  const boot = { kind: 'lognormal', medianSeconds: 120, sigma: 0.25 } as const;
  simulateGroup(
    { ...standardArena, launchFailureRatio: 0.1, boot, workload: reading.workload },
    {
      group,
      staleAfterMs: 10_000,
      seed: 5,
      readCalendar: (now) => ({ schedules: {}, freezes: [], validUntil: now + validMs }),
      record: (_second, inService, desired) => sizes.push(inService * 1000 + desired),
    },
  );
  return sizes;
}

describe('a second that shows what the group held at', () => {
  it.each([
    ['a crowd', demandGroup, crowd],
    ['a gap', demandGroup, gap],
    ['cooldowns', { ...demandGroup, cooldown: { scaleOutMs: 60_000, scaleInMs: 300_000 } }, crowd],
    ['stabilization', { ...demandGroup, stabilization: { scaleOutMs: 0, scaleInMs: 9e5 } }, crowd],
    ['a warm-up', { ...demandGroup, warmupMs: 90_000 }, crowd],
    ['only launches', { ...demandGroup, mode: 'scale-out-only' as const }, crowd],
  ])('is decided as by asking: %s', (_name, group, load) => {
    const skipped = play(group, load, Number.POSITIVE_INFINITY);
    expect(new Set(skipped).size).toBeGreaterThan(1);
    expect(skipped).toEqual(play(group, load, 1));
  });
});
