// What would have been decided without each rule: of the decision that is in force, from memory, and
// of the same one later, from the journal.

import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadModel, ToldDecision } from '../../src/controller/ports/control.ts';
import { createReadModel } from '../../src/controller/read-model.ts';
import { SimulatedController, startMs } from './simulated-controller.ts';

const rate = { instances: 1, ratio: null, periodMs: 600_000 };

describe('a decision that is asked about', () => {
  let read: ReadModel;
  let stand: SimulatedController;
  let current: ToldDecision;

  beforeAll(async () => {
    stand = new SimulatedController({ group: { rate: { scaleOut: rate } } });
    await stand.start();
    read = createReadModel(stand.controller, stand);
    stand.load = 4;
    await stand.run(60);
    const told = read.currentDecision('web');
    if (told === null) throw new Error('nothing is decided');
    current = told;
  });

  it('says what would be without each correction and each policy', () => {
    expect(current.decision).toMatchObject({ kind: 'hold', from: 5 });
    expect(current.counterfactuals).toEqual([
      { without: 'guardrail', name: 'rate', to: 7 },
      { without: 'policy', name: 'cpu', to: 5 },
    ]);
    const { details } = current.explanation;
    expect(details).toContainEqual(expect.stringMatching(/^cpu recommends 7.*\(without it: 5\)$/));
    expect(details).toContainEqual(
      expect.stringMatching(/^rate makes 5 of 7.*\(without that: 7\)$/),
    );
  });

  it('comes to the same from the journal, later', async () => {
    stand.load = 1;
    await stand.run(60);
    const recalled = await read.decisionAt('web', current.decision.at);
    expect(recalled).toEqual({ ok: true, value: current });
  });

  it('says what stands in the way of another, now and at that moment', async () => {
    const then = await read.obstacles('web', 'scale-out', current.decision.at);
    expect(then).toMatchObject({ ok: true, value: { obstacles: { holders: [{ name: 'rate' }] } } });
    const now = await read.obstacles('web', 'scale-out', null);
    expect(now).toMatchObject({ ok: true, value: { obstacles: { isWanted: false } } });
  });

  it('says what stood against another size at that moment, from the journal', async () => {
    const then = await read.sizeObstacles('web', 7, current.decision.at);
    expect(then).toMatchObject({
      ok: true,
      value: {
        obstacles: { decided: 5, wanted: 7, dissents: [], holders: [{ name: 'rate', makes: 5 }] },
      },
    });
    const decided = await read.sizeObstacles('web', 5, current.decision.at);
    expect(decided).toMatchObject({ ok: true, value: { obstacles: { isDecided: true } } });
  });

  it('has none where the journal does not go back to a snapshot', async () => {
    const ticks = await stand.store.journal.read({
      group: 'web',
      from: 0,
      to: Number.POSITIVE_INFINITY,
      kinds: ['tick'],
      order: 'oldest-first',
      limit: 1,
    });
    const first = ticks.ok ? ticks.value[0] : undefined;
    const journal = {
      ...stand.store.journal,
      read: async (query: Parameters<typeof stand.store.journal.read>[0]) =>
        query.kinds?.includes('snapshot') === true
          ? ({ ok: true, value: [] } as const)
          : await stand.store.journal.read(query),
    };
    const without = createReadModel(stand.controller, {
      ...stand,
      store: { ...stand.store, journal },
    });
    const told = await without.decisionAt('web', first?.at ?? startMs);
    expect(told).toMatchObject({ ok: true, value: { decision: { group: 'web' } } });
    expect(told.ok && told.value?.counterfactuals).toBeUndefined();
  });
});
