// A policy that names a signal nobody reports, under the real controller.

import { expect, it } from 'vitest';
import { namesToldMax, rankNames } from '../../src/controller/unseen-signals.ts';
import { explain } from '../../src/core/explain.ts';
import { selectSignal } from '../../src/core/signal.ts';
import { SimulatedController, trackingCpu } from './simulated-controller.ts';

const tolerance = { scaleOutRatio: 0.1, scaleInRatio: 0.1 };

it('is told, with the names that are reported', async () => {
  const selector = selectSignal('conections', 'mean', 1000);
  const misspelt = {
    type: 'target-tracking',
    name: 'load',
    selector,
    target: 50,
    tolerance,
  } as const;
  const stand = new SimulatedController({
    group: { policies: [...trackingCpu.policies, misspelt] },
  });
  await stand.start();
  for (const { id } of stand.inService()) {
    stand.report(id, { cpu: 0.5, memory: 0.3, connections: 9 });
  }
  await stand.run(11);
  const decision = stand.controller.groups.get('web')?.lastDecision;
  if (!decision) throw new Error('nothing was decided');
  expect(explain(decision).details).toContain(
    'notice: nobody reports conections; what is reported: connections, memory, cpu',
  );
});

it('is not told while nothing is reported, nor of a signal that is', async () => {
  const stand = new SimulatedController();
  stand.load = null;
  await stand.start();
  await stand.run(3);
  expect(stand.controller.groups.get('web')?.lastDecision?.notices).toBeUndefined();
  stand.load = 2;
  await stand.run(15);
  expect(stand.controller.groups.get('web')?.lastDecision?.notices).toBeUndefined();
});

it('tells a few names, the nearest first', () => {
  const names = Array.from({ length: 40 }, (_, index) => `signal-${index}`);
  const told = rankNames('signl-7', names);
  expect(told).toHaveLength(namesToldMax);
  expect(told[0]).toBe('signal-7');
});
