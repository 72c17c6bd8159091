// Stacks under any sequence of calls: whatever was begun comes to an end, and nothing is left once
// all are deleted.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LocalServices } from './testing/local-services.ts';
import { createLocalServices } from './testing/local-services.ts';
import { arbitraryStackCall, STACK_NAMES } from './testing/stack-calls.ts';

const HOUR_MS = 3_600_000;

function statusesOf({ account }: LocalServices): readonly string[] {
  return [...account.cloudFormation.stacks.values()].map(({ status }) => status);
}

/** How many things of every kind there are. */
function countAll({ account }: LocalServices): number {
  const { world, cloudWatch, eventBus, registry, sqs } = account;
  return [
    world.groups,
    world.launchTemplates,
    registry.resources,
    eventBus.rules,
    cloudWatch.alarms,
    sqs.queues,
  ].reduce((sum, { size }) => sum + size, 0);
}

it('come to an end and leave nothing behind when all are deleted', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryStackCall, { minLength: 1, maxLength: 30 }),
      fc.nat(),
      (calls, seed) => {
        const cloud = createLocalServices({ seed });
        for (const call of calls) call(cloud);
        cloud.pass(HOUR_MS);
        expect(statusesOf(cloud).filter((status) => status.endsWith('_IN_PROGRESS'))).toEqual(
          // A stack that only a change set has made waits for whoever executes it.
          statusesOf(cloud).filter((status) => status === 'REVIEW_IN_PROGRESS'),
        );
        for (const StackName of STACK_NAMES) {
          expect(cloud.call('cloudformation', 'DeleteStack', { StackName })).toMatchObject({
            ok: true,
          });
        }
        cloud.pass(HOUR_MS);
        expect(statusesOf(cloud).filter((status) => status !== 'DELETE_COMPLETE')).toEqual([]);
        expect(countAll(cloud)).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});
