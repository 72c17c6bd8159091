// The server's edges: bad requests, signatures, throttling, faults on purpose. Shapes as in AWS's
// "Common error types" and "Query requests" pages.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { EC2Client, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { elementOf, FORMAL_SIGNATURE, postForm } from './wire.ts';

const ANYONE = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' };
const DESCRIBE = 'Action=DescribeAutoScalingGroups&Version=2011-01-01';

function clientFor(url: string, credentials = ANYONE): AutoScalingClient {
  return new AutoScalingClient({
    endpoint: url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    requestHandler: { requestTimeout: 500, connectionTimeout: 500, throwOnRequestTimeout: true },
  });
}

describe('requests that cannot be read', () => {
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await startLocalCloud({ throttling: 'off' });
  });

  afterAll(() => cloud.close());

  it('answers an unknown operation with InvalidAction, 400', async () => {
    const answer = await postForm(cloud.url, 'Action=Nonsense&Version=2011-01-01');
    expect(answer.status).toBe(400);
    expect(elementOf(answer.body, 'Code')).toBe('InvalidAction');
    expect(elementOf(answer.body, 'Message')).toBe(
      'Could not find operation Nonsense for version 2011-01-01',
    );
    expect(elementOf(answer.body, 'Type')).toBe('Sender');
    expect(elementOf(answer.body, 'RequestId')).toMatch(/^[0-9a-f-]{36}$/u);
    expect(answer.headers.get('x-amzn-requestid')).toBe(elementOf(answer.body, 'RequestId'));
  });

  it('answers an unknown operation of EC2 in the shape of EC2', async () => {
    const answer = await postForm(cloud.url, 'Action=Nonsense&Version=2016-11-15');
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('<Response><Errors><Error><Code>InvalidAction</Code>');
    expect(elementOf(answer.body, 'RequestID')).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it('answers a version that nobody serves with InvalidAction', async () => {
    const answer = await postForm(cloud.url, 'Action=DescribeAutoScalingGroups&Version=1999-01-01');
    expect(answer.status).toBe(400);
    expect(elementOf(answer.body, 'Code')).toBe('InvalidAction');
  });

  it('answers a form without an action with MissingAction', async () => {
    const answer = await postForm(cloud.url, 'Version=2011-01-01');
    expect(answer.status).toBe(400);
    expect(elementOf(answer.body, 'Code')).toBe('MissingAction');
  });

  it('names the member that is missing', async () => {
    const form = 'Action=SetDesiredCapacity&Version=2011-01-01&DesiredCapacity=1';
    const answer = await postForm(cloud.url, form);
    expect(answer.status).toBe(400);
    expect(elementOf(answer.body, 'Code')).toBe('ValidationError');
    expect(elementOf(answer.body, 'Message')).toBe(
      "1 validation error detected: Value null at 'autoScalingGroupName' failed to satisfy " +
        'constraint: Member must not be null',
    );
  });

  it('counts several faults of one input', async () => {
    const form =
      'Action=CreateAutoScalingGroup&Version=2011-01-01&AutoScalingGroupName=g&MinSize=-1';
    const answer = await postForm(cloud.url, form);
    expect(elementOf(answer.body, 'Message')).toMatch(
      /^2 validation errors detected: Value '-1' at 'minSize' .* greater than or equal to 0; Value null at 'maxSize'/u,
    );
  });

  it('answers what is not a number with MalformedInput', async () => {
    const form =
      'Action=SetDesiredCapacity&Version=2011-01-01&AutoScalingGroupName=g&DesiredCapacity=two';
    const answer = await postForm(cloud.url, form);
    expect(answer.status).toBe(400);
    expect(elementOf(answer.body, 'Code')).toBe('MalformedInput');
  });

  it('answers a body of a strange type, and a plain GET, with 404', async () => {
    const answer = await postForm(cloud.url, '{}', {
      ...FORMAL_SIGNATURE,
      'content-type': 'text/plain',
    });
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('UnknownOperationException');
    expect((await fetch(cloud.url)).status).toBe(404);
  });

  it('reads a call from a query string as well', async () => {
    const response = await fetch(`${cloud.url}/?${DESCRIBE}`, { headers: FORMAL_SIGNATURE });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<AutoScalingGroups/>');
  });

  it('refuses ten megabytes with 413 before keeping them', async () => {
    const answer = await postForm(cloud.url, `${DESCRIBE}&Pad=${'x'.repeat(10 * 1024 * 1024)}`);
    expect(answer.status).toBe(413);
    expect(elementOf(answer.body, 'Code')).toBe('RequestEntityTooLarge');
  });

  it('refuses ten megabytes whose length nobody declared', async () => {
    const chunk = new TextEncoder().encode('x'.repeat(1024 * 1024));
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        if (sent > 12) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const call = fetch(cloud.url, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: FORMAL_SIGNATURE,
    });
    // The connection may break before the answer is read; what counts is that the rest is not.
    const status = await call.then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(await postForm(cloud.url, DESCRIBE)).toMatchObject({ status: 200 });
  });

  it('survives names that JavaScript objects are sensitive to', async () => {
    const form = `${DESCRIBE}&__proto__.polluted=1&constructor.prototype.polluted=1&a.__proto__.b=1`;
    expect((await postForm(cloud.url, form)).status).toBe(200);
    expect({}).not.toHaveProperty('polluted');
  });

  it('answers any form with well-formed XML and never with 500', async () => {
    const actions = [
      'CreateAutoScalingGroup',
      'PutScalingPolicy',
      'CreateOrUpdateTags',
      'DescribeTags',
    ];
    const names = [
      'AutoScalingGroupName',
      'Tags.member.1.Key',
      'Tags.member.1',
      'MinSize',
      'MaxSize',
    ];
    const name = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 20 }));
    const parameters = fc.array(fc.tuple(name, fc.string({ unit: 'binary', maxLength: 20 })), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...actions), parameters, async (action, pairs) => {
        const form = new URLSearchParams([['Action', action], ['Version', '2011-01-01'], ...pairs]);
        const answer = await postForm(cloud.url, form.toString());
        expect(answer.status).toBeLessThan(500);
        expect(XMLValidator.validate(answer.body)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('writes texts so that any parser reads them back', async () => {
    const name = `<&>"'\r\n\t é 😀`;
    await clientFor(cloud.url).send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: name,
        ImageId: 'ami-1',
        InstanceType: 't3.micro',
      }),
    );
    const form = 'Action=DescribeLaunchConfigurations&Version=2011-01-01';
    const { body } = await postForm(cloud.url, form);
    const parser = new XMLParser({ trimValues: false, htmlEntities: true, processEntities: true });
    const parsed: unknown = parser.parse(body);
    expect(JSON.stringify(parsed)).toContain(JSON.stringify(name).slice(1, -1));
  });
});

