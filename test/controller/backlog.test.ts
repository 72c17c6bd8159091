// The real controller on virtual time, with a backlog policy: counts from sources, durations from
// reports, nothing from the signals of instances.

import { describe, expect, it } from 'vitest';
import { createReadModel } from '../../src/controller/read-model.ts';
import type { SourceOutcome } from '../../src/controller/ports/signal-source.ts';
import { explain } from '../../src/core/explain.ts';
import { selectSignal } from '../../src/core/signal.ts';
import { createBacklogGroup } from '../../src/simulation/queue/backlog-rule.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import { SimulatedController } from './simulated-controller.ts';

const { policies, cooldown, stabilization } = createBacklogGroup(
  { firstLeadMs: 60_000 },
  { min: 0, max: 100 },
);

type MessageGroups = (typeof policies)[0]['messageGroups'];

class BacklogStand extends SimulatedController {
  readonly #counts: { visible: number; inFlight: number; fault: string | null };
  #sent = 0;

  constructor(desired: number, messageGroups?: MessageGroups) {
    const counts = { visible: 0, inFlight: 0, fault: null as string | null };
    const count = (name: 'visible' | 'inFlight') => ({
      name,
      source: {
        read: (): Promise<SourceOutcome> => {
          if (counts.fault !== null) {
            return Promise.resolve({ kind: 'failed', message: counts.fault });
          }
          const measuredAt = this.clock.now();
          return Promise.resolve({ kind: 'value', value: counts[name], measuredAt });
        },
      },
      everyMs: 5000,
      staleAfterMs: 15_000,
      scale: 1,
      isNothingZero: false,
    });
    super({
      group: {
        policies: policies.map((policy) =>
          messageGroups === undefined ? policy : { ...policy, messageGroups },
        ),
        cooldown,
        stabilization,
        min: 0,
        max: 100,
      },
      desired,
      settings: { historySignals: [], sources: [count('visible'), count('inFlight')] },
    });
    this.#counts = counts;
    this.load = null;
  }

  wait(visible: number, inFlight = 0): void {
    this.#counts.visible = visible;
    this.#counts.inFlight = inFlight;
  }

  fail(message: string | null): void {
    this.#counts.fault = message;
  }

