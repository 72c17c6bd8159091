import { expect, it } from 'vitest';
import { ForeignChanges } from './foreign-changes.ts';

function describeAt(describedAt: number, desired: number) {
  const counts = { inService: desired, pending: 0, terminating: 0 };
  return { describedAt, min: 1, max: 9, desired, ...counts };
}

it('tells the changes of others from our own, however late those show', () => {
  const changes = new ForeignChanges(300_000);
  changes.expect(6, 1000);
  changes.compare(describeAt(500, 4), describeAt(900, 4));
  changes.compare(describeAt(900, 4), describeAt(60_000, 6));
  expect(changes.list(60_000)).toEqual([]);
  changes.compare(describeAt(60_000, 6), describeAt(70_000, 3));
  expect(changes.list(70_000)).toEqual([{ what: 'desired', from: 6, to: 3, at: 70_000, by: null }]);
});

it('takes an old size of ours for foreign when someone returns to it', () => {
  const changes = new ForeignChanges(300_000);
  changes.expect(6, 0);
  changes.compare(describeAt(199_000, 4), describeAt(200_000, 6));
  expect(changes.list(200_000)).toHaveLength(1);
});

it('forgets a change when it has settled', () => {
  const changes = new ForeignChanges(1000);
  changes.compare(describeAt(0, 4), describeAt(100, 5));
  expect(changes.list(1099)).toHaveLength(1);
  expect(changes.list(1100)).toEqual([]);
});
