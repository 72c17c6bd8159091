// The turns a stack may be given on its way: an update cancelled, a rollback that fails and goes on,
// a bucket with something in it. "Update behaviors", "Continue rolling back an update": CloudFormation
// user guide.

import { expect, it } from 'vitest';
import { storeResource } from '../cloud/registry/registry.ts';
import type { LocalServices } from './testing/local-services.ts';
import { createLocalServices } from './testing/local-services.ts';

const MINUTE_MS = 60_000;
const NAME = { StackName: 'one' };

type Resources = Readonly<Record<string, unknown>>;

function queueOf(VisibilityTimeout: number): Resources {
  const Properties = { QueueName: 'jobs', VisibilityTimeout };
  return { Queue: { Type: 'AWS::SQS::Queue', Properties } };
}

const TOPIC = { Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Queue' } };

const BROKEN = {
  Broken: {
    Type: 'AWS::CloudWatch::Alarm',
    DependsOn: 'Topic',
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
};

function call(cloud: LocalServices, operation: string, input: object = {}): void {
  const outcome = cloud.call('cloudformation', operation, { ...NAME, ...input });
  if (!outcome.ok) throw new Error(`${operation}: ${outcome.fault.message}`);
}

function put(cloud: LocalServices, operation: 'CreateStack' | 'UpdateStack', Resources: Resources) {
  call(cloud, operation, { TemplateBody: JSON.stringify({ Resources }) });
}

function createStack(resources: Resources): LocalServices {
  const cloud = createLocalServices();
  put(cloud, 'CreateStack', resources);
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('CREATE_COMPLETE');
  return cloud;
}

function statusOf({ account }: LocalServices): string | undefined {
  const [stack] = account.cloudFormation.stacks.values();
  return stack?.status;
}

function visibilityOf({ account }: LocalServices): number | undefined {
  const queue = account.sqs.queues.get('jobs');
  return queue && queue.settings.visibilityTimeoutMs / 1000;
}

/** Lets time pass in small steps until the update has reached the queue. */
function passUntilVisibility(cloud: LocalServices, visibility: number): void {
  for (let step = 0; step < 1000 && visibilityOf(cloud) !== visibility; step += 1) cloud.pass(100);
  expect(visibilityOf(cloud)).toBe(visibility);
  expect(statusOf(cloud)).toBe('UPDATE_IN_PROGRESS');
}

it('goes back to what it was when its update is cancelled', () => {
  const cloud = createStack(queueOf(45));
  put(cloud, 'UpdateStack', { ...queueOf(60), ...TOPIC });
  passUntilVisibility(cloud, 60);
  call(cloud, 'CancelUpdateStack');
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(visibilityOf(cloud)).toBe(45);
  expect(cloud.account.registry.resources.size).toBe(0);
  const again = cloud.call('cloudformation', 'CancelUpdateStack', NAME);
  expect(again).toMatchObject({
    ok: false,
    fault: {
      code: 'ValidationError',
      message:
        'CancelUpdateStack cannot be called from current stack status UPDATE_ROLLBACK_COMPLETE',
    },
  });
});

/** A stack whose queue is taken away while an update that fails is under way. */
function failRollback(): LocalServices {
  const cloud = createStack(queueOf(45));
  put(cloud, 'UpdateStack', { ...queueOf(60), ...TOPIC, ...BROKEN });
  passUntilVisibility(cloud, 60);
  const QueueUrl = 'http://127.0.0.1:4566/123456789012/jobs';
  expect(cloud.call('sqs', 'DeleteQueue', { QueueUrl }).ok).toBe(true);
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('UPDATE_ROLLBACK_FAILED');
  return cloud;
}

it('continues a rollback that failed, past what is skipped', () => {
  const cloud = failRollback();
  call(cloud, 'ContinueUpdateRollback');
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('UPDATE_ROLLBACK_FAILED');
  call(cloud, 'ContinueUpdateRollback', { ResourcesToSkip: ['Queue'] });
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('UPDATE_ROLLBACK_COMPLETE');
});

it('continues a rollback once what stood in its way has been put right', () => {
  const cloud = failRollback();
  expect(cloud.call('sqs', 'CreateQueue', { QueueName: 'jobs' }).ok).toBe(true);
  call(cloud, 'ContinueUpdateRollback');
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(visibilityOf(cloud)).toBe(45);
});

it('keeps a bucket that is not empty, and goes when the bucket is to be kept', () => {
  const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'uploads' } };
  const cloud = createStack({ Bucket });
  const { registry, world } = cloud.account;
  const properties = { Bucket: 'uploads', Key: 'a', Body: 'x' };
  const place = { registry, model: world };
  const stored = storeResource(place, { type: 'AWS::S3::Object', properties, fallbackName: '' });
  expect(stored.ok).toBe(true);
  call(cloud, 'DeleteStack');
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('DELETE_FAILED');
  const [stack] = cloud.account.cloudFormation.stacks.values();
  const reasons = stack?.events.map(({ reason }) => reason) ?? [];
  expect(reasons.some((reason) => reason?.includes('not empty'))).toBe(true);
  call(cloud, 'DeleteStack', { RetainResources: ['Bucket'] });
  cloud.pass(10 * MINUTE_MS);
  expect(statusOf(cloud)).toBe('DELETE_COMPLETE');
  expect([...registry.resources.values()].map(({ type }) => type).toSorted()).toEqual([
    'AWS::S3::Bucket',
    'AWS::S3::Object',
  ]);
});
