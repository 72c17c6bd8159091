// The real controller on virtual time, with a group that states what its demand is.

import { expect, it } from 'vitest';

import type { Expression } from '../../src/core/expression.ts';
import { selectExpression, selectSignal } from '../../src/core/signal.ts';
import { SimulatedController } from './simulated-controller.ts';

const connections: Expression = {
  kind: 'signal',
  selector: selectSignal('connections', 'sum', 1000),
};
const demand: Expression = {
  kind: 'operation',
  operator: '+',
  left: connections,
  right: { kind: 'number', value: 10 },
};
const ofInstance: Expression = {
  kind: 'operation',
  operator: '/',
  left: demand,
  right: { kind: 'instances' },
};

class DemandStand extends SimulatedController {
  /** `load` is in hundreds of connections; what the instances call demand is something else. */
  override reportAll(): void {
    const serving = this.inService();
    for (const { id } of serving) {
      const each = ((this.load ?? 0) * 100) / Math.max(1, serving.length);
      this.report(id, { connections: each, demand: 5, cpu: 0.1 });
    }
  }
}

it('scales by it, and keeps it in the history and not what instances call so', async () => {
  const stand = new DemandStand({
    group: {
      policies: [
        {
          type: 'target-tracking',
          name: 'demand',
          selector: selectExpression('demand', ofInstance),
          target: 100,
          tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
        },
      ],
    },
    settings: { demand: { text: 'connections + 10', expression: demand } },
  });
  stand.load = 5.9;
  await stand.start();
  await stand.run(150);
  expect(stand.desired).toBe(6);
  const minutes = await stand.store.history.readMinutes({
    group: 'web',
    signal: 'demand',
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
  });
  const newest = minutes.ok ? minutes.value.at(-1) : undefined;
  expect(newest?.mean).toBeCloseTo(600, 6);
});

it('keeps it where no policy looks at it', async () => {
  const stand = new DemandStand({
    settings: { demand: { text: 'connections + 10', expression: demand } },
  });
  stand.load = 3.9;
  await stand.start();
  await stand.run(90);
  const all = { group: 'web', signal: 'demand', from: 0, to: Number.MAX_SAFE_INTEGER };
  const minutes = await stand.store.history.readMinutes(all);
  expect(minutes.ok && minutes.value.at(-1)?.mean).toBeCloseTo(400, 6);
});
