import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectSignal } from '../signal.ts';
import { listSelectors } from './list-selectors.ts';
import type { PolicyContext } from './opinion.ts';
import type { Policy, StepPolicy, TargetTrackingPolicy } from './policy.ts';
import { recommend } from './recommend.ts';

type Sizes = Partial<Pick<PolicyContext, 'current' | 'warmed' | 'warming'>>;

/** Shows every policy the same value, whatever signal it looks at. */
function show(policy: Policy, value: number, sizes: Sizes = {}): PolicyContext {
  const reading = { value, at: 0, instances: 1 };
  const signals = Object.fromEntries(listSelectors([policy]).map(({ key }) => [key, reading]));
  return {
    current: 10,
    warmed: 10,
    warming: 0,
    ...sizes,
    signals,
    schedules: {},
    canWake: false,
    now: 0,
  };
}

function sizeFor(policy: Policy, value: number, sizes: Sizes = {}): number {
  const { recommendation } = recommend(policy, show(policy, value, sizes));
  if (recommendation.kind !== 'desired') throw new Error('it abstained');
  return recommendation.desired;
}

const tracking: TargetTrackingPolicy = {
  type: 'target-tracking',
  name: 'cpu',
  selector: selectSignal('cpu', 'mean', 1000),
  target: 0.6,
  tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
};

const steps: StepPolicy = {
  type: 'step',
  name: 'steps',
  selector: selectSignal('cpu', 'mean', 1000),
  adjustment: 'change-in-capacity',
  minAdjustment: 1,
  steps: [
    { lower: null, upper: 0.3, change: -2 },
    { lower: 0.7, upper: 0.85, change: 1 },
    { lower: 0.85, upper: null, change: 4 },
  ],
};

describe('target tracking', () => {
  it('sizes the group so that the load would stand at the target', () => {
    expect(sizeFor(tracking, 0.9, { current: 4, warmed: 4 })).toBe(6);
    expect(sizeFor(tracking, 0.3)).toBe(5);
  });

  it('divides a sum by the target of one instance', () => {
    const sum = { ...tracking, selector: selectSignal('connections', 'sum', 1000), target: 100 };
    expect(sizeFor(sum, 1450)).toBe(15);
  });

  it('tells a sum as what one instance has of it', () => {
    const sum = { ...tracking, selector: selectSignal('connections', 'sum', 1000), target: 100 };
    const told = (value: number) => recommend(sum, show(sum, value)).recommendation.reason;
    expect(told(1450)).toMatchObject({ code: 'target-tracking', value: 145 });
    expect(told(1000)).toMatchObject({ code: 'within-tolerance', value: 100 });
  });

  it('stays within the tolerance on either side', () => {
    expect(sizeFor(tracking, 0.65)).toBe(10);
    expect(sizeFor(tracking, 0.55)).toBe(10);
  });

  it('counts what is warming up as on its way when it adds', () => {
    expect(sizeFor(tracking, 0.9, { current: 6, warmed: 4, warming: 2 })).toBe(6);
  });

  it('does not pay an instance for the rounding of a division', () => {
    const exact = { ...tracking, tolerance: { scaleOutRatio: 0, scaleInRatio: 0 } };
    for (let size = 1; size <= 1000; size += 1) {
      expect(sizeFor(exact, 0.6, { current: size, warmed: size })).toBe(size);
    }
  });

  it('never recommends less for more load', () => {
    const load = fc.double({ min: 0, max: 5, noNaN: true });
    const size = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(load, load, size, fc.nat(500), (a, b, warmed, warming) => {
        const context = { current: warmed + warming, warmed, warming };
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(sizeFor(tracking, high, context)).toBeGreaterThanOrEqual(
          sizeFor(tracking, low, context),
        );
      }),
    );
  });

  it('wakes exactly where it would add', () => {
    const size = fc.integer({ min: 1, max: 200 });
    const statistic = fc.constantFrom('mean' as const, 'sum' as const, 'p95' as const);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        size,
        statistic,
        (value, warmed, one) => {
          const policy = { ...tracking, selector: selectSignal('cpu', one, 1000) };
          const context = { current: warmed, warmed, warming: 0 };
          const { recommendation, wakes } = recommend(policy, show(policy, value, context));
          const [wake] = wakes;
          if (recommendation.kind !== 'desired' || !wake) throw new Error('no opinion');
          const here = Math.max(recommendation.desired, warmed);
          expect(sizeFor(policy, wake.atLeast * 1.001, context)).toBeGreaterThan(here);
          expect(sizeFor(policy, wake.atLeast * 0.999, context)).toBeLessThanOrEqual(here);
        },
      ),
    );
  });

  it('abstains without a reading and lets nothing be removed', () => {
    const { recommendation } = recommend(tracking, { ...show(tracking, 0), signals: {} });
    expect(recommendation).toMatchObject({ kind: 'abstain', blocksScaleIn: true });
  });
});

