import { LifecycleState } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';

import { foldLifecycleState, readGroupDescription } from './group-description.ts';

const sizes = { MinSize: 1, MaxSize: 9, DesiredCapacity: 3 };

describe('folding a life-cycle state', () => {
  it.each([
    ['pending', ['Pending', 'Pending:Wait', 'Pending:Proceed']],
    ['in-service', ['InService']],
    [
      'terminating',
      [
        'Terminating',
        'Terminating:Wait',
        'Terminating:Proceed',
        'Terminating:Retained',
        'Detaching',
      ],
    ],
    ['standby', ['EnteringStandby', 'Standby', 'Quarantined', 'SomethingNew']],
    ['warm-pool', ['Warmed:Pending:Wait', 'Warmed:Stopped', 'Warmed:Terminating']],
    [null, ['Terminated', 'Detached', 'Warmed:Terminated']],
  ] as const)('is %s for %j', (phase, states) => {
    expect(states.map(foldLifecycleState)).toEqual(states.map(() => phase));
  });

  it('calls an instance in service only in the one state that takes load', () => {
    const states = Object.values(LifecycleState);
    expect(states.filter((state) => foldLifecycleState(state) === 'in-service')).toEqual([
      'InService',
    ]);
  });
});

describe('reading a group', () => {
  it('keeps bounds, size and its members, sorted by id', () => {
    const description = readGroupDescription(
      {
        ...sizes,
        Instances: [
          {
            InstanceId: 'i-b',
            LifecycleState: 'Pending:Wait',
            AvailabilityZone: 'eu-west-1b',
            InstanceType: 'm7g.large',
            HealthStatus: 'HEALTHY',
            ProtectedFromScaleIn: true,
          },
          { InstanceId: 'i-c', LifecycleState: 'Detached' },
          { LifecycleState: 'InService' },
          { InstanceId: 'i-a' },
        ],
      },
      7,
    );
    expect(description).toEqual({
      describedAt: 7,
      min: 1,
      max: 9,
      desired: 3,
      desiredCapacityType: 'units',
      isWeighted: false,
      instances: [
        {
          id: 'i-a',
          phase: 'standby',
          lifecycleState: 'unknown',
          zone: '',
          instanceType: '',
          isHealthy: false,
          isProtectedFromScaleIn: false,
        },
        {
          id: 'i-b',
          phase: 'pending',
          lifecycleState: 'Pending:Wait',
          zone: 'eu-west-1b',
          instanceType: 'm7g.large',
          isHealthy: true,
          isProtectedFromScaleIn: true,
        },
      ],
    });
  });

  it('keeps what the capacity is counted in', () => {
    const group = { ...sizes, DesiredCapacityType: 'vcpu' };
    expect(readGroupDescription(group, 0)).toMatchObject({ desiredCapacityType: 'vcpu' });
  });

  it.each([
    { name: 'an instance with a weight', weighted: { Instances: [{ WeightedCapacity: '4' }] } },
    {
      name: 'a type with a weight',
      weighted: {
        MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ WeightedCapacity: '2' }] } },
      },
    },
  ])('is weighted by $name', ({ weighted }) => {
    expect(readGroupDescription({ ...sizes, ...weighted }, 0)?.isWeighted).toBe(true);
  });

  it('is not weighted when every weight is 1', () => {
    const group = { ...sizes, Instances: [{ WeightedCapacity: '1' }, {}] };
    expect(readGroupDescription(group, 0)?.isWeighted).toBe(false);
  });

  it('is nothing without its sizes', () => {
    expect(readGroupDescription({ MinSize: 1 }, 0)).toBeNull();
  });
});
