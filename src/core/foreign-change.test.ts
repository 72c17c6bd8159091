import { expect, it } from 'vitest';
import { findForeignChanges, keepNewest } from './foreign-change.ts';

const before = {
  describedAt: 1000,
  min: 1,
  max: 9,
  desired: 4,
  inService: 4,
  pending: 0,
  terminating: 0,
};

it('finds what differs and was not asked for by us', () => {
  const after = { ...before, describedAt: 2000, max: 20, desired: 7 };
  expect(findForeignChanges(before, after, [])).toEqual([
    { what: 'desired', from: 4, to: 7, at: 2000, by: null },
    { what: 'max', from: 9, to: 20, at: 2000, by: null },
  ]);
  expect(findForeignChanges(before, after, [5, 7]).map(({ what }) => what)).toEqual(['max']);
  expect(findForeignChanges(before, { ...before, inService: 2 }, [])).toEqual([]);
});

it('keeps the newest change of each kind while it matters', () => {
  const old = { what: 'desired', from: 4, to: 5, at: 1000, by: null } as const;
  const max = { what: 'max', from: 9, to: 8, at: 500, by: null } as const;
  const found = { ...old, from: 5, to: 6, at: 2000 };
  expect(keepNewest([old, max], [found], 0)).toEqual([max, found]);
  expect(keepNewest([old, max], [found], 600)).toEqual([found]);
});