  finish(durationMs: number, outcome = 'done', sequence = (this.#sent += 1), ageMs?: number): void {
    const [instance] = this.inService();
    if (instance === undefined) throw new Error('no instance is in service');
    const work = { finished: [{ durationMs, outcome, ageMs }], omitted: 0 };
    const signals = { workInHand: 1 };
    const payload = JSON.stringify({ signals, session: 'w', sequence, work });
    this.telemetry.deliver(instanceTopic('report', 'web', instance.id), payload);
  }

  get queue() {
    return this.group.lastInput?.observation.queue;
  }

  get group() {
    const [group] = this.controller.groups.values();
    if (group === undefined) throw new Error('no group');
    return group;
  }
}

describe('a group with a backlog policy', () => {
  it('wakes from none, without an agent, and goes back to none', async () => {
    const stand = new BacklogStand(0);
    await stand.start();
    expect(stand.desired).toBe(0);
    stand.wait(50);
    await stand.run(7);
    expect(stand.desired).toBe(6);
    stand.wait(0);
    await stand.run(200);
    expect(stand.desired).toBe(0);
  });

  it('learns durations from reports, each of them once, and shows those that failed', async () => {
    const stand = new BacklogStand(1);
    stand.wait(5, 1);
    await stand.start();
    for (let message = 0; message < 20; message += 1) stand.finish(50_000);
    stand.finish(50_000, 'done', 20);
    stand.finish(1, 'failed');
    await stand.run(2);
    expect(stand.queue?.durations).toMatchObject({ done: 20, failed: 1 });
    expect(stand.queue?.durations.meanMs).toBeGreaterThan(49_000);
  });

  it('tells the share of messages that were done within the promise, each of them once', async () => {
    const stand = new BacklogStand(1);
    stand.wait(5, 1);
    await stand.start();
    const read = createReadModel(stand.controller, stand);
    await stand.run(2);
    expect(read.group('web')?.queue?.promiseKept.hour.ratio).toBeNull();
    const promiseMs = read.group('web')?.queue?.promiseMs ?? Number.NaN;
    for (let message = 1; message <= 3; message += 1) {
      stand.finish(50_000, 'done', message, promiseMs);
    }
    stand.finish(50_000, 'done', 4, promiseMs + 1);
    stand.finish(50_000, 'done', 4, promiseMs + 1);
    stand.finish(50_000, 'done', 5);
    await stand.run(2);
    const share = { ratio: 0.75, kept: 3, late: 1, unknown: 1 };
    expect(read.group('web')?.queue?.promiseKept).toEqual({ hour: share, day: share });
    const family = read.metrics().find(({ name }) => name === 'foretide_queue_messages_done_total');
    expect(family?.samples).toEqual([
      { labels: { group: 'web', promise: 'kept' }, value: 3 },
      { labels: { group: 'web', promise: 'late' }, value: 1 },
      { labels: { group: 'web', promise: 'unknown' }, value: 1 },
    ]);
  });

  it('learns how long launches take', async () => {
    const stand = new BacklogStand(0);
    stand.wait(50);
    await stand.start();
    await stand.run(200);
    expect(stand.queue?.inService).toBeGreaterThan(0);
    expect(stand.queue?.leadMs).not.toBe(60_000);
  });

  it('removes nothing while the queue cannot be counted, and says so once', async () => {
    const stand = new BacklogStand(3);
    stand.wait(0, 3);
    await stand.start();
    stand.fail('AccessDenied');
    await stand.run(100);
    expect(stand.desired).toBe(3);
    const codes = stand.group.lastDecision?.recommendations.map(({ reason }) => reason.code);
    expect(codes).toEqual(['queue-stale']);
    const told = stand.log.filter(({ message }) => message.includes('the source visible'));
    expect(told).toHaveLength(1);
  });

  it('goes on after a restart from what it learned, and not from the first duration', async () => {
    const stand = new BacklogStand(0);
    stand.wait(50);
    await stand.start();
    await stand.run(120);
    for (let message = 0; message < 20; message += 1) stand.finish(50_000);
    await stand.run(2);
    const before = stand.queue;
    const stopped = stand.controller.stop();
    await stand.clock.advance(1000);
    await stopped;
    stand.controller = stand.createController();
    await stand.controller.start();
    await stand.run(8);
    expect(stand.queue?.durations).toMatchObject({ done: 0, meanMs: before?.durations.meanMs });
    expect(stand.queue?.leadMs).toBeCloseTo(before?.leadMs ?? 0, 3);
    // Those that waited before it wait still.
    expect(stand.queue?.waiting[0]?.ageMs).toBeGreaterThan(120_000);
    expect(stand.log.filter(({ message }) => message.includes('was learned'))).toEqual([]);
  });

  it('says in one line that what was learned is of no use, and begins with the config', async () => {
    const stand = new BacklogStand(1);
    stand.wait(5, 1);
    await stand.store.models.put('web', 'queue', new Uint8Array([9]));
    await stand.start();
    expect(stand.queue?.durations.meanMs).toBe(25_000);
    expect(stand.log.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: 'web: what was learned of the queue is not used: another version wrote it',
      },
    ]);
  });

  it('keeps what it learned when another promise is configured', async () => {
    const stand = new BacklogStand(1);
    stand.wait(5, 1);
    await stand.start();
    for (let message = 0; message < 20; message += 1) stand.finish(50_000);
    await stand.run(2);
    const [policy] = policies;
    const settings = stand.group.settings;
    const group = { ...settings.group, policies: [{ ...policy, promiseMs: 600_000 }] };
    await stand.controller.reconfigure([{ ...settings, group }]);
    await stand.run(6);
    expect(stand.queue?.durations.done).toBe(20);
  });
});

