// Calls on stacks as simulations draw them: templates that work, grow, shrink and fail, and every
// operation that changes a stack, at any time.

import fc from 'fast-check';
import type { LocalServices } from './local-services.ts';

type Output = Readonly<Record<string, unknown>>;

export type StackCall = (cloud: LocalServices) => void;

interface Parts {
  readonly visibility: number;
  readonly hasGroup: boolean;
  readonly hasTopic: boolean;
  readonly fails: boolean;
}

const arbitraryParts: fc.Arbitrary<Parts> = fc.record({
  visibility: fc.constantFrom(30, 60),
  hasGroup: fc.boolean(),
  hasTopic: fc.boolean(),
  fails: fc.boolean(),
});

/** Always a queue; a group in a network of its own, a topic, an alarm that cannot be. */
function templateOf({ visibility, hasGroup, hasTopic, fails }: Parts): string {
  return JSON.stringify({
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: visibility } },
      ...(hasGroup && GROUP),
      ...(hasTopic && { Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Queue' } }),
      ...(fails && {
        Broken: {
          Type: 'AWS::CloudWatch::Alarm',
          DependsOn: 'Queue',
          Properties: {
            Namespace: 'A',
            MetricName: 'B',
            Statistic: 'Sum',
            Period: 7,
            EvaluationPeriods: 1,
            Threshold: 1,
            ComparisonOperator: 'GreaterThanThreshold',
          },
        },
      }),
    },
  });
}

const GROUP = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' },
  },
  Template: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' } },
  },
  Group: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: {
      MinSize: '1',
      MaxSize: '2',
      VPCZoneIdentifier: [{ Ref: 'Subnet' }],
      LaunchTemplate: {
        LaunchTemplateId: { Ref: 'Template' },
        Version: { 'Fn::GetAtt': ['Template', 'LatestVersionNumber'] },
      },
    },
  },
};

export const STACK_NAMES = ['one', 'two'] as const;

function callOf(operation: string, input: Output): StackCall {
  // Most calls come at a wrong time: refusals are part of the simulation.
  return (cloud) => void cloud.call('cloudformation', operation, input);
}

export const arbitraryStackCall: fc.Arbitrary<StackCall> = fc.oneof(
  fc.integer({ min: 500, max: 120_000 }).map((ms) => (cloud: LocalServices) => cloud.pass(ms)),
  fc
    .record({ name: fc.constantFrom(...STACK_NAMES), parts: arbitraryParts })
    .chain(({ name, parts }) => {
      const stack = { StackName: name, TemplateBody: templateOf(parts) };
      const changeSet = { StackName: name, ChangeSetName: 'change' };
      return fc.constantFrom(
        callOf('CreateStack', { ...stack, OnFailure: 'ROLLBACK' }),
        callOf('CreateStack', { ...stack, OnFailure: 'DO_NOTHING' }),
        callOf('CreateStack', { ...stack, OnFailure: 'DELETE' }),
        callOf('UpdateStack', stack),
        callOf('UpdateStack', stack),
        callOf('CancelUpdateStack', { StackName: name }),
        callOf('ContinueUpdateRollback', { StackName: name }),
        callOf('CreateChangeSet', { ...stack, ...changeSet }),
        callOf('ExecuteChangeSet', changeSet),
        callOf('DeleteChangeSet', changeSet),
        callOf('DeleteStack', { StackName: name }),
      );
    }),
);
