// A group of no instance under the real controller.

import { expect, it } from 'vitest';
import { SimulatedController } from './simulated-controller.ts';

it('stays empty without being alarmed, and is woken by a person', async () => {
  const stand = new SimulatedController({ group: { min: 0 }, desired: 0 });
  await stand.start();
  expect(stand.desired).toBe(0);
  const managed = stand.controller.groups.get('web');
  expect(managed?.lastDecision).toMatchObject({
    kind: 'hold',
    recommendations: [{ kind: 'abstain', blocksScaleIn: false, reason: { code: 'no-instances' } }],
  });
  const wish = { kind: 'set', desired: 2, until: null, by: 'ada', why: 'wake' } as const;
  expect(await stand.controller.wishes.put('web', wish)).toEqual({ kind: 'granted' });
  await stand.run(60);
  expect(stand.inService()).toHaveLength(2);
});