describe('workers that tell of their work', () => {
  it('are ended by name while they have none in hand, and never while they have', async () => {
    const stand = new BacklogStand(4);
    stand.wait(0, 4);
    await stand.start();
    const [busy, ...idle] = stand.inService().map(({ id }) => id);
    if (busy === undefined) throw new Error('no instance is in service');
    stand.wait(0, 1);
    for (let second = 0; second < 20; second += 1) {
      stand.report(busy, { workInHand: 1 });
      const serving = new Set(stand.inService().map(({ id }) => id));
      for (const id of idle) if (serving.has(id)) stand.report(id, { workInHand: 0 });
      await stand.run(1);
    }
    expect(stand.inService().map(({ id }) => id)).toEqual([busy]);
    // The queue is empty and one instance still works: it stays, however small the group should be.
    stand.wait(0, 0);
    for (let second = 0; second < 20; second += 1) {
      stand.report(busy, { workInHand: 1 });
      await stand.run(1);
    }
    expect(stand.inService().map(({ id }) => id)).toEqual([busy]);
    expect(stand.desired).toBe(1);
  });
});

describe('a group that works off a FIFO queue', () => {
  const why = (stand: BacklogStand): string => {
    const decision = stand.group.lastDecision;
    return decision === null ? '' : explain(decision).details.join('\n');
  };

  it('never gets more workers than the config says there are message groups', async () => {
    const stand = new BacklogStand(0, { kind: 'count', groups: 3 });
    stand.wait(50);
    await stand.start();
    await stand.run(7);
    expect(stand.desired).toBe(3);
    expect(why(stand)).toContain('FIFO: 3 message groups, so no more than 3 workers');
  });

  it('takes the number from a signal, and is not limited while that has no value', async () => {
    const selector = selectSignal('tenants', 'sum', 1000);
    const stand = new BacklogStand(1, { kind: 'signal', selector });
    stand.wait(0, 1);
    await stand.start();
    const [worker] = stand.inService();
    if (worker === undefined) throw new Error('no instance is in service');
    for (let second = 0; second < 10; second += 1) {
      stand.report(worker.id, { workInHand: 1, tenants: 2 });
      stand.wait(50, 1);
      await stand.run(1);
    }
    expect(stand.desired).toBe(2);
    await stand.run(20);
    expect(stand.desired).toBeGreaterThan(2);
  });

  it('learns from an idle worker beside waiting messages that there are no more groups', async () => {
    const stand = new BacklogStand(4, { kind: 'learned' });
    stand.wait(0, 2);
    await stand.start();
    const [one, two, ...idle] = stand.inService().map(({ id }) => id);
    if (one === undefined || two === undefined) throw new Error('no instance is in service');
    let sequence = 0;
    const work = (instance: string, group: string | null): void => {
      sequence += 1;
      const finished = group === null ? [] : [{ durationMs: 25_000, group }];
      const payload = JSON.stringify({
        signals: { workInHand: group === null ? 0 : 1 },
        session: `fifo-${instance}`,
        sequence,
        work: { finished, omitted: 0 },
      });
      stand.telemetry.deliver(instanceTopic('report', 'web', instance), payload);
    };
    const goOn = async (seconds: number, groups: readonly string[]): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        for (const [at, id] of [one, two].entries()) work(id, groups[at] ?? null);
        const serving = new Set(stand.inService().map(({ id }) => id));
        for (const id of idle) if (serving.has(id)) work(id, null);
        await stand.run(1);
      }
    };
    // Two groups have a long queue each, and two workers find nothing.
    stand.wait(100, 2);
    await goOn(60, ['a', 'b']);
    expect(stand.desired).toBe(2);
    expect(why(stand)).toContain('FIFO: 2 message groups, so no more than 2 workers');
    // A third group shows: there may be others behind it.
    await goOn(10, ['a', 'c']);
    expect(stand.desired).toBeGreaterThan(4);
  });
});
