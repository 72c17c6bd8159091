import { describe, expect, it } from 'vitest';
import type { GroupEvent } from './contract.ts';
import { applyGroup } from './group-detail.ts';

const whole: GroupEvent = {
  name: 'web',
  isWhole: true,
  status: { name: 'web', desired: 2, inService: 2 },
  joined: [
    ['i-1', 'InService', 'eu-west-1a', 'm7g.large', true, true, '0.1.0'],
    ['i-2', 'Pending', 'eu-west-1b', 'm7g.large', false, false, null],
  ],
  left: [],
  signals: ['cpu'],
  readings: [['i-1', 400, 0.5]],
};

describe('a watched group', () => {
  it('is made of what is told whole', () => {
    const group = applyGroup(null, whole);
    expect(group).toMatchObject({ name: 'web', desired: 2 });
    expect(group?.instances.map(({ id, signals }) => [id, signals])).toEqual([
      ['i-1', { cpu: 0.5 }],
      ['i-2', {}],
    ]);
  });

  it('changes only in what an event tells', () => {
    const group = applyGroup(null, whole);
    const after = applyGroup(group, {
      name: 'web',
      isWhole: false,
      status: { desired: 3 },
      joined: [],
      left: ['i-2'],
      signals: ['connections', 'cpu'],
      readings: [['i-1', 200, 12, null]],
    });
    expect(after).toMatchObject({ desired: 3, inService: 2 });
    expect(after?.instances).toHaveLength(1);
    expect(after?.instances[0]).toMatchObject({ sampleAgeMs: 200, signals: { connections: 12 } });
  });

  it('is nothing before it was told whole, whatever else arrives', () => {
    expect(applyGroup(null, { ...whole, isWhole: false })).toBeNull();
  });
});
