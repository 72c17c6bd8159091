// SQS and CloudWatch in AWS's older Query protocol, as command lines and SDKs of before 2024 speak it:
// requests by hand, for no SDK here writes them. [SQS] SQS API reference, example requests and
// responses of 2012-11-05; [CW] CloudWatch API reference, those of 2010-08-01.

import { XMLParser } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '../../src/localcloud/manual-clock.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import type { RawAnswer } from './wire.ts';
import { elementOf, postForm } from './wire.ts';

const VERSIONS = { sqs: '2012-11-05', monitoring: '2010-08-01' } as const;
const MINUTE_MS = 60_000;

let clock: ManualClock;
let cloud: LocalCloud;

beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-03-02T10:00:00Z'));
  cloud = await startLocalCloud({ clock, throttling: 'off' });
});

afterEach(() => cloud.close());

function ask(
  service: keyof typeof VERSIONS,
  parameters: Readonly<Record<string, string>>,
  path = '/',
): Promise<RawAnswer> {
  const form = new URLSearchParams({ ...parameters, Version: VERSIONS[service] });
  return postForm(`${cloud.url}${path}`, form.toString());
}

/** What stands in the result of an answer that must be one. */
async function resultOf(asked: Promise<RawAnswer>): Promise<unknown> {
  const { status, body } = await asked;
  if (status !== 200) throw new Error(body);
  const parsed: unknown = new XMLParser({ ignoreAttributes: true }).parse(body);
  const [response] = Object.values(parsed ?? {});
  const [result]: unknown[] = Object.values(response ?? {});
  return result;
}

describe('SQS', () => {
  it('takes flat attributes, and messages come back with theirs', async () => {
    const created = await ask('sqs', {
      Action: 'CreateQueue',
      QueueName: 'jobs',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '77',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'a',
    });
    const QueueUrl = elementOf(created.body, 'QueueUrl') ?? '';
    expect(QueueUrl).toBe(`${cloud.url}/123456789012/jobs`);
    const got = ask('sqs', {
      Action: 'GetQueueAttributes',
      QueueUrl,
      'AttributeName.1': 'VisibilityTimeout',
      'AttributeName.2': 'DelaySeconds',
    });
    expect(await resultOf(got)).toEqual({
      Attribute: [
        { Name: 'VisibilityTimeout', Value: 77 },
        { Name: 'DelaySeconds', Value: 0 },
      ],
    });
    const tags = ask('sqs', { Action: 'ListQueueTags', QueueUrl });
    expect(await resultOf(tags)).toEqual({ Tag: { Key: 'team', Value: 'a' } });
    // [SQS] Requests are made to the URL of the queue, which then need not be named again.
    const send = {
      Action: 'SendMessage',
      MessageBody: 'a <b>',
      DelaySeconds: '0',
      'MessageAttribute.1.Name': 'kind',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': 'order',
    };
    await resultOf(ask('sqs', send, new URL(QueueUrl).pathname));
    const received = ask('sqs', {
      Action: 'ReceiveMessage',
      QueueUrl,
      MaxNumberOfMessages: '10',
      'AttributeName.1': 'ApproximateReceiveCount',
      'MessageAttributeName.1': 'All',
    });
    expect(await resultOf(received)).toMatchObject({
      Message: {
        Body: 'a <b>',
        Attribute: { Name: 'ApproximateReceiveCount', Value: 1 },
        MessageAttribute: { Name: 'kind', Value: { DataType: 'String', StringValue: 'order' } },
      },
    });
  });

  it('tells the entries of a batch that were refused', async () => {
    await ask('sqs', { Action: 'CreateQueue', QueueName: 'jobs' });
    const QueueUrl = `${cloud.url}/123456789012/jobs`;
    const sent = ask('sqs', {
      Action: 'SendMessageBatch',
      QueueUrl,
      'SendMessageBatchRequestEntry.1.Id': 'good',
      'SendMessageBatchRequestEntry.1.MessageBody': 'x',
      'SendMessageBatchRequestEntry.2.Id': 'late',
      'SendMessageBatchRequestEntry.2.MessageBody': 'x',
      'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
    });
    expect(await resultOf(sent)).toMatchObject({
      SendMessageBatchResultEntry: { Id: 'good' },
      BatchResultErrorEntry: { Id: 'late', SenderFault: true },
    });
    const listed = ask('sqs', { Action: 'ListQueues' });
    expect(await resultOf(listed)).toEqual({ QueueUrl });
  });

  it('refuses in the older words', async () => {
    const { status, body } = await ask('sqs', { Action: 'GetQueueUrl', QueueName: 'nowhere' });
    expect(status).toBe(400);
    expect(elementOf(body, 'Code')).toBe('AWS.SimpleQueueService.NonExistentQueue');
    const unknown = await ask('sqs', { Action: 'NoSuchThing' });
    expect(elementOf(unknown.body, 'Code')).toBe('InvalidAction');
  });
});

