// The real controller on virtual time, with a signal that no instance measures.

import { describe, expect, it } from 'vitest';
import type { SourceOutcome } from '../../src/controller/ports/signal-source.ts';
import type { Group } from '../../src/core/group.ts';
import { selectSignal } from '../../src/core/signal.ts';
import { createReadModel } from '../../src/controller/read-model.ts';
import { SimulatedController } from './simulated-controller.ts';

class QueueStand extends SimulatedController {
  readonly #waiting: { messages: number | SourceOutcome };

  constructor(group: Partial<Group> = {}, windowMs = 1000) {
    const waiting: { messages: number | SourceOutcome } = { messages: 400 };
    const read = (): Promise<SourceOutcome> => {
      const { messages } = waiting;
      if (typeof messages !== 'number') return Promise.resolve(messages);
      const measuredAt = this.clock.now();
      return Promise.resolve({ kind: 'value', value: messages, measuredAt });
    };
    super({
      group: {
        policies: [
          {
            type: 'target-tracking',
            name: 'backlog',
            selector: selectSignal('queue', 'sum', windowMs),
            target: 100,
            tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
          },
        ],
        ...group,
      },
      settings: {
        historySignals: ['queue'],
        sources: [
          {
            name: 'queue',
            source: { read },
            everyMs: 5000,
            staleAfterMs: 15_000,
            scale: 1,
            isNothingZero: false,
          },
        ],
      },
    });
    this.#waiting = waiting;
    // No agents at all.
    this.load = null;
  }

  set messages(messages: number | SourceOutcome) {
    this.#waiting.messages = messages;
  }

  get counted(): number {
    const { messages } = this.#waiting;
    return typeof messages === 'number' ? messages : Number.NaN;
  }

  get reasons(): readonly string[] {
    const decision = [...this.controller.groups.values()][0]?.lastDecision;
    const recommended = decision?.recommendations.map(({ reason }) => reason.code) ?? [];
    return [...recommended, ...(decision?.adjustments.map(({ reason }) => reason.code) ?? [])];
  }
}

describe('a group scaled by a source', () => {
  it('reads a counter as what it grows by in a second', async () => {
    const selector = selectSignal('queue', 'sum', 1000, { read: 'rate' });
    const tolerance = { scaleOutRatio: 0.1, scaleInRatio: 0.1 };
    const stand = new QueueStand({
      policies: [{ type: 'target-tracking', name: 'work', selector, target: 100, tolerance }],
    });
    const countUp = async (seconds: number, perSecond: number): Promise<void> => {
      const startedAt = stand.clock.now();
      const before = stand.counted;
      for (let second = 0; second < seconds; second += 1) {
        stand.messages = before + (perSecond * (stand.clock.now() - startedAt)) / 1000;
        await stand.run(1);
      }
    };
    await stand.start();
    await countUp(30, 750);
    expect(stand.desired).toBe(8);
  });

  it('grows with it, without any agent and without waiting for the next tick', async () => {
    const stand = new QueueStand();
    // So that ticks and reads fall on different moments.
    await stand.clock.advance(300);
    await stand.start();
    expect(stand.desired).toBe(4);
    stand.messages = 900;
    await stand.run(6);
    expect(stand.desired).toBe(9);
    expect(stand.controller.counters.earlyTicks).toBeGreaterThan(0);
  });

  it('shrinks on a true zero, also while no report comes and the broker is away', async () => {
    const stand = new QueueStand();
    await stand.start();
    stand.telemetry.setConnected(false);
    stand.messages = 0;
    await stand.run(80);
    expect(stand.desired).toBe(1);
  });

  it.each([
    { kind: 'failed', message: 'HTTP 500' },
    { kind: 'nothing', message: 'no element' },
  ] as const)('removes nothing once the reading is stale: $kind', async (outcome) => {
    const stand = new QueueStand();
    await stand.start();
    stand.messages = outcome;
    await stand.run(200);
    expect(stand.desired).toBe(4);
    expect(stand.controller.counters.decisions['scale-in']).toBe(0);
    expect(stand.reasons).toContain('no-reading');
    const warnings = stand.log.filter(({ message }) => message.includes('the source queue'));
    expect(warnings).toEqual([
      {
        level: 'warn',
        message: `web: the source queue has no value: ${outcome.message}; trying again`,
      },
    ]);
    const read = createReadModel(stand.controller, stand);
    expect(read.health().problems).toContain(
      `web: the source queue has no value: ${outcome.message}`,
    );
  });

  it('reads a window as the mean over it', async () => {
    const stand = new QueueStand({}, 20_000);
    await stand.start();
    await stand.run(20);
    stand.messages = 800;
    await stand.run(10);
    const [group] = stand.controller.groups.values();
    const reading = group?.lastReadings['sum(queue)/20000ms']?.value ?? 0;
    expect(reading).toBeGreaterThan(450);
    expect(reading).toBeLessThan(750);
  });

  it('keeps its history', async () => {
    const stand = new QueueStand();
    await stand.start();
    await stand.run(60);
    const all = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const minutes = await stand.store.history.readMinutes({
      group: 'web',
      signal: 'queue',
      ...all,
    });
    expect(minutes.ok && minutes.value[0]?.mean).toBe(400);
  });
});
