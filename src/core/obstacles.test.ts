import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyGlimpse, anyGroup, makeGroup, startMs } from '../../test/arbitraries/core.ts';
import { decide } from './decide.ts';
import { explainObstacles } from './explain-obstacles.ts';
import { findObstacles } from './obstacles.ts';
import { initialState } from './state.ts';
import { inputOf, sight, stepping, tracking } from './testing/sighted-input.ts';

const steps = stepping([
  { lower: null, upper: 0.3, change: -1 },
  { lower: 0.7, upper: null, change: 1 },
]);

describe('what stands in the way', () => {
  it('is each policy, with the reading at which it would be for it', () => {
    const input = inputOf(makeGroup([tracking, steps]), sight(0.41, 10));
    const { summary, details } = explainObstacles(findObstacles(input, 'scale-in'));
    expect(summary).toBe('no scale-in from 10: 1 word against it');
    expect(details).toEqual([
      'steps recommends 10: cpu is 41%, which is in no step; it asks for fewer with cpu below 30% (11% away)',
    ]);
  });

  it('is each rule that would hold it, with its end', () => {
    const group = makeGroup([tracking], {
      min: 10,
      cooldown: { scaleOutMs: 0, scaleInMs: 60_000 },
      stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
    });
    const before = {
      ...initialState,
      decidedAt: startMs - 1000,
      scaledInAt: startMs - 20_000,
      largest: [{ at: startMs - 100_000, size: 12 }],
    };
    const obstacles = findObstacles(inputOf(group, sight(0.3, 10), before), 'scale-in');
    expect(obstacles.dissents).toEqual([]);
    expect(obstacles.holders.map(({ name, until }) => [name, until])).toEqual([
      ['stabilization', startMs + 200_000],
      ['cooldown', startMs + 40_000],
      ['size-bounds', null],
    ]);
    expect(explainObstacles(obstacles)).toEqual({
      summary: 'no scale-in from 10: 3 rules that would hold it',
      details: [
        'stabilization would hold it: within the last 5 min 12 was recommended; it ends in 3.33 min',
        'cooldown would hold it: the cooldown lasts another 40 s; it ends in 40 s',
        'size-bounds would hold it: the bounds are 10 to 100; it ends with other bounds, in the config or of the Auto Scaling group',
      ],
    });
  });

  it('tells when enough changes have left the period of a rate', () => {
    const rate = { scaleOut: { instances: 3, ratio: null, periodMs: 60_000 } };
    const changes = [
      { at: startMs - 50_000, added: 2, removed: 0 },
      { at: startMs - 10_000, added: 2, removed: 0 },
    ];
    const input = inputOf(makeGroup([tracking], { rate }), sight(0.9, 10), {
      ...initialState,
      changes,
    });
    expect(findObstacles(input, 'scale-out').holders).toMatchObject([
      { name: 'rate', until: startMs + 10_000 },
    ]);
  });

  it('is that nobody asks for it', () => {
    const input = inputOf(makeGroup([steps]), sight(0.5, 10));
    const { details } = explainObstacles(findObstacles(input, 'scale-out'));
    expect(details).toEqual([
      'steps recommends 10: cpu is 50%, which is in no step; it asks for more with cpu above 70% (20% away)',
      'no policy asks for more',
    ]);
  });

  it('is nothing where the change is decided', () => {
    const input = inputOf(makeGroup([tracking]), sight(0.9, 10));
    expect(explainObstacles(findObstacles(input, 'scale-out')).summary).toBe(
      'nothing stands in the way of a scale-out from 10: it is decided now',
    );
  });

  it('is a policy’s threshold: just beyond it, the policy is for the change', () => {
    const policies = fc.constantFrom(tracking, steps);
    const directions = fc.constantFrom('scale-in' as const, 'scale-out' as const);
    const values = fc.double({ min: 0.01, max: 2, noNaN: true });
    fc.assert(
      fc.property(policies, directions, fc.integer({ min: 2, max: 40 }), values, (...drawn) => {
        const [policy, direction, size, cpu] = drawn;
        const group = makeGroup([policy]);
        const { dissents } = findObstacles(inputOf(group, sight(cpu, size)), direction);
        const bound = dissents[0]?.thresholds[0]?.bound;
        if (typeof bound !== 'number') return;
        const beyond = bound * (direction === 'scale-in' ? 1 - 1e-6 : 1 + 1e-6);
        const { observation } = inputOf(group, sight(beyond, size));
        const { decision } = decide(group, initialState, observation, startMs);
        expect(decision.kind).toBe(direction);
        const short = bound * (direction === 'scale-in' ? 1 + 1e-6 : 1 - 1e-6);
        const other = inputOf(group, sight(short, size)).observation;
        expect(decide(group, initialState, other, startMs).decision.kind).not.toBe(direction);
      }),
    );
  });

  it('is never nothing where the change is not decided, whatever is shown', () => {
    fc.assert(
      fc.property(
        anyGroup,
        anyGlimpse,
        fc.constantFrom('scale-in' as const, 'scale-out' as const),
        (group, glimpse, direction) => {
          const found = findObstacles(inputOf(group, glimpse), direction);
          const { details } = explainObstacles(found);
          if (!found.isDecided && group.mode !== 'advise') expect(details).not.toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
