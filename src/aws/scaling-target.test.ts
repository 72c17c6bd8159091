import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { DescribeOutcome, TargetAddress } from '../controller/ports/scaling-target.ts';
import type { Actuation } from '../core/decision.ts';
import type { AwsLimits } from './limits.ts';
import { createAwsScalingTarget, type AwsScalingTarget } from './scaling-target.ts';
import {
  queryError,
  queryResult,
  startQueryStub,
  type QueryStub,
  type StubAnswer,
} from './testing/query-stub.ts';

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey };
const web: TargetAddress = { autoScalingGroup: 'web', region: 'eu-west-1', roleArn: null };
const accepted = queryResult('SetDesiredCapacity', '');

let stub: QueryStub;
let now: number;
let target: AwsScalingTarget;

function openTarget(limits: Partial<AwsLimits> = {}): AwsScalingTarget {
  return createAwsScalingTarget({
    now: () => now,
    connection: { endpoint: stub.url, credentials },
    limits,
  });
}

beforeEach(async () => {
  stub = await startQueryStub();
  now = 1_700_000_000_000;
  target = openTarget();
});

afterEach(async () => {
  target.close();
  await stub.close();
});

async function setTo(desired: number, honorCooldown = false): Promise<Actuation> {
  return await target.setDesired({ address: web, desired, honorCooldown });
}

async function describeOne(address: TargetAddress = web): Promise<DescribeOutcome> {
  const [outcome] = await target.describe([address]);
  if (outcome === undefined) throw new Error('no outcome');
  return outcome;
}

function groupsAnswer(names: readonly string[], more = ''): StubAnswer {
  const members = names.map(
    (name) =>
      `<member><AutoScalingGroupName>${name}</AutoScalingGroupName>` +
      '<MinSize>1</MinSize><MaxSize>9</MaxSize><DesiredCapacity>3</DesiredCapacity></member>',
  );
  const groups = `<AutoScalingGroups>${members.join('')}</AutoScalingGroups>`;
  return queryResult('DescribeAutoScalingGroups', `${groups}${more}`);
}

function namesIn(form: URLSearchParams): string[] {
  return [...form.entries()]
    .filter(([key]) => key.startsWith('AutoScalingGroupNames.member.'))
    .map(([, name]) => name);
}

