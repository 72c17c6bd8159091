// What a running controller wrote down, decided about once more.

import { beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import type { Group } from '../../src/core/group.ts';
import { beginReplay, replayEntry, type Replay } from '../../src/core/replay.ts';
import { initialState } from '../../src/core/state.ts';
import { SimulatedController } from './simulated-controller.ts';

type Tick = JournalEntry & { readonly kind: 'tick' };

/** Load changes, refusals, an outcome that stays unknown and a pause. */
async function runEventfully(stand: SimulatedController): Promise<void> {
  await stand.start();
  stand.faults.push({ kind: 'throttled' }, { kind: 'throttled' });
  stand.load = 3.6;
  await stand.run(60);
  stand.faults.push({ kind: 'timed-out', isDone: true, afterMs: 3000 });
  stand.load = 7;
  await stand.run(60);
  const pause = { kind: 'pause', until: null, by: 'ada', why: 'deploy' } as const;
  await stand.controller.wishes.put('web', pause);
  stand.load = 1;
  await stand.run(30);
  await stand.controller.wishes.end('web', 'ada');
  await stand.run(120);
}

async function readJournal(stand: SimulatedController): Promise<readonly JournalEntry[]> {
  const everything = { from: 0, to: Number.POSITIVE_INFINITY, limit: 100_000 } as const;
  const read = await stand.store.journal.read({
    ...everything,
    group: 'web',
    order: 'oldest-first',
  });
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

function replayAll(entries: readonly JournalEntry[]): Replay {
  return entries.reduce(replayEntry, beginReplay(null));
}

function findTick(entries: readonly JournalEntry[], kind: Tick['decision']['kind']): Tick {
  const tick = entries.find((entry) => entry.kind === 'tick' && entry.decision.kind === kind);
  if (tick?.kind !== 'tick') throw new Error(`no tick decided ${kind}`);
  return tick;
}

function withTarget(group: Group, target: number): Group {
  const policies = group.policies.map((policy) =>
    policy.type === 'target-tracking' ? { ...policy, target } : policy,
  );
  return { ...group, policies };
}

describe('a replay of a journal', () => {
  let entries: readonly JournalEntry[];
  beforeAll(async () => {
    const stand = new SimulatedController();
    await runEventfully(stand);
    // What is on its way ends in virtual time.
    const stopped = stand.controller.stop();
    await stand.clock.advance(5000);
    await stopped;
    entries = await readJournal(stand);
  });

  it('comes to every recorded decision and state', () => {
    const { report } = replayAll(entries);
    const ticks = entries.filter(({ kind }) => kind === 'tick').length;
    expect(ticks).toBeGreaterThan(270);
    expect(report).toEqual({
      ticks,
      ticksSkipped: 0,
      snapshots: 1,
      gaps: 0,
      differences: 0,
      first: null,
    });
    const outcomes = entries.flatMap((entry) =>
      entry.kind === 'actuation' ? [entry.actuation.kind] : [],
    );
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'unknown', 'accepted']));
  });

  it('names the time and the place of one altered observation', () => {
    const tick = findTick(entries, 'scale-out');
    const { observation } = tick;
    const lower = Object.entries(observation.signals).map(([key, reading]) => {
      return [key, reading === null ? reading : { ...reading, value: 0.61 }];
    });
    const altered = {
      ...tick,
      observation: { ...observation, signals: Object.fromEntries(lower) },
    };
    const { first } = replayAll(entries.map((entry) => (entry === tick ? altered : entry))).report;
    expect(first).toMatchObject({
      at: tick.at,
      of: 'decision',
      path: 'kind',
      recorded: 'scale-out',
      replayed: 'hold',
    });
  });

  it('notices a constant that was changed', () => {
    const changed = entries.map((entry) =>
      (entry.kind === 'config' || entry.kind === 'snapshot') && entry.config !== undefined
        ? { ...entry, config: withTarget(entry.config, 0.5) }
        : entry,
    );
    const { report } = replayAll(changed);
    expect(report.differences).toBeGreaterThan(0);
    expect(report.first?.of).toBe('decision');
  });

  it('notices a state that was altered', () => {
    const altered = entries.map((entry, index) =>
      entry.kind === 'snapshot' && index === entries.length - 1
        ? { ...entry, state: { ...entry.state, scaledOutAt: 1 } }
        : entry,
    );
    const { report } = replayAll(altered);
    expect(report.differences).toBe(1);
    expect(report.first).toMatchObject({ of: 'snapshot', path: 'scaledOutAt', recorded: 1 });
  });

  it('skips what comes before the first snapshot', () => {
    const ticks = entries.filter(({ kind }) => kind === 'tick');
    const { report } = replayAll(ticks);
    expect(report).toMatchObject({ ticks: 0, ticksSkipped: ticks.length, differences: 0 });
  });

  it('goes on from a snapshot in the middle of an act', () => {
    const actuation = entries.findIndex(({ kind }) => kind === 'actuation');
    const at = entries[actuation]?.at ?? 0;
    const before = replayAll(entries.slice(0, actuation));
    if (before.state === null) throw new Error('the replay has no state');
    const snapshot = { kind: 'snapshot', at, state: before.state } as const;
    const config = entries.filter(({ kind }) => kind === 'config');
    const later = [...config, snapshot, ...entries.slice(actuation)];
    const { report } = later.reduce(replayEntry, beginReplay(null));
    expect(report).toMatchObject({ gaps: 0, differences: 0, snapshots: 1 });
  });
});

