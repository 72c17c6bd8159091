// Other settings for a controller that runs: what stays, what comes and what goes.

import { describe, expect, it } from 'vitest';
import type { GroupSettings } from '../../src/controller/group-settings.ts';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import type { Group } from '../../src/core/group.ts';
import { selectSignal } from '../../src/core/signal.ts';
import { beginReplay, replayEntry } from '../../src/core/replay.ts';
import { SimulatedController, trackingCpu } from './simulated-controller.ts';

function settings(group: Partial<Group> = {}, autoScalingGroup = 'web-asg'): GroupSettings {
  return {
    group: { ...trackingCpu, ...group },
    target: { autoScalingGroup, region: null, roleArn: null },
    honorCooldown: false,
    staleAfterMs: 5000,
    hasLoadTopic: false,
    historySignals: ['cpu'],
  };
}

async function readJournal(stand: SimulatedController): Promise<readonly JournalEntry[]> {
  const query = { group: 'web', from: 0, to: Infinity, limit: 100_000 } as const;
  const read = await stand.store.journal.read({ ...query, order: 'oldest-first' });
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

function longWindow(): Partial<Group> {
  const [policy] = trackingCpu.policies;
  if (policy?.type !== 'target-tracking') throw new Error('the group tracks a target');
  return { policies: [{ ...policy, selector: selectSignal('cpu', 'max', 10_000), target: 0.3 }] };
}

describe('a controller that is given other settings', () => {
  it('decides by them at the next tick and keeps its state and reports', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    await stand.run(60);
    expect(stand.desired).toBe(6);
    const before = stand.controller.groups.get('web');
    await stand.controller.reconfigure([settings(longWindow())]);
    // Not one report more is needed to know the fleet.
    await stand.clock.advance(1000);
    const group = stand.controller.groups.get('web');
    expect(group).toBe(before);
    expect(group?.lastDecision?.recommendations[0]).toMatchObject({ desired: 12 });
    expect(group?.state.scaledOutAt).not.toBeNull();
    await stand.run(60);
    expect(stand.desired).toBe(12);
  });

  it('journals them, so that a replay comes to the same decisions', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    await stand.run(60);
    await stand.controller.reconfigure([settings(longWindow())]);
    await stand.run(30);
    await stand.controller.reconfigure([settings(longWindow())]);
    await stand.run(700);
    const entries = await readJournal(stand);
    expect(entries.filter(({ kind }) => kind === 'config')).toHaveLength(2);
    const { report } = entries.reduce(replayEntry, beginReplay(null));
    expect(report).toMatchObject({ ticksSkipped: 0, gaps: 0, differences: 0 });
    expect(report.snapshots).toBeGreaterThan(0);
  });

  it('gives up a group that is gone, even one whose act is on its way', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const group = stand.controller.groups.get('web');
    const ended = stand.controller.reconfigure([settings({ name: 'other' }, 'other-asg')]);
    expect(group?.heldBy).not.toBeNull();
    await ended;
    stand.load = 3.6;
    await stand.run(60);
    expect([...stand.controller.groups.keys()]).toEqual(['other']);
    expect(stand.desired).toBe(4);
    const now = stand.clock.now();
    const lease = { group: 'web', controller: 'b', now, durationMs: 1000 };
    expect(await stand.store.leases.hold(lease)).toEqual({ ok: true, value: null });
  });

  it('begins a new group and acts on it', async () => {
    const stand = new SimulatedController();
    await stand.start();
    await stand.controller.reconfigure([settings({ name: 'other' }, 'other-asg')]);
    await stand.run(5);
    await stand.controller.reconfigure([settings({ name: 'other' }, 'other-asg'), settings()]);
    stand.load = 3.6;
    await stand.run(10);
    expect([...stand.controller.groups.keys()]).toEqual(['other', 'web']);
    expect(stand.desired).toBe(6);
  });

  it('begins anew where the name is another Auto Scaling group now', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    await stand.run(60);
    await stand.controller.reconfigure([settings({}, 'other-asg')]);
    const group = stand.controller.groups.get('web');
    expect(group?.state.scaledOutAt).toBeNull();
    await stand.run(10);
    expect(group?.describeFailure).toMatchObject({ kind: 'missing' });
  });
});
