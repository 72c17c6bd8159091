import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { responseTail } from './response-time.ts';
import { createStaffing, instancesFor, neededInstances, type Carrying } from './staffing.ts';

const promise = { promiseMs: 200, tailRatio: 0.05 };

function carryingOf(perInstance: number, serviceMs: number, promised = promise): Carrying {
  return { perInstance, staffing: createStaffing(promised, perInstance, serviceMs) };
}

/** What of the work takes longer than promised where `size` instances serve it. */
function lateShare(size: number, demand: number, { staffing, perInstance }: Carrying): number {
  const slotsEach = Math.max(1, Math.round((perInstance * (staffing?.serviceMs ?? 0)) / 1000));
  const station = {
    slots: size * slotsEach,
    serviceSeconds: slotsEach / perInstance,
    arrivalsPerSecond: demand,
  };
  return responseTail(station)(promise.promiseMs / 1000);
}

describe('instances for a promise of latency', () => {
  it('carry what the docstring says', () => {
    const { staffing, perInstance } = carryingOf(100, 20);
    expect(perInstance).toBe(100);
    expect(staffing?.carried[staffing.sizes.indexOf(10)]).toBeCloseTo(982, 0);
  });

  it('keep it, and one fewer would not, or hardly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 200 }),
        fc.integer({ min: 5, max: 50 }),
        fc.double({ min: 1, max: 5000, noNaN: true }),
        (perInstance, serviceMs, demand) => {
          const carrying = carryingOf(perInstance, serviceMs);
          if (carrying.staffing === null) return;
          const size = instancesFor(demand, carrying);
          expect(lateShare(size, demand, carrying)).toBeLessThanOrEqual(promise.tailRatio);
          if (size > 1 && demand < (size - 1) * perInstance) {
            const fewer = lateShare(size - 1, demand, carrying);
            expect(fewer).toBeGreaterThan(promise.tailRatio * 0.6);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are never fewer for more demand, nor than the capacity alone asks for', () => {
    const carrying = carryingOf(100, 20);
    const demands = fc.double({ min: 0, max: 200_000, noNaN: true });
    fc.assert(
      fc.property(demands, demands, (one, other) => {
        const [less, more] = one <= other ? [one, other] : [other, one];
        const [fewer, larger] = [less, more].map((demand) => neededInstances(demand, carrying));
        expect(fewer).toBeLessThanOrEqual(larger ?? 0);
        expect(larger).toBeGreaterThanOrEqual((more / 100) * (1 - 1e-9));
      }),
    );
  });

  it('have no more to spare than the square root of the work under way (Halfin and Whitt)', () => {
    // A promise near the service time itself, where waiting has to be rare.
    const carrying = carryingOf(10, 100, { promiseMs: 400, tailRatio: 0.05 });
    const betas = [25, 100, 400, 1600].map((work) => {
      const slots = neededInstances(work * 10, carrying);
      return (slots - work) / Math.sqrt(work);
    });
    expect(betas).toEqual(betas.toSorted((one, other) => other - one));
    expect(betas.at(-1)).toBeGreaterThan(0);
    expect(betas[0]).toBeLessThan(2);
  });

  it('cannot be told where a request served alone takes longer', () => {
    expect(createStaffing(promise, 10, 100)).toBeNull();
    expect(createStaffing({ ...promise, promiseMs: 500 }, 10, 100)).not.toBeNull();
  });

  it('are by capacity alone without a promise, the last only where half of it is needed', () => {
    const plain = { perInstance: 10, staffing: null };
    expect([0, 34, 36, 1000].map((demand) => instancesFor(demand, plain))).toEqual([1, 3, 4, 100]);
  });
});
