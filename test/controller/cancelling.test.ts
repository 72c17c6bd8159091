// Launches that are not needed any more, cancelled in the cloud model by the real controller.

import { describe, expect, it } from 'vitest';
import { SimulatedController, trackingCpu } from './simulated-controller.ts';

describe('a load that falls while instances are being launched', () => {
  it('cancels the launches, and ends nothing that serves', async () => {
    const stabilization = { scaleOutMs: 0, scaleInMs: 0 };
    const stand = new SimulatedController({ group: { ...trackingCpu, stabilization } });
    await stand.start();
    const serving = stand.inService().map(({ id }) => id);
    stand.load = 4;
    await stand.run(4);
    expect(stand.desired).toBeGreaterThan(4);
    expect(stand.inService()).toHaveLength(4);
    stand.load = 2;
    await stand.run(6);
    expect(stand.desired).toBe(4);
    expect(stand.controller.counters.actuations.refused).toBe(0);
    await stand.run(120);
    expect(stand.inService().map(({ id }) => id)).toEqual(serving);
    const read = await stand.store.journal.read({
      group: 'web',
      from: 0,
      to: Number.POSITIVE_INFINITY,
      kinds: ['actuation'],
      order: 'newest-first',
      limit: 1,
    });
    const [entry] = read.ok ? read.value : [];
    if (entry?.kind !== 'actuation') throw new Error('no actuation is recorded');
    const { actuation } = entry;
    if (actuation.kind !== 'cancelled') throw new Error(`recorded as ${actuation.kind}`);
    expect(actuation.launches.map(({ outcome }) => outcome.kind)).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ]);
  });

  it('tries a refused cancellation again, later', async () => {
    const stabilization = { scaleOutMs: 0, scaleInMs: 0 };
    const stand = new SimulatedController({ group: { ...trackingCpu, stabilization } });
    await stand.start();
    stand.load = 4;
    await stand.run(4);
    for (let call = 0; call < 3; call += 1) stand.faults.push({ kind: 'throttled' });
    stand.load = 2;
    await stand.run(2);
    expect(stand.controller.groups.get('web')?.state.scaledInAt).toBeNull();
    await stand.run(3);
    expect(stand.controller.counters.actuations.refused).toBe(3);
    expect(stand.desired).toBe(4);
  });
});