describe('target tracking of several signals', () => {
  const connections = { selector: selectSignal('connections', 'sum', 1000), target: 100 };
  const both: TargetTrackingPolicy = { ...tracking, others: [connections] };

  function sizeOf(cpu: number | null, sum: number | null): number | null {
    const signals = {
      ...(cpu !== null && { [tracking.selector.key]: { value: cpu, at: 0, instances: 10 } }),
      ...(sum !== null && { [connections.selector.key]: { value: sum, at: 0, instances: 10 } }),
    };
    const { recommendation } = recommend(both, { ...show(both, 0), signals });
    return recommendation.kind === 'desired' ? recommendation.desired : null;
  }

  it('takes the one that needs most', () => {
    expect(sizeOf(0.9, 1000)).toBe(15);
    expect(sizeOf(0.6, 1900)).toBe(19);
    expect(sizeOf(0.3, 800)).toBe(8);
  });

  it('adds by what it sees and removes nothing without a reading of each', () => {
    expect(sizeOf(0.9, null)).toBe(15);
    expect(sizeOf(null, 1900)).toBe(19);
    expect(sizeOf(0.3, null)).toBeNull();
    expect(sizeOf(null, null)).toBeNull();
  });

  it('never recommends less for more of either', () => {
    const cpu = fc.double({ min: 0, max: 2, noNaN: true });
    const sum = fc.double({ min: 0, max: 3000, noNaN: true });
    fc.assert(
      fc.property(cpu, cpu, sum, sum, (cpuOne, cpuOther, sumOne, sumOther) => {
        const least = sizeOf(Math.min(cpuOne, cpuOther), Math.min(sumOne, sumOther)) ?? 0;
        const most = sizeOf(Math.max(cpuOne, cpuOther), Math.max(sumOne, sumOther)) ?? 0;
        expect(most).toBeGreaterThanOrEqual(least);
      }),
    );
  });

  it('has its own bound to wake at for each', () => {
    const { wakes } = recommend(both, show(both, 0.6));
    expect(wakes.map(({ key }) => key)).toEqual([tracking.selector.key, connections.selector.key]);
  });
});

describe('a policy that is forbidden a direction', () => {
  it('is marked when it goes there, and wakes nobody to add', () => {
    const inert = { ...tracking, forbids: 'scale-out' } as const;
    expect(recommend(inert, show(inert, 0.9))).toMatchObject({
      recommendation: { desired: 15, forbidden: 'scale-out' },
      wakes: [],
    });
    expect(recommend(inert, show(inert, 0.3)).recommendation).not.toHaveProperty('forbidden');
    const keeping = { ...tracking, forbids: 'scale-in' } as const;
    expect(recommend(keeping, show(keeping, 0.3)).recommendation).toMatchObject({
      forbidden: 'scale-in',
    });
  });
});

