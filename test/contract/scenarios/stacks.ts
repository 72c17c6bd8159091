// CloudFormation: stacks of a queue, which cost nothing and are quick at AWS, too.

import assert from 'node:assert/strict';
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '@aws-sdk/client-cloudformation';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { ContractCloud, Scenario } from '../scenario.ts';
import { eventually, expectRefusal, given } from '../scenario.ts';
import { smallTemplate } from '../stack-templates.ts';

const STACK_WAIT_MS = 10 * 60_000;

async function stackOf(cloud: ContractCloud, id: string): Promise<Stack> {
  const described = await cloud.cloudFormation.send(new DescribeStacksCommand({ StackName: id }));
  return given(described.Stacks?.[0], 'the stack');
}

/** Waits until the stack does nothing more; returns its status. */
function settle(cloud: ContractCloud, id: string): Promise<string> {
  return eventually(
    cloud,
    'a settled stack',
    async () => {
      const { StackStatus: status = '' } = await stackOf(cloud, id);
      return status.endsWith('_IN_PROGRESS') ? undefined : status;
    },
    STACK_WAIT_MS,
  );
}

/** Begins a stack that is deleted after the scenario; returns its id. */
async function createStack(
  cloud: ContractCloud,
  TemplateBody: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const name = cloud.newName('stack');
  const created = await cloud.cloudFormation.send(
    new CreateStackCommand({ StackName: name, TemplateBody }),
  );
  cloud.undoLater(() => cloud.cloudFormation.send(new DeleteStackCommand({ StackName: name })));
  return { id: given(created.StackId, 'the id of the stack'), name };
}

/** The URL that the stack's only output has. */
async function outputOf(cloud: ContractCloud, id: string): Promise<string> {
  return given((await stackOf(cloud, id)).Outputs?.[0]?.OutputValue, 'the output');
}

async function visibilityOf(cloud: ContractCloud, QueueUrl: string): Promise<string | undefined> {
  const answer = await cloud.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  return answer.Attributes?.['VisibilityTimeout'];
}

/** Looks for drift and waits for what is found: the stack's status, and its queue's drift. */
async function detectDrift(cloud: ContractCloud, StackName: string) {
  const client = cloud.cloudFormation;
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName }));
  const status = await eventually(cloud, 'an end of the detection', async () => {
    const answer = await client.send(
      new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
    );
    return answer.DetectionStatus === 'DETECTION_IN_PROGRESS' ? undefined : answer;
  });
  assert.equal(status.DetectionStatus, 'DETECTION_COMPLETE');
  const { StackResourceDrifts: [queue] = [] } = await client.send(
    new DescribeStackResourceDriftsCommand({ StackName }),
  );
  return { status, queue: given(queue, 'the drift of the queue') };
}

