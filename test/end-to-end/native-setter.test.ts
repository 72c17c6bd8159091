// AWS's own target-tracking policy in charge of a queue's workers: the whole composition over the local
// cloud, thirty times as fast. Foretide publishes and renews; the alarms of the policy scale.

import {
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  PutScalingPolicyCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import { composeGroup, region, until, workers } from './composed-group.ts';

const group = { AutoScalingGroupName: workers };
const endings: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

const metric = {
  MetricName: 'BacklogPerInstance',
  Namespace: 'Foretide',
  Dimensions: [{ Name: 'AutoScalingGroupName', Value: workers }],
  Statistic: 'Average' as const,
};

it('renews the target of the policy, whose alarms then scale', { timeout: 180_000 }, async () => {
  const composed = await composeGroup({ speed: 30, desired: 1 });
  endings.push(() => composed.close());
  const { autoScaling, connection } = composed;
  await autoScaling.send(
    new PutScalingPolicyCommand({
      ...group,
      PolicyName: 'keep-backlog',
      PolicyType: 'TargetTrackingScaling',
      EstimatedInstanceWarmup: 77,
      TargetTrackingConfiguration: {
        CustomizedMetricSpecification: metric,
        TargetValue: 1000,
        DisableScaleIn: true,
      },
    }),
  );
  const sqs = new SQSClient(connection);
  endings.push(() => sqs.destroy());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  for (let batch = 0; batch < 5; batch += 1) {
    const Entries = Array.from({ length: 10 }, (_, at) => ({ Id: `${at}`, MessageBody: 'job' }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
  const read = await composed.start(`
  - name: ${workers}
    autoScalingGroup: ${workers}
    region: ${region}
    max: 2
    policies:
      - type: backlog
        mode: setter
        queue: jobs
        promise: 300s
        every: 20s
        setter: { policy: keep-backlog, renewEvery: 1m }
`);
  const describePolicy = async () =>
    (await autoScaling.send(new DescribePoliciesCommand(group))).ScalingPolicies?.[0];
  const findTarget = async (): Promise<number> =>
    (await describePolicy())?.TargetTrackingConfiguration?.TargetValue ?? 0;

  await until('the target is that of the first duration', async () => (await findTarget()) === 12);
  const finished = Array.from({ length: 64 }, () => ({ durationMs: 50_000, outcome: 'done' }));
  const work = { finished, omitted: 0 };
  composed.report({ signals: { workInHand: 1 }, session: 'w', sequence: 1, work });
  await until('the target is that of 50 s', async () => Math.abs((await findTarget()) - 6) < 0.1);
  expect(await describePolicy()).toMatchObject({
    EstimatedInstanceWarmup: 77,
    TargetTrackingConfiguration: { CustomizedMetricSpecification: metric, DisableScaleIn: true },
  });

  // 50 messages for one instance are nine at a target of 6, whatever the bounds here say.
  await until('the alarm of the policy has added instances', () => composed.desired() >= 8);
  const listCauses = async (): Promise<readonly string[]> => {
    const answer = await autoScaling.send(new DescribeScalingActivitiesCommand(group));
    return (answer.Activities ?? []).map(({ Cause = '' }) => Cause);
  };
  await until('its launches are told', async () =>
    (await listCauses()).some((cause) => cause.includes('keep-backlog')),
  );
  expect((await listCauses()).filter((one) => one.includes('explicitly set'))).toEqual([]);
  await until('the controller sees it', () => (read.group(workers)?.desired ?? 0) >= 8);
  await until('it is at rest', () => read.group(workers)?.pending === 0);
  const status = read.group(workers);
  expect(status?.lastDecision).toBeNull();
  expect(status?.now?.explanation.details.join('\n')).toContain(
    "AWS's policy keep-backlog is in charge",
  );
  expect(status?.problem).toBeNull();
});
