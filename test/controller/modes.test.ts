// A mode that was changed by hand, and what a chart finds of a group's past.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupSettings } from '../../src/controller/group-settings.ts';
import { createReadModel } from '../../src/controller/read-model.ts';
import { modes, type Mode } from '../../src/core/group.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedController, trackingCpu } from './simulated-controller.ts';

function settings(mode: Mode, cooldownMs: number): GroupSettings {
  return {
    group: { ...trackingCpu, mode, minReportingRatio: cooldownMs / 100_000 },
    target: { autoScalingGroup: 'web-asg', region: null, roleArn: null },
    honorCooldown: false,
    staleAfterMs: 5000,
    hasLoadTopic: false,
    historySignals: ['cpu'],
  };
}

const byAda = { by: 'ada', why: 'a test' };

function modeOf(stand: SimulatedController): Mode | undefined {
  return stand.controller.groups.get('web')?.group.mode;
}

describe('a mode changed by hand', () => {
  it('holds from the next tick on, and is in the journal for replays', async () => {
    const stand = new SimulatedController();
    await stand.start();
    await stand.run(20);
    const before = stand.desired;
    const { wishes } = stand.controller;
    expect(await wishes.changeMode('web', { mode: 'advise', ...byAda })).toEqual({
      kind: 'granted',
    });
    stand.load = 9;
    await stand.run(60);
    expect(stand.desired).toBe(before);
    const set = { kind: 'set', desired: 9, until: null, ...byAda } as const;
    expect(wishes.check('web', set)).toMatchObject({ kind: 'refused', code: 'mode' });
    const query = { group: 'web', from: 0, to: Infinity, limit: 1, kinds: ['config'] } as const;
    const read = await stand.store.journal.read({ ...query, order: 'newest-first' });
    expect(read).toMatchObject({ value: [{ kind: 'config', config: { mode: 'advise' } }] });
    await wishes.changeMode('web', { mode: 'active', ...byAda });
    await stand.run(60);
    expect(stand.desired).toBeGreaterThan(before);
  });

  it('stays while the settings name the mode that they named, and goes with another', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const { controller } = stand;
    await controller.reconfigure([settings('active', 40_000)]);
    await controller.wishes.changeMode('web', { mode: 'observe', ...byAda });
    await controller.reconfigure([settings('active', 50_000)]);
    expect(modeOf(stand)).toBe('observe');
    await controller.reconfigure([settings('scale-out-only', 50_000)]);
    expect(modeOf(stand)).toBe('scale-out-only');
    const wish = { mode: 'observe', ...byAda } as const;
    expect(await controller.wishes.changeMode('wep', wish)).toMatchObject({
      code: 'unknown-group',
    });
  });
});

describe('a mode changed by hand, over restarts', () => {
  it('lasts until it is changed again or the config says another than it did', async () => {
    const mode = fc.constantFrom(...modes);
    const step = fc.oneof(
      fc.record({ do: fc.constant('set-by-hand' as const), mode }),
      fc.record({ do: fc.constant('restart' as const) }),
      fc.record({ do: fc.constantFrom('reload' as const, 'restart-with' as const), mode }),
    );
    const property = fc.asyncProperty(
      mode,
      fc.array(step, { maxLength: 8 }),
      async (first, all) => {
        const store = createMemoryStore();
        let configured = first;
        let byHand: Mode | null = null;
        const begin = async (): Promise<SimulatedController> => {
          const stand = new SimulatedController({ store, group: { mode: configured } });
          await stand.controller.start();
          return stand;
        };
        let stand = await begin();
        for (const one of all) {
          if (one.do === 'set-by-hand') {
            await stand.controller.wishes.changeMode('web', { mode: one.mode, ...byAda });
            byHand = one.mode === configured ? null : one.mode;
          } else {
            if (one.do !== 'restart' && one.mode !== configured) {
              configured = one.mode;
              byHand = null;
            }
            if (one.do === 'reload') {
              await stand.controller.reconfigure([settings(configured, 50_000)]);
            } else {
              // What ran before is gone without a word, as after a crash.
              stand = await begin();
            }
          }
          expect(modeOf(stand)).toBe(byHand ?? configured);
          const read = createReadModel(stand.controller, { store, clock: stand.clock });
          const told = read.group('web')?.modeByHand ?? null;
          expect(told).toEqual(
            byHand === null ? null : { ...byAda, at: expect.any(Number), configured },
          );
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('is not that of another Auto Scaling group, whoever bears the name', async () => {
    const store = createMemoryStore();
    const stand = new SimulatedController({ store, group: { mode: 'advise' } });
    await stand.controller.start();
    await stand.controller.wishes.changeMode('web', { mode: 'active', ...byAda });
    const target = { autoScalingGroup: 'other-asg', region: null, roleArn: null };
    const next = new SimulatedController({
      store,
      group: { mode: 'advise' },
      settings: { target },
    });
    await next.controller.start();
    expect(modeOf(next)).toBe('advise');
    expect(next.log.map(({ message }) => message)).toContain(
      'web: mode advise by the config, which has changed since ada set active',
    );
  });

  it('is refused where it cannot be kept, and where the config changes meanwhile', async () => {
    const store = createMemoryStore();
    const stand = new SimulatedController({ store });
    const { controller } = stand;
    await controller.start();
    store.inject({ method: 'modes.put', times: 1, message: 'the disk is full', effect: 'refused' });
    const wish = { mode: 'advise', ...byAda } as const;
    expect(await controller.wishes.changeMode('web', wish)).toEqual({
      kind: 'refused',
      code: 'store',
      message: 'the disk is full',
    });
    const asked = controller.wishes.changeMode('web', wish);
    const reloaded = controller.reconfigure([settings('scale-out-only', 50_000)]);
    expect(await asked).toMatchObject({ kind: 'refused', code: 'mode' });
    await reloaded;
    expect(modeOf(stand)).toBe('scale-out-only');
  });
});

describe('the past of a group', () => {
  it('has its sizes and its demand, in instances, by ten seconds and by minutes', async () => {
    const stand = new SimulatedController();
    await stand.start();
    await stand.run(180);
    const { clock, controller, store } = stand;
    const read = createReadModel(controller, { store, clock });
    const range = { from: clock.now() - 120_000, to: clock.now() };
    for (const signal of ['@desired', '@inService', '@demand']) {
      const fine = await read.tenSeconds('web', { signal, ...range });
      const minutes = await read.minutes('web', { signal, ...range });
      if (!fine.ok || !minutes.ok) throw new Error('the store in memory does not fail');
      expect(fine.value.length).toBeGreaterThan(8);
      expect(minutes.value.length).toBeGreaterThan(0);
      expect(fine.value.every(({ mean }) => mean > 0 && mean < 21)).toBe(true);
    }
    expect(read.group('web')?.demand).toBeGreaterThan(0);
  });
});
