import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine } from './combine.ts';
import type { Recommendation } from './decision.ts';
import { findVeto } from './guardrails/veto.ts';
import type { Policy } from './policies/policy.ts';

const reason = { code: 'fixed', size: 0 } as const;
const blind = { code: 'no-reading', signal: 'x' } as const;

function desire(desired: number, forbidden?: 'scale-out' | 'scale-in'): Recommendation {
  const base = { kind: 'desired', policy: 'p', desired, reason } as const;
  return forbidden === undefined ? base : { ...base, forbidden };
}

function bound(atLeast: number | null, atMost: number | null): Recommendation {
  return { kind: 'bounds', policy: 's', atLeast, atMost, reason };
}

const abstention: Recommendation = {
  kind: 'abstain',
  policy: 'a',
  blocksScaleIn: false,
  reason: blind,
};

describe('of several recommendations', () => {
  it('the largest wins, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.nat(50), (sizes, current) => {
        const all = sizes.map((size) => desire(size));
        expect(combine(all, current)).toBe(Math.max(...sizes));
        expect(combine([abstention, ...all.toReversed()], current)).toBe(Math.max(...sizes));
      }),
    );
    expect(combine([abstention], 7)).toBe(7);
  });

  it('one that may not add holds against a removal, and adds nothing', () => {
    expect(combine([desire(9, 'scale-out')], 5)).toBe(5);
    expect(combine([desire(9, 'scale-out'), desire(2)], 5)).toBe(5);
    expect(combine([desire(9, 'scale-out'), desire(7)], 5)).toBe(7);
  });

  it('one that may not remove starts no removal, and is a floor under that of another', () => {
    expect(combine([desire(3, 'scale-in')], 5)).toBe(5);
    expect(combine([desire(3, 'scale-in'), desire(1)], 5)).toBe(3);
    expect(combine([desire(3, 'scale-in'), desire(4)], 5)).toBe(4);
  });

  it('schedules bound the rest, the lower bound before the upper', () => {
    expect(combine([bound(8, null)], 5)).toBe(8);
    expect(combine([bound(8, null), desire(3)], 12)).toBe(8);
    expect(combine([bound(null, 4), desire(9)], 5)).toBe(4);
    expect(combine([bound(6, 6), desire(9)], 5)).toBe(6);
    expect(combine([bound(8, null), bound(null, 4)], 5)).toBe(8);
  });
});

describe('a veto', () => {
  const policies: readonly Policy[] = [
    { type: 'fixed', name: 'free', size: 1 },
    { type: 'fixed', name: 'one', size: 1, veto: 'tier' },
    { type: 'fixed', name: 'other', size: 1, veto: 'tier' },
  ];

  it('falls unless every policy that has one recommends fewer', () => {
    const few = desire(3);
    expect(findVeto(policies, [few, few, few], 5)).toBeNull();
    expect(findVeto(policies, [abstention, few, bound(null, 4)], 5)).toBeNull();
    const found = { veto: 'tier', policy: 'other' };
    for (const opinion of [desire(5), desire(6), abstention, bound(2, null)]) {
      expect(findVeto(policies, [few, few, opinion], 5)).toEqual(found);
    }
  });
});
