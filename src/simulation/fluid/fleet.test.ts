// The fleet's calendar and running bill against a model that keeps every instance by itself.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billLife } from '../score/billing.ts';
import { drawBoot } from './boot-time.ts';
import { advanceFleet, createFleet, resizeFleet } from './fleet.ts';
import type { Fleet, FleetOptions } from './fleet.ts';

const plain: FleetOptions = {
  startInstances: 0,
  boot: { kind: 'fixed', seconds: 120 },
  launchFailureRatio: 0,
  drainSeconds: 30,
  scaleInOrder: 'oldest-first',
  warmupSeconds: 300,
  warmupFrom: 'service',
  seed: 1,
};

interface Instance {
  readonly requestedAt: number;
  readonly bootSeconds: number;
  readonly wasThere: boolean;
  endedAt: number;
}

const never = Number.POSITIVE_INFINITY;

/** Every instance by itself: slow, and plainly right. */
class NaiveFleet {
  readonly instances: Instance[] = [];
  requests = 0;
  readonly options: FleetOptions;

  constructor(options: FleetOptions) {
    this.options = options;
    for (let index = 0; index < options.startInstances; index += 1) {
      this.instances.push({ requestedAt: -10_000, bootSeconds: 1, wasThere: true, endedAt: never });
    }
  }

  inServiceFrom(one: Instance): number {
    return one.requestedAt + one.bootSeconds;
  }

  resize(size: number, second: number): void {
    const { boot, launchFailureRatio, seed, scaleInOrder } = this.options;
    const live = this.instances.filter((one) => one.endedAt > second);
    for (let more = live.length; more < size; more += 1) {
      const bootSeconds = drawBoot(boot, launchFailureRatio, seed, this.requests);
      this.requests += 1;
      if (bootSeconds === undefined) continue;
      this.instances.push({ requestedAt: second, bootSeconds, wasThere: false, endedAt: never });
    }
    for (let fewer = size; fewer < live.length; fewer += 1) {
      const left = this.instances.filter((one) => one.endedAt > second);
      const pending = left.filter((one) => this.inServiceFrom(one) > second);
      const isPendingFirst = scaleInOrder === 'newest-pending-first' && pending.length > 0;
      const chosen = isPendingFirst ? pending.at(-1) : left[0];
      if (chosen !== undefined) chosen.endedAt = second;
    }
  }

  counts(second: number): Record<string, number> {
    const { drainSeconds, warmupSeconds, warmupFrom } = this.options;
    const counts = { pending: 0, inService: 0, warmed: 0, draining: 0 };
    for (const one of this.instances) {
      const from = this.inServiceFrom(one);
      const warmFrom = (warmupFrom === 'service' ? from : one.requestedAt) + warmupSeconds;
      if (one.endedAt > second) {
        if (from > second) counts.pending += 1;
        else counts.inService += 1;
        if (from <= second && warmFrom <= second) counts.warmed += 1;
      } else if (from <= one.endedAt && second < one.endedAt + drainSeconds) {
        counts.draining += 1;
      }
    }
    return counts;
  }

  /** The bill of all launches, once all of them have ended. */
  bill(): number {
    const { drainSeconds } = this.options;
    return this.instances
      .filter((one) => !one.wasThere)
      .reduce((sum, one) => sum + billLife({ ...one, drainSeconds }), 0);
  }
}

function countsOf(fleet: Fleet): Record<string, number> {
  const { pending, inService, warmed, draining } = fleet;
  return { pending, inService, warmed, draining };
}

const boots = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), seconds: fc.constantFrom(1, 10, 16, 30, 120) }),
  fc.record({
    kind: fc.constant('lognormal' as const),
    medianSeconds: fc.constantFrom(20, 60),
    sigma: fc.constantFrom(0.25, 1),
  }),
);