describe('step scaling', () => {
  it('holds its lower bound when it adds and its upper bound when it removes', () => {
    expect(sizeFor(steps, 0.3)).toBe(8);
    expect(sizeFor(steps, 0.3001)).toBe(10);
    expect(sizeFor(steps, 0.6999)).toBe(10);
    expect(sizeFor(steps, 0.7)).toBe(11);
    expect(sizeFor(steps, 0.85)).toBe(14);
  });

  it('adds nothing twice while the first addition warms up, and the rest of a larger step', () => {
    expect(sizeFor(steps, 0.75, { current: 11, warmed: 10, warming: 1 })).toBe(11);
    expect(sizeFor(steps, 0.9, { current: 11, warmed: 10, warming: 1 })).toBe(14);
  });

  it('rounds percents as AWS does: beyond one towards zero, below one to one', () => {
    const percent = (change: number): StepPolicy => ({
      ...steps,
      adjustment: 'percent-change-in-capacity',
      steps: [{ lower: null, upper: null, change }],
    });
    expect(sizeFor(percent(0.25), 1)).toBe(12);
    expect(sizeFor(percent(0.01), 1)).toBe(11);
    expect(sizeFor(percent(-0.19), 1)).toBe(9);
    expect(sizeFor(percent(-0.01), 1)).toBe(9);
    expect(sizeFor({ ...percent(0.1), minAdjustment: 3 }, 1)).toBe(13);
  });

  it('follows the example of the EC2 Auto Scaling user guide step by step', () => {
    const guide: StepPolicy = {
      ...steps,
      adjustment: 'percent-change-in-capacity',
      steps: [
        { lower: null, upper: 0.3, change: -0.3 },
        { lower: 0.3, upper: 0.4, change: -0.1 },
        { lower: 0.6, upper: 0.7, change: 0.1 },
        { lower: 0.7, upper: null, change: 0.3 },
      ],
    };
    const at = (current: number): Sizes => ({ current, warmed: current });
    expect(sizeFor(guide, 0.5, at(10))).toBe(10);
    expect(sizeFor(guide, 0.6, at(10))).toBe(11);
    expect(sizeFor(guide, 0.7, at(11))).toBe(14);
    expect(sizeFor(guide, 0.4, at(14))).toBe(13);
    expect(sizeFor(guide, 0.3, at(13))).toBe(10);
    // The rest of a larger step while a smaller one warms up. Of nothing AWS adds nothing, for ever.
    expect(sizeFor(guide, 0.7, { current: 11, warmed: 10, warming: 1 })).toBe(13);
    expect(sizeFor(guide, 0.7, at(0))).toBe(guide.minAdjustment);
  });

  it('never recommends less for more load, if its steps do not', () => {
    const ascending = fc
      .array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 6 })
      .map((changes): StepPolicy => {
        const sorted = changes.toSorted((a, b) => a - b);
        return {
          ...steps,
          steps: sorted.map((change, index) => ({
            lower: index === 0 ? null : index,
            upper: index === sorted.length - 1 ? null : index + 0.5,
            change,
          })),
        };
      });
    // Between steps, and at those of their ends that they do not hold, the present size stays.
    const place = fc.tuple(fc.nat(6), fc.double({ min: 0.01, max: 0.49, noNaN: true }));
    const load = place.map(([index, within]) => index + within);
    fc.assert(
      fc.property(ascending, load, load, fc.nat(5), (policy, a, b, warming) => {
        const sizes = { current: 20, warmed: 20 - warming, warming };
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(sizeFor(policy, high, sizes)).toBeGreaterThanOrEqual(sizeFor(policy, low, sizes));
      }),
    );
  });

  it('takes an exact capacity as it stands', () => {
    const exact: StepPolicy = {
      ...steps,
      adjustment: 'exact-capacity',
      steps: [{ lower: 0.5, upper: null, change: 7 }],
    };
    expect(sizeFor(exact, 0.6)).toBe(7);
    expect(sizeFor(exact, 0.4)).toBe(10);
  });

  it('wakes at the next step above the reading', () => {
    const { wakes } = recommend(steps, show(steps, 0.75));
    expect(wakes.map(({ atLeast }) => atLeast)).toEqual([0.85]);
  });
});
