import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { explain } from '../core/explain.ts';
import type { Decision } from '../core/decision.ts';
import type { Group } from '../core/group.ts';
import { selectSignal } from '../core/signal.ts';
import { standardArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { generateLevelShift, generateSteady, generateTelemetryGap } from './load/generators.ts';
import type { Load } from './load/load.ts';
import { simulateGroup } from './simulate-group.ts';
import { makeGroup } from './testing/make-group.ts';
import { prepareWorkload } from './workload.ts';

const capacity = 10;

function makeArena(load: Load): Arena {
  const reading = prepareWorkload(load, { capacityPerInstance: capacity });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return { ...standardArena, workload: reading.workload };
}

interface Played {
  readonly sizes: readonly number[];
  readonly changes: readonly Decision[];
}

/** The desired capacity in each second, and every decision that changed it. */
function play(group: Group, load: Load): Played {
  const sizes: number[] = [];
  const changes: Decision[] = [];
  simulateGroup(makeArena(load), {
    group,
    staleAfterMs: 10_000,
    seed: 1,
    onChange: (decision) => changes.push(decision),
    record: (_second, _inService, desired) => sizes.push(desired),
  });
  return { sizes, changes };
}

describe('the real decide in the fluid engine', () => {
  it('settles at the size that target tracking implies, whatever the constant load', () => {
    const property = fc.property(fc.integer({ min: 1, max: 100 }), (eighths) => {
      const workPerSecond = eighths * 8;
      const { sizes } = play(
        makeGroup({}),
        generateSteady({ durationSeconds: 2400, workPerSecond }),
      );
      expect(sizes.at(-1)).toBe(Math.ceil(workPerSecond / capacity / 0.6 - 1e-9));
    });
    fc.assert(property, { numRuns: 40, seed: 7 });
  });

  it('settles at load over target for a sum of work, which is not clipped', () => {
    const policy = { selector: selectSignal('requestsPerSecond', 'sum', 1000), target: 4 };
    const load = generateSteady({ durationSeconds: 2400, workPerSecond: 333 });
    expect(play(makeGroup(policy), load).sizes.at(-1)).toBe(84);
  });

  it('stays within the bounds of the group', () => {
    const load = generateSteady({ durationSeconds: 1200, workPerSecond: 500 });
    const { sizes } = play(makeGroup({}, { min: 2, max: 20 }), load);
    expect(Math.max(...sizes)).toBe(20);
  });

  it('acts on a step of load two seconds after it came, and says why', () => {
    const load = generateLevelShift({
      durationSeconds: 2400,
      startSeconds: 0,
      workPerSecond: 50,
      atSecond: 1500,
      toRatio: 1.6,
    });
    const { changes } = play(makeGroup({}), load);
    // 50 / 10 / 0.6 is 9 instances; 80 over 9 of 10 each is 89 %.
    const reaction = changes.find((decision) => decision.at >= 1_500_000);
    expect(reaction).toMatchObject({ kind: 'scale-out', from: 9, to: 14, at: 1_502_000 });
    expect(reaction === undefined ? '' : explain(reaction).summary).toBe(
      'scale out from 9 to 14: cpu is 88.9% over 9 instances, above its target of 60%',
    );
  });

  it('gives up no instance within its window of stabilization', () => {
    const load = generateLevelShift({
      durationSeconds: 2400,
      startSeconds: 0,
      workPerSecond: 60,
      atSecond: 1500,
      toRatio: 0.5,
    });
    const { changes, sizes } = play(makeGroup({}), load);
    const removal = changes.find((decision) => decision.kind === 'scale-in');
    expect(removal?.at).toBeGreaterThanOrEqual(1_800_000);
    expect(sizes.at(-1)).toBe(5);
  });

  it('removes nothing while monitoring is silent, whatever the load does', () => {
    const gap = { fromSecond: 1000, toSecond: 3000, seenAs: 'missing' } as const;
    const quiet = generateTelemetryGap({
      durationSeconds: 4000,
      startSeconds: 0,
      workPerSecond: 100,
      gap,
    });
    quiet.workPerSecond.fill(20, 1000);
    const { changes } = play(makeGroup({}), quiet);
    const blind = changes.filter(({ at }) => at > 1_012_000 && at <= 3_001_000);
    expect(blind).toEqual([]);
    expect(changes.some(({ kind, at }) => kind === 'scale-in' && at > 3_001_000)).toBe(true);
  });

  it('simulates a group that only advises as one that acts', () => {
    const load = generateSteady({ durationSeconds: 1200, workPerSecond: 100 });
    expect(play(makeGroup({}, { mode: 'advise' }), load).sizes.at(-1)).toBe(17);
  });

  it('averages over the window of the selector', () => {
    const policy = { selector: selectSignal('cpu', 'mean', 60_000) };
    const load = generateLevelShift({
      durationSeconds: 2400,
      startSeconds: 0,
      workPerSecond: 54,
      atSecond: 1500,
      toRatio: 1.5,
    });
    const { changes } = play(makeGroup(policy), load);
    // At a mean of 60 % the window needs a sixtieth of 30 points to show one instance more.
    const reaction = changes.filter(({ at }) => at >= 1_500_000);
    expect(reaction[0]?.to).toBe(10);
    expect(reaction.at(-1)?.to).toBe(14);
  });
});