const optionsDrawn = fc.record({
  startInstances: fc.integer({ min: 0, max: 3 }),
  boot: boots,
  launchFailureRatio: fc.constantFrom(0, 0.01, 0.5),
  drainSeconds: fc.constantFrom(0, 1, 30),
  scaleInOrder: fc.constantFrom('oldest-first' as const, 'newest-pending-first' as const),
  warmupSeconds: fc.constantFrom(0, 5, 300),
  warmupFrom: fc.constantFrom('service' as const, 'request' as const),
  seed: fc.integer({ min: 0, max: 1e9 }),
});

const moves = fc.array(
  fc.record({ seconds: fc.integer({ min: 1, max: 60 }), size: fc.integer({ min: 0, max: 8 }) }),
  { minLength: 1, maxLength: 25 },
);

describe('a fleet', () => {
  it('has in every second what a model of single instances has, and the same bill', () => {
    fc.assert(
      fc.property(optionsDrawn, moves, (options, plan) => {
        const fleet = createFleet(options);
        const naive = new NaiveFleet(options);
        let second = 0;
        let billedSeconds = 0;
        const startBill = (): number =>
          naive.instances
            .filter((one) => one.wasThere)
            .reduce((sum, one) => sum + Math.min(second, one.endedAt + options.drainSeconds), 0);
        const run = (seconds: number, size: number): void => {
          for (const end = second + seconds; second < end; second += 1) {
            advanceFleet(fleet, second);
            resizeFleet(fleet, size, second);
            naive.resize(size, second);
            expect(countsOf(fleet)).toEqual(naive.counts(second));
            billedSeconds += fleet.billed;
          }
        };
        for (const { seconds, size } of plan) run(seconds, size);
        // Nothing runs any more once all drains are over: every life has its whole bill.
        run(100, 0);
        expect(countsOf(fleet)).toEqual({ pending: 0, inService: 0, warmed: 0, draining: 0 });
        expect(fleet.billed).toBe(0);
        expect(billedSeconds + fleet.toppedUpSeconds).toBe(naive.bill() + startBill());
        expect(fleet.requests).toBe(fleet.launches + fleet.failedLaunches);
      }),
      { numRuns: 150 },
    );
  });

  it('bills a launch that is cancelled at once its minimum, and a failed one nothing', () => {
    const fleet = createFleet(plain);
    advanceFleet(fleet, 0);
    resizeFleet(fleet, 3, 0);
    resizeFleet(fleet, 0, 0);
    expect(fleet.toppedUpSeconds).toBe(180);
    expect(fleet.cancelledLaunches).toBe(3);
    const failing = createFleet({ ...plain, launchFailureRatio: 1 });
    resizeFleet(failing, 3, 0);
    expect(failing.failedLaunches).toBe(3);
    expect(failing.pending + failing.toppedUpSeconds).toBe(0);
  });

  it('loses a warm instance to a cancelled launch under the oldest-first order alone', () => {
    for (const [scaleInOrder, inService] of [
      ['oldest-first', 9],
      ['newest-pending-first', 10],
    ] as const) {
      const fleet = createFleet({ ...plain, startInstances: 10, scaleInOrder });
      resizeFleet(fleet, 11, 0);
      resizeFleet(fleet, 10, 1);
      expect(fleet.inService).toBe(inService);
    }
  });

  it('draws the boot of a launch from the seed and its number, not from what came before', () => {
    const options = {
      ...plain,
      boot: { kind: 'lognormal', medianSeconds: 60, sigma: 0.5 },
    } as const;
    const together = createFleet(options);
    resizeFleet(together, 5, 0);
    const apart = createFleet(options);
    for (let size = 1; size <= 5; size += 1) resizeFleet(apart, size, (size - 1) * 10);
    const boot = (fleet: Fleet, index: number, requestedAt: number): number =>
      (fleet.ledger.inServiceAt[index] ?? 0) - requestedAt;
    for (let index = 0; index < 5; index += 1) {
      expect(boot(apart, index, index * 10)).toBe(boot(together, index, 0));
    }
  });

  it('refuses a warm-up that its calendar cannot hold', () => {
    expect(() => createFleet({ ...plain, warmupSeconds: 4000 })).toThrow(/at most 3600 s/);
  });
});
