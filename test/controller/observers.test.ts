// What the controller observes beside reports and sizes: money, failed launches, authors.

import { describe, expect, it } from 'vitest';
import { setDesiredCapacity } from '../../src/cloud/desired-capacity.ts';
import type { Decision } from '../../src/core/decision.ts';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import { SimulatedController } from './simulated-controller.ts';

async function readTicks(
  stand: SimulatedController,
): Promise<readonly (JournalEntry & { readonly kind: 'tick' })[]> {
  const read = await stand.store.journal.read({
    group: 'web',
    from: 0,
    to: Number.POSITIVE_INFINITY,
    kinds: ['tick'],
    order: 'oldest-first',
    limit: 100_000,
  });
  if (!read.ok) throw new Error(read.message);
  return read.value.filter((entry) => entry.kind === 'tick');
}

function lastDecision(stand: SimulatedController): Decision {
  const decision = [...stand.controller.groups.values()][0]?.lastDecision ?? null;
  if (decision === null) throw new Error('nothing was decided');
  return decision;
}

describe('the budget of a group, with the price of its instances', () => {
  it('limits what is added: five of $0.096 go into $0.50 an hour', async () => {
    const stand = new SimulatedController({ group: { budget: { perHour: 0.5, perMonth: null } } });
    await stand.start();
    stand.load = 3.6;
    await stand.run(60);
    expect(stand.desired).toBe(5);
    const codes = lastDecision(stand).adjustments.map(({ reason }) => reason.code);
    expect(codes).toContain('budget-hour');
  });

  it('takes the price of the group instead, where it has one', async () => {
    const stand = new SimulatedController({
      group: { budget: { perHour: 0.5, perMonth: null } },
      settings: { pricePerInstanceHour: 0.05 },
    });
    await stand.start();
    stand.load = 3.6;
    await stand.run(60);
    expect(stand.desired).toBe(6);
  });

  it('counts the month on over a restart, and the time in between', async () => {
    const options = { group: { budget: { perHour: null, perMonth: 1000 } } };
    const stand = new SimulatedController(options);
    await stand.start();
    await stand.run(600);
    await stand.controller.stop();
    await stand.run(300);
    stand.controller = stand.createController();
    await stand.controller.start();
    await stand.run(60);
    const ticks = await readTicks(stand);
    const spent = ticks.at(-1)?.observation.spending?.monthToDate ?? 0;
    // Four of $0.096 an hour for 963 seconds from the first tick on; minutes are as fine as it gets.
    expect(spent).toBeGreaterThan((4 * 0.096 * 850) / 3600);
    expect(spent).toBeLessThan((4 * 0.096 * 1050) / 3600);
  });
});

describe('launches that fail', () => {
  it('are counted, told with their cause, and keep more from being asked for', async () => {
    const stand = new SimulatedController({ launchFailureRatio: 1 });
    await stand.start();
    await stand.run(20);
    expect(lastDecision(stand).notices).toContainEqual(
      expect.objectContaining({
        code: 'launch-failures',
        inARow: expect.any(Number),
        cause: expect.stringMatching(/capacity/),
      }),
    );
  });

  it('are not looked for while every instance is there', async () => {
    const stand = new SimulatedController();
    await stand.start();
    await stand.run(60);
    expect((await readTicks(stand)).some(({ observation }) => observation.launchFailures)).toBe(
      false,
    );
  });
});

describe('a change of someone else', () => {
  it('has an author, in the words of AWS', async () => {
    const stand = new SimulatedController({
      group: { coexistence: { reaction: 'warn', settleMs: 120_000 } },
    });
    await stand.start();
    setDesiredCapacity(stand.world, { groupName: 'web-asg', desired: 6, honorsCooldown: false });
    await stand.run(25);
    const ticks = await readTicks(stand);
    const changes = ticks.flatMap(({ observation }) => observation.foreignChanges ?? []);
    expect(changes.at(-1)).toMatchObject({
      what: 'desired',
      from: 4,
      to: 6,
      by: 'a user request explicitly set group desired capacity',
    });
  });
});
