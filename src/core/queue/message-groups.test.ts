import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countGroups,
  createMessageGroups,
  noteGroup,
  noteSight,
  type MessageGroups,
} from './message-groups.ts';

const counted = 5000;
const busy = { visible: 10, inFlight: 2, isWorkerIdle: false, meanMs: 25_000 };
const held = { ...busy, isWorkerIdle: true };

function look(groups: MessageGroups, sights: readonly (typeof busy)[], from = 0): number {
  for (const [at, sight] of sights.entries()) {
    noteSight(groups, { ...sight, now: from + at * counted });
  }
  return from + sights.length * counted;
}

function createSeen(...names: readonly string[]): MessageGroups {
  const groups = createMessageGroups();
  for (const name of names) noteGroup(groups, name, 0);
  return groups;
}

describe('the active groups of a FIFO queue', () => {
  it('are known once a worker stayed idle beside waiting messages, and not before', () => {
    const groups = createSeen('a', 'b');
    look(groups, [held, held]);
    expect(countGroups(groups, 2)).toBeNull();
    look(groups, [held], 2 * counted);
    expect(countGroups(groups, 2)).toBe(2);
  });

  it.each([
    ['every worker is busy', busy],
    ['no message waits', { ...held, visible: 0 }],
    // Workers that just came up and have asked for nothing yet.
    ['nothing is in flight', { ...held, inFlight: 0 }],
  ])('are not known while %s', (_what, sight) => {
    const groups = createSeen('a', 'b');
    look(groups, [held, held, sight, held, held]);
    expect(countGroups(groups, 2)).toBeNull();
  });

  it('are as many as were seen or are in flight, whichever is more', () => {
    const groups = createSeen('a', 'b', 'c');
    look(groups, [held, held, held]);
    expect(countGroups(groups, 2)).toBe(3);
    expect(countGroups(groups, 5)).toBe(5);
  });

  it('stay known while all workers are busy, until another one shows', () => {
    const groups = createSeen('a', 'b');
    const at = look(groups, [held, held, held, busy, busy]);
    noteGroup(groups, 'a', at);
    expect(countGroups(groups, 2)).toBe(2);
    noteGroup(groups, 'c', at);
    expect(countGroups(groups, 2)).toBeNull();
  });

  it('are forgotten when they were not worked on for minutes, or for some messages', () => {
    const groups = createSeen('a', 'b');
    look(groups, [held, held, held]);
    noteGroup(groups, 'a', 200_000);
    look(groups, [held], 301_000);
    expect(countGroups(groups, 1)).toBe(1);
    const long = createSeen('a', 'b');
    const slow = { ...held, meanMs: 3_600_000 };
    look(long, [slow, slow, slow]);
    look(long, [slow], 3_600_000);
    expect(countGroups(long, 1)).toBe(2);
  });

  it('are never fewer than those at work, and a bound of them is remembered', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('group' as const), name: fc.integer({ min: 0, max: 9000 }) }),
      fc.record({
        kind: fc.constant('sight' as const),
        visible: fc.nat(20),
        inFlight: fc.nat(20),
        isWorkerIdle: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const groups = createMessageGroups();
        for (const [index, one] of steps.entries()) {
          const now = index * counted;
          if (one.kind === 'group') noteGroup(groups, `${one.name}`, now);
          else noteSight(groups, { ...one, now, meanMs: 25_000 });
          const inFlight = one.kind === 'sight' ? one.inFlight : 0;
          const count = countGroups(groups, inFlight);
          if (count !== null) expect(count).toBeGreaterThanOrEqual(Math.max(1, inFlight));
        }
      }),
    );
    const many = createMessageGroups();
    for (let name = 0; name < 5000; name += 1) noteGroup(many, `${name}`, 0);
    expect(many.seen.size).toBe(4096);
  });
});
