// The real controller on virtual time, with instances that report counters.

import { describe, expect, it } from 'vitest';

import { selectSignal, type SignalTreatment } from '../../src/core/signal.ts';
import { SimulatedController } from './simulated-controller.ts';

class CountingStand extends SimulatedController {
  readonly #totals = new Map<string, number>();

  constructor(treatment: SignalTreatment, windowMs = 1000, max = 20) {
    super({
      group: {
        min: 4,
        max,
        policies: [
          {
            type: 'target-tracking',
            name: 'work',
            selector: selectSignal('requestsTotal', 'mean', windowMs, treatment),
            target: 100,
            tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
          },
        ],
      },
    });
  }

  /** `load` is in hundreds of requests a second; each instance counts from its own start. */
  override reportAll(): void {
    if (this.load === null) return;
    const serving = this.inService();
    for (const { id } of serving) {
      const grown = (this.load * 100) / Math.max(1, serving.length);
      const requestsTotal = (this.#totals.get(id) ?? 0) + grown;
      this.#totals.set(id, requestsTotal);
      this.report(id, { requestsTotal });
    }
  }

  /** Every process begins anew. */
  restartAll(): void {
    this.#totals.clear();
  }

  reading(key: string): number {
    const [group] = this.controller.groups.values();
    return group?.lastReadings[key]?.value ?? Number.NaN;
  }
}

describe('a group of instances that count', () => {
  it('is scaled by what they grow by, not by what they have come to', async () => {
    const stand = new CountingStand({ read: 'rate' });
    await stand.start();
    await stand.run(20);
    stand.load = 8;
    await stand.run(60);
    expect(stand.desired).toBe(8);
    await stand.run(600);
    expect(stand.desired).toBe(8);
  });

  it('takes a counter that begins anew for no fall of load', async () => {
    const stand = new CountingStand({ read: 'rate' });
    stand.load = 4;
    await stand.start();
    await stand.run(120);
    stand.restartAll();
    await stand.run(3);
    expect(stand.reading('mean(rate(requestsTotal))/1000ms')).toBeCloseTo(100, 6);
    await stand.run(120);
    expect(stand.desired).toBe(4);
  });

  it('follows a new level by 1 − 1/e within a time constant', async () => {
    const stand = new CountingStand({ read: 'rate', smoothing: 'ewma' }, 30_000, 4);
    stand.load = 4;
    await stand.start();
    await stand.run(300);
    stand.load = 8;
    await stand.run(30);
    const reading = stand.reading('mean(rate(requestsTotal))/30000ms ewma');
    // Within a few seconds of ticks.
    expect(reading).toBeGreaterThan(100 + 100 * (1 - Math.exp(-26 / 30)));
    expect(reading).toBeLessThan(100 + 100 * (1 - Math.exp(-34 / 30)));
  });
});