export const stackScenarios: readonly Scenario[] = [
  {
    name: 'CloudFormation: a stack comes with what it describes, and goes with it',
    source: 'CloudFormation API reference, CreateStack, DescribeStackResources, DeleteStack',
    async run(cloud) {
      const QueueName = cloud.newName('stacked');
      const body = smallTemplate({ visibility: 40, queueName: QueueName });
      const { id, name } = await createStack(cloud, body);
      assert.equal(await settle(cloud, id), 'CREATE_COMPLETE');
      assert.equal(await visibilityOf(cloud, await outputOf(cloud, id)), '40');
      const { StackResources } = await cloud.cloudFormation.send(
        new DescribeStackResourcesCommand({ StackName: name }),
      );
      assert.deepEqual(
        StackResources?.map((one) => [one.LogicalResourceId, one.ResourceStatus]),
        [['Queue', 'CREATE_COMPLETE']],
      );
      const template = await cloud.cloudFormation.send(new GetTemplateCommand({ StackName: name }));
      assert.equal(template.TemplateBody, body);
      await cloud.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
      assert.equal(await settle(cloud, id), 'DELETE_COMPLETE');
      await eventually(cloud, 'the queue gone', () =>
        cloud.sqs.send(new GetQueueUrlCommand({ QueueName })).then(
          () => undefined,
          () => true,
        ),
      );
    },
  },
  {
    name: 'CloudFormation: events tell the story of a stack',
    source: 'CloudFormation user guide, "Stack creation events"',
    async run(cloud) {
      const { id } = await createStack(cloud, smallTemplate({}));
      await settle(cloud, id);
      const { StackEvents: events = [] } = await cloud.cloudFormation.send(
        new DescribeStackEventsCommand({ StackName: id }),
      );
      const story = events
        .toReversed()
        .map((event) => `${event.ResourceType} ${event.ResourceStatus}`);
      assert.equal(story[0], 'AWS::CloudFormation::Stack CREATE_IN_PROGRESS');
      assert.equal(story[1], 'AWS::SQS::Queue CREATE_IN_PROGRESS');
      assert.equal(story.at(-2), 'AWS::SQS::Queue CREATE_COMPLETE');
      assert.equal(story.at(-1), 'AWS::CloudFormation::Stack CREATE_COMPLETE');
    },
  },
  {
    name: 'CloudFormation: an update changes in place, and nothing new is refused',
    source: 'CloudFormation API reference, UpdateStack',
    async run(cloud) {
      const { id, name } = await createStack(cloud, smallTemplate({ visibility: 40 }));
      await settle(cloud, id);
      const url = await outputOf(cloud, id);
      const update = { StackName: name, TemplateBody: smallTemplate({ visibility: 50 }) };
      await cloud.cloudFormation.send(new UpdateStackCommand(update));
      assert.equal(await settle(cloud, id), 'UPDATE_COMPLETE');
      assert.equal(await outputOf(cloud, id), url);
      await eventually(cloud, 'the new visibility', async () =>
        (await visibilityOf(cloud, url)) === '50' ? true : undefined,
      );
      await expectRefusal(cloud.cloudFormation.send(new UpdateStackCommand(update)), {
        name: 'ValidationError',
        message: 'No updates are to be performed.',
        status: 400,
      });
    },
  },
  {
    name: 'CloudFormation: a stack that fails is rolled back and says why',
    source: 'CloudFormation user guide, "Stack failure options": roll back by default',
    async run(cloud) {
      const { id } = await createStack(cloud, smallTemplate({ alarmPeriod: 7 }));
      assert.equal(await settle(cloud, id), 'ROLLBACK_COMPLETE');
      const { StackEvents: events = [] } = await cloud.cloudFormation.send(
        new DescribeStackEventsCommand({ StackName: id }),
      );
      const failed = events.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
      assert.deepEqual(
        failed.map(({ LogicalResourceId }) => LogicalResourceId),
        ['Broken'],
      );
    },
  },
  {
    name: 'CloudFormation: a change set says what it would change, then changes it',
    source: 'CloudFormation API reference, CreateChangeSet, DescribeChangeSet, ExecuteChangeSet',
    async run(cloud) {
      const { id, name } = await createStack(cloud, smallTemplate({ visibility: 40 }));
      await settle(cloud, id);
      const change = { StackName: name, ChangeSetName: 'change' };
      const TemplateBody = smallTemplate({ visibility: 60 });
      await cloud.cloudFormation.send(new CreateChangeSetCommand({ ...change, TemplateBody }));
      const described = await eventually(cloud, 'the change set', async () => {
        const answer = await cloud.cloudFormation.send(new DescribeChangeSetCommand(change));
        return answer.Status === 'CREATE_COMPLETE' ? answer : undefined;
      });
      const changes = described.Changes?.map(({ ResourceChange: one }) => [
        one?.Action,
        one?.LogicalResourceId,
        one?.Replacement,
      ]);
      assert.deepEqual(changes, [['Modify', 'Queue', 'False']]);
      await cloud.cloudFormation.send(new ExecuteChangeSetCommand(change));
      assert.equal(await settle(cloud, id), 'UPDATE_COMPLETE');
    },
  },
  {
    name: 'CloudFormation: what was changed or deleted past a stack is found',
    source: 'CloudFormation user guide, "Detect unmanaged configuration changes to stacks"',
    async run(cloud) {
      const { id, name } = await createStack(cloud, smallTemplate({ visibility: 40 }));
      await settle(cloud, id);
      const before = await detectDrift(cloud, name);
      assert.equal(before.status.StackDriftStatus, 'IN_SYNC');
      assert.equal(before.status.DriftedStackResourceCount, 0);
      assert.equal(before.queue.StackResourceDriftStatus, 'IN_SYNC');
      const QueueUrl = await outputOf(cloud, id);
      // The delay is not in the template: it may be anything.
      const Attributes = { VisibilityTimeout: '55', DelaySeconds: '5' };
      await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      const { queue, status } = await detectDrift(cloud, name);
      assert.equal(status.StackDriftStatus, 'DRIFTED');
      assert.equal(status.DriftedStackResourceCount, 1);
      assert.equal(queue.StackResourceDriftStatus, 'MODIFIED');
      assert.equal(queue.PhysicalResourceId, QueueUrl);
      assert.deepEqual(queue.PropertyDifferences, [
        {
          PropertyPath: '/VisibilityTimeout',
          ExpectedValue: '40',
          ActualValue: '55',
          DifferenceType: 'NOT_EQUAL',
        },
      ]);
      await cloud.sqs.send(new DeleteQueueCommand({ QueueUrl }));
      await cloud.pass(90_000);
      const gone = await detectDrift(cloud, id);
      assert.equal(gone.queue.StackResourceDriftStatus, 'DELETED');
      const info = (await stackOf(cloud, id)).DriftInformation;
      assert.equal(info?.StackDriftStatus, 'DRIFTED');
    },
  },
  {
    name: 'CloudFormation: drift is looked for where a stack is at rest',
    source: 'CloudFormation API reference, DetectStackDrift, DescribeStackDriftDetectionStatus',
    async run(cloud) {
      const { name } = await createStack(cloud, smallTemplate({}));
      const client = cloud.cloudFormation;
      const detect = new DetectStackDriftCommand({ StackName: name });
      await expectRefusal(client.send(detect), { name: 'ValidationError', status: 400 });
      const StackDriftDetectionId = '00000000-0000-4000-8000-000000000000';
      const ask = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId });
      await expectRefusal(client.send(ask), { name: 'ValidationError', status: 400 });
    },
  },
  {
    name: 'CloudFormation: what is no template, and a stack that there is not',
    source: 'CloudFormation API reference, ValidateTemplate, DescribeStacks',
    async run(cloud) {
      const TemplateBody = '{"Resources": {}}';
      await expectRefusal(
        cloud.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody })),
        {
          name: 'ValidationError',
          status: 400,
        },
      );
      const name = cloud.newName('nowhere');
      await expectRefusal(stackOf(cloud, name), {
        name: 'ValidationError',
        message: `Stack with id ${name} does not exist`,
        status: 400,
      });
    },
  },
];
