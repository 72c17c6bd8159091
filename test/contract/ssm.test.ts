// Public image parameters as an SDK client sees them. [API] AWS Systems Manager API Reference, as
// shipped with @aws-sdk/client-ssm; [EC2] Reference the latest AMIs using Systems Manager public
// parameters.

import {
  GetParameterCommand,
  GetParametersCommand,
  ParameterNotFound,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveAccount } from './served-account.ts';
import type { ServedAccount } from './served-account.ts';
import { createVirtualClock } from './virtual-clock.ts';

const LINUX = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
const ARM = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

let harness: ServedAccount;
let client: SSMClient;

beforeAll(async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 15));
  harness = await serveAccount(clock);
  client = new SSMClient(harness.clientConfig);
});

afterAll(async () => {
  client.destroy();
  await harness.close();
});

// [EC2] "The value of the parameter is the ID of the AMI"; [API] Parameter.
it('gives the id of the newest image', async () => {
  const { Parameter } = await client.send(new GetParameterCommand({ Name: LINUX }));
  expect(Parameter).toMatchObject({
    Name: LINUX,
    Type: 'String',
    ARN: `arn:aws:ssm:us-east-1::parameter${LINUX}`,
    Version: 1,
    DataType: 'text',
  });
  expect(Parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
  expect(Parameter?.LastModifiedDate).toBeInstanceOf(Date);
});

// [API] GetParameters: Parameters and InvalidParameters.
it('gives several, and names those it does not know', async () => {
  const Names = [LINUX, ARM, '/aws/service/no-such-image'];
  const found = await client.send(new GetParametersCommand({ Names }));
  expect(found.Parameters?.map(({ Name }) => Name)).toEqual([LINUX, ARM]);
  expect(new Set(found.Parameters?.map(({ Value }) => Value)).size).toBe(2);
  expect(found.InvalidParameters).toEqual(['/aws/service/no-such-image']);
});

// [API] GetParameter: ParameterNotFound.
it('refuses a name that there is not', async () => {
  const sending = client.send(new GetParameterCommand({ Name: '/my/own' }));
  await expect(sending).rejects.toBeInstanceOf(ParameterNotFound);
});

// [API] GetParameters: "Array Members: Minimum number of 1 item. Maximum number of 10 items."
it('refuses more than ten names', async () => {
  const Names = Array.from({ length: 11 }, (_, i) => `/name/${i}`);
  const sending = client.send(new GetParametersCommand({ Names }));
  await expect(sending).rejects.toMatchObject({ name: 'ValidationException' });
});