describe('setting the desired capacity', () => {
  it('sends the group, the size and whether to honor the cooldown', async () => {
    stub.answerWith(accepted);
    expect(await setTo(5, true)).toEqual({ kind: 'accepted' });
    expect(await setTo(6)).toEqual({ kind: 'accepted' });
    expect(stub.requests.map((form) => Object.fromEntries(form))).toMatchObject([
      {
        Action: 'SetDesiredCapacity',
        AutoScalingGroupName: 'web',
        DesiredCapacity: '5',
        HonorCooldown: 'true',
      },
      { DesiredCapacity: '6', HonorCooldown: 'false' },
    ]);
  });

  it.each([
    {
      name: 'above the maximum',
      answer: queryError(
        400,
        'ValidationError',
        'New SetDesiredCapacity value 50 is above max value 9 for the AutoScalingGroup.',
      ),
      code: 'out-of-bounds',
      says: 'ValidationError: New SetDesiredCapacity value 50 is above max value 9',
    },
    {
      name: 'below the minimum',
      answer: queryError(
        400,
        'ValidationError',
        'New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.',
      ),
      code: 'out-of-bounds',
      says: 'below min value 1',
    },
    {
      name: 'a group that is not there',
      answer: queryError(400, 'ValidationError', 'AutoScalingGroup name not found - null'),
      code: 'failed',
      says: 'AutoScalingGroup name not found',
    },
    {
      name: 'the cooldown',
      answer: queryError(
        400,
        'ScalingActivityInProgress',
        'Scaling activity 5e8b1b4e-11a2-4ee5-b4c5-1c3a33b8f8d0 is in progress and blocks this action',
      ),
      code: 'in-progress',
      says: 'is in progress and blocks this action',
    },
    {
      name: 'another update',
      answer: queryError(500, 'ResourceContention', 'You already have a pending update.'),
      code: 'in-progress',
      says: 'ResourceContentionFault: You already have a pending update',
    },
    {
      name: 'throttling',
      answer: queryError(400, 'Throttling', 'Rate exceeded'),
      code: 'throttled',
      says: 'Throttling: Rate exceeded',
    },
    {
      name: 'throttling by its other code',
      answer: queryError(503, 'RequestLimitExceeded', 'Request limit exceeded.'),
      code: 'throttled',
      says: 'RequestLimitExceeded: Request limit exceeded',
    },
    {
      name: 'a missing permission',
      answer: queryError(
        403,
        'AccessDenied',
        'User: arn:aws:iam::123456789012:user/x is not authorized to perform: autoscaling:SetDesiredCapacity',
      ),
      code: 'denied',
      says: 'AccessDenied: User: arn:aws:iam::123456789012:user/x is not authorized',
    },
    {
      name: 'an expired token',
      answer: queryError(
        403,
        'ExpiredToken',
        'The security token included in the request is expired',
      ),
      code: 'denied',
      says: 'is expired',
    },
    {
      name: 'an unknown key',
      answer: queryError(403, 'InvalidClientTokenId', 'The security token is invalid.'),
      code: 'denied',
      says: 'InvalidClientTokenId',
    },
    {
      name: 'a refusal that cannot be read',
      answer: { kind: 'answer', status: 400, body: '<ErrorResp' } as const,
      code: 'failed',
      says: 'XML parse error',
    },
    {
      name: 'a refusal whose reason is cut off',
      answer: { kind: 'cut-off', status: 403 } as const,
      code: 'failed',
      says: 'HTTP 403',
    },
  ])('is refused as $code by $name', async ({ answer, code, says }) => {
    stub.answerWith(answer);
    const actuation = await setTo(50);
    expect(actuation).toMatchObject({ kind: 'refused', code });
    expect(actuation).toHaveProperty('message', expect.stringContaining(says));
  });

  it.each<{ name: string; answer: StubAnswer }>([
    { name: 'no answer comes', answer: { kind: 'hang' } },
    { name: 'the answer stalls', answer: { kind: 'stall' } },
    { name: 'the answer is cut off', answer: { kind: 'cut-off', status: 200 } },
    {
      name: 'the answer is not XML',
      answer: { kind: 'answer', status: 200, body: '<SetDesiredCapacityResp' },
    },
    { name: 'the answer is not HTTP', answer: { kind: 'garbage' } },
    { name: 'the connection is reset', answer: { kind: 'reset' } },
    { name: 'AWS fails', answer: queryError(500, 'InternalFailure', 'An internal error.') },
    { name: 'a proxy fails', answer: { kind: 'answer', status: 502, body: 'Bad Gateway' } },
  ])('is unknown when $name', async ({ answer }) => {
    target = openTarget({ requestTimeoutMs: 100 });
    stub.answerWith(answer);
    const actuation = await setTo(5);
    expect(actuation).toMatchObject({ kind: 'unknown' });
    expect(actuation).toHaveProperty('message', expect.stringMatching(/^[^\n]{10,300}$/));
    expect(stub.requests.length).toBeLessThanOrEqual(2);
  });

  it('is unknown when the connection is reset before the request is read', async () => {
    stub.resetConnections();
    expect(await setTo(5)).toMatchObject({ kind: 'unknown' });
    expect(stub.requests).toHaveLength(0);
  });

  it('tries once more after a lost answer, and is then accepted', async () => {
    stub.answerWith({ kind: 'reset' }, accepted);
    expect(await setTo(5)).toEqual({ kind: 'accepted' });
    expect(stub.requests.map((form) => form.get('DesiredCapacity'))).toEqual(['5', '5']);
  });

  it('stays unknown when the attempt after a lost one is refused', async () => {
    stub.answerWith(
      { kind: 'reset' },
      queryError(400, 'ScalingActivityInProgress', 'Scaling activity x is in progress'),
    );
    expect(await setTo(5, true)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('may have happened'),
    });
  });

  it('is refused when nobody listens, for nothing was sent', async () => {
    await stub.close();
    expect(await setTo(5)).toMatchObject({
      kind: 'refused',
      code: 'failed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is refused when the address has no host', async () => {
    target = createAwsScalingTarget({
      now: () => now,
      connection: { endpoint: 'http://autoscaling.invalid', credentials },
    });
    expect(await setTo(5)).toMatchObject({ kind: 'refused', code: 'failed' });
  });

  it('is denied when there are no credentials', async () => {
    target = createAwsScalingTarget({
      now: () => now,
      connection: {
        endpoint: stub.url,
        credentials: async () => {
          const error = new Error('Could not load credentials from any providers');
          throw Object.assign(error, { name: 'CredentialsProviderError' });
        },
      },
    });
    expect(await setTo(5)).toMatchObject({ kind: 'refused', code: 'denied' });
    expect(stub.requests).toHaveLength(0);
  });

  it('is refused, not unknown, when the credentials do not come in time', async () => {
    target = createAwsScalingTarget({
      now: () => now,
      connection: { endpoint: stub.url, credentials: async () => await new Promise(() => {}) },
      limits: { callDeadlineMs: 50 },
    });
    expect(await setTo(5)).toEqual({
      kind: 'refused',
      code: 'failed',
      message: 'SetDesiredCapacity: no answer within 50 ms',
    });
  });

  it('ends with its deadline, attempts and all', async () => {
    target = openTarget({ callDeadlineMs: 100 });
    stub.answerWith({ kind: 'hang' });
    expect(await setTo(5)).toMatchObject({ kind: 'unknown' });
    expect(stub.requests).toHaveLength(1);
  });

  it('quotes no key, signature or token of AWS’s message', async () => {
    stub.answerWith(
      queryError(
        403,
        'IncompleteSignature',
        `Credential=${credentials.accessKeyId}/20240101/eu-west-1/autoscaling/aws4_request, ` +
          'SignedHeaders=host, Signature=0f1e2d3c4b5a is not valid',
      ),
    );
    const actuation = await setTo(5);
    expect(JSON.stringify(actuation)).not.toMatch(/AKIAIOSFODNN7|0f1e2d3c4b5a|EXAMPLEKEY/);
  });

  it('bounds the calls at once, and those that wait', async () => {
    target = openTarget({
      changesAtOnceMax: 2,
      callsWaitingMax: 3,
      turnTimeoutMs: 50,
      callDeadlineMs: 200,
    });
    stub.answerWith({ kind: 'hang' });
    const actuations = await Promise.all(Array.from({ length: 6 }, async () => await setTo(5)));
    expect(stub.openMax()).toBe(2);
    expect(actuations.map(({ kind }) => kind)).toEqual([
      'unknown',
      'unknown',
      'refused',
      'refused',
      'refused',
      'refused',
    ]);
    expect(actuations[5]).toMatchObject({ code: 'throttled' });
  });
});

describe('describing groups', () => {
  it('asks for a hundred names at a time, and answers in the order asked', async () => {
    stub.answerBy((form) => groupsAnswer(namesIn(form).filter((name) => name !== 'g7')));
    const addresses = Array.from({ length: 250 }, (_, index) => ({
      ...web,
      autoScalingGroup: `g${index}`,
    }));
    const outcomes = await target.describe(addresses);
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      addresses.map(({ autoScalingGroup }) =>
        autoScalingGroup === 'g7' ? 'missing' : 'described',
      ),
    );
    expect(stub.requests.map((form) => namesIn(form).length).toSorted()).toEqual([100, 100, 50]);
    expect(stub.requests.every((form) => form.get('MaxRecords') === '100')).toBe(true);
  });

  it('follows the pages of an answer', async () => {
    stub.answerWith(
      groupsAnswer(['web'], '<NextToken>two</NextToken>'),
      groupsAnswer(['api'], '<NextToken/>'),
    );
    const outcomes = await target.describe([web, { ...web, autoScalingGroup: 'api' }]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['described', 'described']);
    expect(stub.requests.map((form) => form.get('NextToken'))).toEqual([null, 'two']);
  });

  it('gives up on pages without end, keeping what it found', async () => {
    target = openTarget({ pagesMax: 3 });
    stub.answerWith(groupsAnswer(['web'], '<NextToken>again</NextToken>'));
    const outcomes = await target.describe([web, { ...web, autoScalingGroup: 'api' }]);
    expect(outcomes).toMatchObject([{ kind: 'described' }, { kind: 'failed', code: 'failed' }]);
    expect(stub.requests).toHaveLength(3);
  });

  it('asks nothing for no group', async () => {
    expect(await target.describe([])).toEqual([]);
    expect(stub.requests).toHaveLength(0);
  });

  it('says when it asked', async () => {
    stub.answerBy((form) => {
      now += 4_000;
      return groupsAnswer(namesIn(form));
    });
    expect(await describeOne()).toMatchObject({ description: { describedAt: 1_700_000_000_000 } });
  });

  it.each<{ name: string; answer: StubAnswer; code: string }>([
    {
      name: 'throttling',
      answer: queryError(400, 'Throttling', 'Rate exceeded'),
      code: 'throttled',
    },
    { name: 'denial', answer: queryError(403, 'AccessDenied', 'no'), code: 'denied' },
    { name: 'a hang', answer: { kind: 'hang' }, code: 'timed-out' },
    { name: 'a stall', answer: { kind: 'stall' }, code: 'timed-out' },
    { name: 'a reset', answer: { kind: 'reset' }, code: 'unreachable' },
    { name: 'a fault', answer: queryError(500, 'InternalFailure', 'x'), code: 'failed' },
    { name: 'broken XML', answer: { kind: 'answer', status: 200, body: '<Desc' }, code: 'failed' },
    {
      name: 'a page of another server',
      answer: { kind: 'answer', status: 200, body: '<html><body>Welcome</body></html>' },
      code: 'failed',
    },
    { name: 'an empty answer', answer: { kind: 'answer', status: 200, body: '' }, code: 'failed' },
    {
      name: 'a group without sizes',
      answer: queryResult(
        'DescribeAutoScalingGroups',
        '<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName></member></AutoScalingGroups>',
      ),
      code: 'failed',
    },
  ])('fails as $code on $name', async ({ answer, code }) => {
    target = openTarget({ requestTimeoutMs: 100 });
    stub.answerWith(answer);
    expect(await describeOne()).toMatchObject({ kind: 'failed', code });
  });

  it('fails as unreachable when nobody listens', async () => {
    await stub.close();
    expect(await describeOne()).toMatchObject({ kind: 'failed', code: 'unreachable' });
  });

  it('goes on with other regions when one fails', async () => {
    stub.answerBy((form) =>
      namesIn(form).includes('web') ? queryError(403, 'AccessDenied', 'no') : groupsAnswer(['eu']),
    );
    const outcomes = await target.describe([
      web,
      { autoScalingGroup: 'eu', region: 'eu-central-1', roleArn: null },
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'described']);
  });

  it('makes one call for callers of the same instant, and for the same group named twice', async () => {
    stub.answerBy((form) => groupsAnswer(namesIn(form)));
    const [first, second] = await Promise.all([
      target.describe([web, web]),
      target.describe([web]),
    ]);
    expect(first).toHaveLength(2);
    expect(second[0]).toBe(first[0]);
    now += 249;
    await describeOne();
    expect(stub.requests).toHaveLength(1);
    now += 1;
    await describeOne();
    expect(stub.requests).toHaveLength(2);
  });

  it('asks again after the clock was set back', async () => {
    stub.answerBy((form) => groupsAnswer(namesIn(form)));
    await describeOne();
    now -= 60_000;
    await describeOne();
    expect(stub.requests).toHaveLength(2);
  });

  it('asks again after a change of the group, but only about that group', async () => {
    const api = { ...web, autoScalingGroup: 'api' };
    stub.answerBy((form) =>
      form.get('Action') === 'SetDesiredCapacity' ? accepted : groupsAnswer(namesIn(form)),
    );
    await target.describe([web, api]);
    await setTo(5);
    await target.describe([web, api]);
    expect(stub.requests.map(namesIn)).toEqual([['web', 'api'], [], ['web']]);
  });
});

describe('assuming a role', () => {
  const role = { ...web, roleArn: 'arn:aws:iam::123456789012:role/scaler' };

  it('signs with the credentials of the role', async () => {
    const assumed = queryResult(
      'AssumeRole',
      '<Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>' +
        '<SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>',
    );
    stub.answerBy((form) =>
      form.get('Action') === 'AssumeRole' ? assumed : groupsAnswer(['web']),
    );
    expect(await describeOne(role)).toMatchObject({ kind: 'described' });
    now += 1_000;
    expect(await describeOne(role)).toMatchObject({ kind: 'described' });
    expect(stub.requests.map((form) => form.get('Action'))).toEqual([
      'AssumeRole',
      'DescribeAutoScalingGroups',
      'DescribeAutoScalingGroups',
    ]);
    expect(stub.requests[0]?.get('RoleArn')).toBe(role.roleArn);
  });

  it('is denied when the role may not be assumed, and sets nothing', async () => {
    stub.answerWith(queryError(403, 'AccessDenied', 'not authorized to perform: sts:AssumeRole'));
    expect(
      await target.setDesired({ address: role, desired: 5, honorCooldown: false }),
    ).toMatchObject({
      kind: 'refused',
      code: 'denied',
      message: expect.stringContaining('sts:AssumeRole'),
    });
    expect(await describeOne(role)).toMatchObject({ kind: 'failed', code: 'denied' });
  });

  it('is refused, not unknown, when assuming the role hangs', async () => {
    target = openTarget({ requestTimeoutMs: 50, callDeadlineMs: 300 });
    stub.answerWith({ kind: 'hang' });
    expect(
      await target.setDesired({ address: role, desired: 5, honorCooldown: false }),
    ).toMatchObject({ kind: 'refused', code: 'failed' });
  });
});

describe('the standard chain', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    // No file of whoever runs the test.
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_PROFILE', undefined);
    target = createAwsScalingTarget({ now: () => now });
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_AUTO_SCALING'])('honors %s', async (variable) => {
    vi.stubEnv(variable, stub.url);
    vi.stubEnv('AWS_REGION', 'ap-southeast-2');
    stub.answerWith(accepted);
    const address = { ...web, region: null };
    expect(await target.setDesired({ address, desired: 5, honorCooldown: false })).toEqual({
      kind: 'accepted',
    });
    expect(stub.requests).toHaveLength(1);
  });

  it('says where a region can be given when there is none', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', stub.url);
    expect(await describeOne({ ...web, region: null })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('no region: give the group a region'),
    });
  });

  it('fails, rather than throws, on an endpoint that is no address', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'not an address');
    expect(await describeOne()).toMatchObject({ kind: 'failed' });
    expect(await setTo(5)).toMatchObject({ kind: 'refused', code: 'failed' });
  });
});