describe('a replay across', () => {
  it('a restart goes on as the successor did', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    // Gone while its first change is on its way, and its outcome never written down.
    stand.faults.push({ kind: 'timed-out', isDone: true, afterMs: 600_000 });
    await stand.run(2);
    await stand.createController().start();
    const entries = await readJournal(stand);
    const { report, state } = replayAll(entries);
    expect(state?.inFlight?.phase).toBe('unknown');
    expect(report).toMatchObject({ snapshots: 1, gaps: 0, differences: 0 });
  });

  it('a config that is taken over while an act is in doubt finds the act as it was', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    stand.faults.push({ kind: 'timed-out', isDone: true, afterMs: 3000 });
    stand.describeFault = { kind: 'throttled' };
    await stand.run(20);
    const before = await readJournal(stand);
    const { group, state } = replayAll(before);
    if (group === null || state?.inFlight?.phase !== 'unknown') throw new Error('nothing in doubt');
    const at = stand.clock.now();
    const config = { kind: 'config', group: 'web', at, config: group } as const;
    const fleet = { inServiceSince: {} };
    const snapshot = { kind: 'snapshot', group: 'web', at, state, fleet } as const;
    const { report } = replayAll([...before, config, snapshot]);
    expect(report).toMatchObject({ gaps: 0, differences: 0 });
  });

  it('a gap is taken up by the snapshot that heals it', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const fault = { method: 'journal.append', message: 'disk full', effect: 'refused' } as const;
    stand.store.inject({ ...fault, times: Number.POSITIVE_INFINITY });
    stand.load = 4.8;
    await stand.run(60);
    stand.store.heal();
    await stand.run(60);
    const { report } = replayAll(await readJournal(stand));
    expect(report).toMatchObject({ gaps: 1, differences: 0 });
    expect(report.ticks).toBeGreaterThan(55);
    expect(report.ticksSkipped).toBeGreaterThan(0);
  });

  it('a start without memory, on a clock that was set back, is a gap', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    await stand.run(10);
    const entries = [...(await readJournal(stand))];
    const config = entries.find((entry) => entry.kind === 'config');
    if (config === undefined) throw new Error('no config in the journal');
    const restarted = [
      { ...config, at: 0 },
      {
        kind: 'snapshot',
        group: 'web',
        at: 0,
        state: initialState,
        fleet: { inServiceSince: {} },
      } as const,
    ];
    const { report } = replayAll([...entries, ...restarted]);
    expect(report).toMatchObject({ gaps: 1, differences: 0 });
  });

  it.each(['tick', 'actuation'] as const)(
    'a missing %s is a gap, not a difference',
    async (kind) => {
      const stand = new SimulatedController();
      await runEventfully(stand);
      const entries = await readJournal(stand);
      const missing = entries.findLastIndex((entry) => entry.kind === kind);
      const at = entries[missing]?.at ?? 0;
      const { state } = replayAll(entries.slice(0, missing + 1));
      if (state === null) throw new Error('the replay has no state');
      const healing = {
        kind: 'snapshot',
        group: 'web',
        at,
        state,
        fleet: { inServiceSince: {} },
      } as const;
      const later = entries.slice(missing + 1);
      const { report } = replayAll([...entries.slice(0, missing), healing, ...later]);
      expect(report).toMatchObject({ gaps: 1, differences: 0 });
    },
  );
});