describe('signatures', () => {
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await startLocalCloud({ throttling: 'off', credentials: [ANYONE] });
  });

  afterAll(() => cloud.close());

  it('refuses unsigned calls with MissingAuthenticationToken, 403', async () => {
    const answer = await postForm(cloud.url, DESCRIBE, {});
    expect(answer.status).toBe(403);
    expect(elementOf(answer.body, 'Code')).toBe('MissingAuthenticationToken');
  });

  it('refuses a signature without its parts with IncompleteSignature', async () => {
    const answer = await postForm(cloud.url, DESCRIBE, { authorization: 'AWS4-HMAC-SHA256 x' });
    expect(answer.status).toBe(400);
    expect(elementOf(answer.body, 'Code')).toBe('IncompleteSignature');
  });

  it('lets true signatures in', async () => {
    const answer = await clientFor(cloud.url).send(new DescribeAutoScalingGroupsCommand({}));
    expect(answer.AutoScalingGroups).toEqual([]);
  });

  it('refuses a wrong secret with SignatureDoesNotMatch', async () => {
    const client = clientFor(cloud.url, { ...ANYONE, secretAccessKey: 'wrong' });
    await expect(client.send(new DescribeAutoScalingGroupsCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('refuses an unknown key with InvalidClientTokenId', async () => {
    const client = clientFor(cloud.url, { ...ANYONE, accessKeyId: 'AKIAOTHER' });
    await expect(client.send(new DescribeAutoScalingGroupsCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  it('refuses EC2 calls in the words of EC2', async () => {
    const client = new EC2Client({
      endpoint: cloud.url,
      region: 'us-east-1',
      credentials: { ...ANYONE, secretAccessKey: 'wrong' },
      maxAttempts: 1,
    });
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name: 'AuthFailure',
      $metadata: { httpStatusCode: 401 },
    });
  });

  it('lets in the sessions that it has lent', async () => {
    const sts = new STSClient({ endpoint: cloud.url, region: 'us-east-1', credentials: ANYONE });
    const { Credentials: lent } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::123456789012:role/deploy',
        RoleSessionName: 'test',
      }),
    );
    const client = clientFor(cloud.url, {
      accessKeyId: lent?.AccessKeyId ?? '',
      secretAccessKey: lent?.SecretAccessKey ?? '',
    });
    const answer = await client.send(new DescribeAutoScalingGroupsCommand({}));
    expect(answer.AutoScalingGroups).toEqual([]);
  });
});

describe('throttling and faults on purpose', () => {
  // Stands still, however slow this machine is; buckets are full again for every test.
  const clock = createManualClock(Date.parse('2026-03-02T10:00:00Z'));
  let cloud: LocalCloud;
  let client: AutoScalingClient;

  beforeAll(async () => {
    cloud = await startLocalCloud({
      clock,
      throttling: { autoscaling: { describePerSecond: 20, mutatePerSecond: 5 } },
    });
    client = clientFor(cloud.url);
  });

  afterEach(() => {
    cloud.faults.clear();
    clock.pass(10_000);
  });

  afterAll(() => cloud.close());

  it('refuses the describe that is one too many with Throttling, 400', async () => {
    const calls = Array.from({ length: 30 }, () =>
      client.send(new DescribeAutoScalingGroupsCommand({})),
    );
    const outcomes = await Promise.allSettled(calls);
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    expect(refusals).toHaveLength(10);
    expect(refusals[0]).toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('throttles on purpose, as often as asked', async () => {
    cloud.faults.inject('SetDesiredCapacity', { kind: 'throttle' }, 1);
    const call = new SetDesiredCapacityCommand({ AutoScalingGroupName: 'g', DesiredCapacity: 1 });
    await expect(client.send(call)).rejects.toMatchObject({ name: 'Throttling' });
    await expect(client.send(call)).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('hangs on purpose after the call took effect', async () => {
    cloud.faults.inject('CreateLaunchConfiguration', { kind: 'hang', when: 'after' });
    const call = new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'hung',
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
    });
    await expect(client.send(call)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(cloud.world.launchConfigurations.has('hung')).toBe(true);
  });

  it('delays on purpose', async () => {
    cloud.faults.inject('CreateAutoScalingGroup', { kind: 'delay', ms: 150 });
    const startedAt = performance.now();
    await client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: 'late',
        MinSize: 0,
        MaxSize: 1,
        LaunchConfigurationName: 'hung',
        AvailabilityZones: ['us-east-1a'],
      }),
    );
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(140);
  });

  it('refuses on purpose, in any words', async () => {
    cloud.faults.inject('*', {
      kind: 'error',
      fault: { code: 'ResourceContention', message: 'busy', status: 500 },
    });
    const call = new SetDesiredCapacityCommand({ AutoScalingGroupName: 'g', DesiredCapacity: 1 });
    await expect(client.send(call)).rejects.toMatchObject({
      name: 'ResourceContentionFault',
      $metadata: { httpStatusCode: 500 },
    });
  });
});