describe('CloudWatch', () => {
  it('takes metrics and gives statistics', async () => {
    const at = '2026-03-02T09:58:00Z';
    const metric = { 'MetricData.member.1.MetricName': 'load' };
    const put = ask('monitoring', {
      Action: 'PutMetricData',
      Namespace: 'own',
      ...metric,
      'MetricData.member.1.Dimensions.member.1.Name': 'host',
      'MetricData.member.1.Dimensions.member.1.Value': 'a',
      'MetricData.member.1.Values.member.1': '1.5',
      'MetricData.member.1.Values.member.2': '2.5',
      'MetricData.member.1.Timestamp': at,
      'MetricData.member.1.Unit': 'Count',
    });
    expect((await put).status).toBe(200);
    const question = {
      Action: 'GetMetricStatistics',
      Namespace: 'own',
      MetricName: 'load',
      'Dimensions.member.1.Name': 'host',
      'Dimensions.member.1.Value': 'a',
      StartTime: at,
      EndTime: '2026-03-02T09:59:00Z',
      Period: '60',
    };
    const average = ask('monitoring', { ...question, 'Statistics.member.1': 'Average' });
    expect(await resultOf(average)).toMatchObject({
      Label: 'load',
      Datapoints: {
        member: { Timestamp: '2026-03-02T09:58:00.000Z', Average: 2, Unit: 'Count' },
      },
    });
    const highest = ask('monitoring', { ...question, 'ExtendedStatistics.member.1': 'p100' });
    expect(await resultOf(highest)).toMatchObject({
      Datapoints: { member: { ExtendedStatistics: { entry: { key: 'p100', value: 2.5 } } } },
    });
  });

  it('keeps alarms and gives series with their times', async () => {
    const alarm = {
      Action: 'PutMetricAlarm',
      AlarmName: 'high',
      Namespace: 'own',
      MetricName: 'load',
      Statistic: 'Sum',
      Period: '60',
      EvaluationPeriods: '1',
      Threshold: '1.5',
      ActionsEnabled: 'false',
      ComparisonOperator: 'GreaterThanThreshold',
    };
    expect((await ask('monitoring', alarm)).status).toBe(200);
    const described = ask('monitoring', {
      Action: 'DescribeAlarms',
      'AlarmNames.member.1': 'high',
    });
    expect(await resultOf(described)).toMatchObject({
      MetricAlarms: { member: { AlarmName: 'high', Threshold: 1.5, ActionsEnabled: false } },
    });
    clock.pass(MINUTE_MS);
    const series = ask('monitoring', {
      Action: 'GetMetricData',
      StartTime: '2026-03-02T09:58:00Z',
      EndTime: '2026-03-02T10:00:00Z',
      ScanBy: 'TimestampAscending',
      'MetricDataQueries.member.1.Id': 'one',
      'MetricDataQueries.member.1.Expression': 'TIME_SERIES(3)',
      'MetricDataQueries.member.1.Period': '60',
    });
    expect(await resultOf(series)).toMatchObject({
      MetricDataResults: {
        member: {
          Timestamps: { member: ['2026-03-02T09:58:00.000Z', '2026-03-02T09:59:00.000Z'] },
          Values: { member: [3, 3] },
        },
      },
    });
    const bad = await ask('monitoring', { ...alarm, Period: 'soon' });
    expect(bad.status).toBe(400);
    const wrong = await ask('monitoring', { ...alarm, Period: '7' });
    expect(elementOf(wrong.body, 'Code')).toBe('ValidationError');
  });
});
