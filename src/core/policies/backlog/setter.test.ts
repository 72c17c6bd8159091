import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BacklogPolicy } from '../policy.ts';
import {
  findAcceptableBacklog,
  findBacklogPerInstance,
  findNativeTarget,
  isWorthRenewing,
} from './setter.ts';

const policy: BacklogPolicy = {
  type: 'backlog',
  name: 'backlog',
  mode: 'setter',
  queueKey: 'q',
  counts: { visible: 'visible', inFlight: 'inFlight', dead: null },
  promiseMs: 300_000,
  firstDurationMs: 25_000,
  firstLeadMs: 60_000,
  workersPerInstance: 1,
  fixedTarget: null,
  staleAfterMs: 15_000,
};

describe('the target of an AWS policy', () => {
  it('is promise / mean duration, below 1 too, and more where instances work on several', () => {
    expect(findNativeTarget(policy, 25_000)).toBe(12);
    expect(findNativeTarget(policy, 50_000)).toBe(6);
    expect(findNativeTarget(policy, 400_000)).toBe(0.75);
    expect(findAcceptableBacklog({ ...policy, workersPerInstance: 4 }, 50_000)).toBe(24);
    expect(findNativeTarget({ ...policy, fixedTarget: 7.5 }, 50_000)).toBe(7.5);
  });

  it('is always above 0 and finite, and never off so much that it is renewed twice', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 43_200_000, noNaN: true }), (meanMs) => {
        const target = findNativeTarget(policy, meanMs);
        expect(target).toBeGreaterThan(0);
        expect(Number.isFinite(target)).toBe(true);
        const isFixed = false;
        expect(isWorthRenewing({ present: target, target, isFixed })).toBe(false);
      }),
    );
  });

  it('stays as it is for a difference within 5 %, unless somebody wrote it', () => {
    expect(isWorthRenewing({ present: 12, target: 12.5, isFixed: false })).toBe(false);
    expect(isWorthRenewing({ present: 12, target: 12.5, isFixed: true })).toBe(true);
    expect(isWorthRenewing({ present: 12, target: 11.3, isFixed: false })).toBe(true);
  });
});

it('has no instance share a backlog as one would', () => {
  expect(findBacklogPerInstance({ visible: 7, inService: 2 })).toBe(3.5);
  expect(findBacklogPerInstance({ visible: 7, inService: 0 })).toBe(7);
  expect(findBacklogPerInstance({ visible: 0, inService: 0 })).toBe(0);
});
