// A saved cloud: whatever goes on in it, at whatever moments it is saved and restored, it goes on as
// one that never was.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { snapshotAccount } from '../cloud/account/snapshot.ts';
import { differenceOf } from '../cloud/testing/difference-of.ts';
import type { LocalServices } from './testing/local-services.ts';
import { createLocalServices } from './testing/local-services.ts';
import type { StackCall } from './testing/stack-calls.ts';
import { arbitraryStackCall } from './testing/stack-calls.ts';

const MINUTE_MS = 60_000;
const QUEUE = 'http://127.0.0.1:4566/123456789012/events';
const GROUP = 'mixed';

/** A Spot group whose instances are soon wanted back, and a queue that is told of everything. */
function createBusyCloud(seed: number): LocalServices {
  const cloud = createLocalServices({
    seed,
    launchFailureRatio: 0.1,
    spot: { interruptionsPerHour: 4, recommendationLeadMs: { medianMs: 60_000, sigma: 0.5 } },
  });
  const set = (service: string, operation: string, input: object): void => {
    const outcome = cloud.call(service, operation, { ...input });
    if (!outcome.ok) throw new Error(`${operation}: ${outcome.fault.message}`);
  };
  set('sqs', 'CreateQueue', { QueueName: 'events' });
  const source = ['aws.autoscaling', 'aws.ec2'];
  set('events', 'PutRule', { Name: 'all', EventPattern: JSON.stringify({ source }) });
  const Arn = 'arn:aws:sqs:us-east-1:123456789012:events';
  set('events', 'PutTargets', { Rule: 'all', Targets: [{ Id: 'queue', Arn }] });
  const LaunchTemplateData = { ImageId: 'ami-1', InstanceType: 't3.micro' };
  set('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: GROUP, LaunchTemplateData });
  set('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: GROUP,
    MinSize: 0,
    MaxSize: 12,
    DesiredCapacity: 4,
    CapacityRebalance: true,
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    MixedInstancesPolicy: {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: GROUP },
        Overrides: [{ InstanceType: 't3.micro' }, { InstanceType: 'm5.large' }],
      },
      InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 25 },
    },
  });
  return cloud;
}

const arbitraryCall: fc.Arbitrary<StackCall> = fc.oneof(
  arbitraryStackCall,
  fc.integer({ min: 1, max: 20 * MINUTE_MS }).map(
    (ms): StackCall =>
      (cloud) =>
        cloud.pass(ms),
  ),
  fc.integer({ min: 0, max: 12 }).map((DesiredCapacity): StackCall => {
    const input = { AutoScalingGroupName: GROUP, DesiredCapacity };
    return (cloud) => void cloud.call('autoscaling', 'SetDesiredCapacity', input);
  }),
  fc.constant<StackCall>((cloud) => {
    const [InstanceId] = cloud.account.world.instances.keys();
    cloud.call('ec2', 'TerminateInstances', { InstanceIds: [InstanceId] });
  }),
  fc.constant<StackCall>((cloud) => {
    cloud.call('sqs', 'ReceiveMessage', { QueueUrl: QUEUE, MaxNumberOfMessages: 10 });
  }),
  fc.integer({ min: 0, max: 100 }).map((Value): StackCall => {
    const input = { Namespace: 'own', MetricData: [{ MetricName: 'load', Value }] };
    return (cloud) => void cloud.call('monitoring', 'PutMetricData', input);
  }),
);

it('goes on as one that was never saved, at whatever moments it was', () => {
  const step = fc.record({ call: arbitraryCall, isSaved: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.nat({ max: 1000 }),
      (steps, seed) => {
        const whole = createBusyCloud(seed);
        let saved = createBusyCloud(seed);
        for (const { call, isSaved } of steps) {
          call(whole);
          call(saved);
          if (isSaved) saved = saved.saveAndRestore();
        }
        for (const cloud of [whole, saved]) cloud.pass(30 * MINUTE_MS);
        const states = [whole, saved].map(({ account }) => snapshotAccount(account));
        expect(differenceOf(states[0], states[1])).toBeUndefined();
      },
    ),
    { numRuns: 40 },
  );
});

it('keeps the sessions of assumed roles and the keys it signs with', () => {
  const cloud = createBusyCloud(1);
  const { secrets } = cloud.account;
  const assumed = cloud.call('sts', 'AssumeRole', {
    RoleArn: 'arn:aws:iam::123456789012:role/reader',
    RoleSessionName: 'session',
  });
  expect(assumed.ok).toBe(true);
  secrets.identityKey = 'a key';
  secrets.metadataSeal = 'a seal';
  expect(cloud.saveAndRestore().account.secrets).toEqual(secrets);
  expect(secrets.sessions.size).toBe(1);
});
