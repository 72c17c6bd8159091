// Instance metadata as a program on the instance meets it (EC2 user guide, "Use IMDS").

import { createVerify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGroup, DEFAULT_GROUP_SETTINGS } from '../../src/cloud/create-group.ts';
import { createLaunchTemplate } from '../../src/cloud/define-launch-source.ts';
import { setDesiredCapacity } from '../../src/cloud/desired-capacity.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { ManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';

let cloud: LocalCloud;
let clock: ManualClock;
let instanceId: string;

beforeAll(async () => {
  clock = createManualClock(Date.parse('2026-03-02T10:00:00Z'));
  cloud = await startLocalCloud({
    clock,
    worldOptions: { deregistrationDelayMs: 60_000 },
    throttling: 'off',
  });
  const template = createLaunchTemplate(cloud.world, 'web', {
    description: undefined,
    imageId: 'ami-1',
    instanceType: 'm5.large',
    keyName: undefined,
    market: 'on-demand',
    exposesTags: true,
    tags: { 'a/b': 'c' },
  });
  createGroup(cloud.world, {
    name: 'web',
    desired: 1,
    tags: [],
    hooks: [],
    settings: {
      ...DEFAULT_GROUP_SETTINGS,
      min: 0,
      max: 1,
      zones: ['us-east-1a'],
      serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/test',
      source: {
        kind: 'launch-template',
        id: template.ok ? template.value.id : '',
        version: undefined,
      },
    },
  });
  clock.pass(60_000);
  cloud.advance();
  instanceId = [...cloud.world.instances.keys()][0] ?? '';
});

afterAll(() => cloud.close());

function metadataUrl(path: string): string {
  return `${cloud.url}/imds/${instanceId}/latest/${path}`;
}

async function takeToken(headers: Record<string, string>): Promise<Response> {
  return fetch(metadataUrl('api/token'), { method: 'PUT', headers });
}

async function read(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const granted = await takeToken({ 'X-aws-ec2-metadata-token-ttl-seconds': '60' });
  const token = await granted.text();
  const headers = { 'X-aws-ec2-metadata-token': token };
  const response = await fetch(metadataUrl(path), { headers });
  return { status: response.status, text: await response.text() };
}

describe('instance metadata', () => {
  it('gives nothing without a token', async () => {
    expect((await fetch(metadataUrl('meta-data/instance-id'))).status).toBe(401);
    const headers = { 'X-aws-ec2-metadata-token': '9999999999999.forged' };
    expect((await fetch(metadataUrl('meta-data/instance-id'), { headers })).status).toBe(401);
  });

  it.each([
    [{}, 400],
    [{ 'X-aws-ec2-metadata-token-ttl-seconds': '0' }, 400],
    [{ 'X-aws-ec2-metadata-token-ttl-seconds': '21601' }, 400],
    [{ 'X-aws-ec2-metadata-token-ttl-seconds': '21600' }, 200],
    [{ 'X-aws-ec2-metadata-token-ttl-seconds': '60', 'X-Forwarded-For': '10.0.0.1' }, 403],
  ])('answers a request for a token with %j by %i', async (headers, status) => {
    expect((await takeToken(headers)).status).toBe(status);
  });

  it.each([
    ['meta-data/placement/availability-zone', 'us-east-1a'],
    ['meta-data/placement/region', 'us-east-1'],
    ['meta-data/instance-type', 'm5.large'],
    ['meta-data/instance-life-cycle', 'on-demand'],
    ['meta-data/autoscaling/target-lifecycle-state', 'InService'],
    ['meta-data/tags/instance/aws:autoscaling:groupName', 'web'],
    ['meta-data/tags/instance/a/b', 'c'],
    ['meta-data/tags/instance/', 'a/b\naws:autoscaling:groupName'],
    ['meta-data/placement/', 'availability-zone\nregion'],
    ['', 'dynamic/\nmeta-data/'],
  ])('%s is %s', async (path, text) => {
    expect(await read(path)).toEqual({ status: 200, text });
  });

  it.each([
    'meta-data/spot/instance-action',
    'meta-data/events/recommendations/rebalance',
    'user-data',
    'meta-data/%',
  ])('%s is not there', async (path) => {
    expect((await read(path)).status).toBe(404);
  });

  it('signs the identity document with a key that the server tells', async () => {
    const document = await read('dynamic/instance-identity/document');
    expect(JSON.parse(document.text)).toMatchObject({
      instanceId,
      region: 'us-east-1',
      accountId: '123456789012',
      instanceType: 'm5.large',
    });
    const signature = await read('dynamic/instance-identity/signature');
    const verify = createVerify('sha256').update(document.text);
    expect(verify.verify(cloud.identityPublicKey(), signature.text, 'base64')).toBe(true);
  });

  it('is not there for an instance that is not', async () => {
    const url = `${cloud.url}/imds/i-0/latest/meta-data/instance-id`;
    expect((await fetch(url)).status).toBe(404);
  });

  it('can have a port of its own, for programs that drop an endpoint’s path', async () => {
    const opened = await cloud.openInstanceMetadata(instanceId);
    const granted = await fetch(`${opened.url}/latest/api/token`, {
      method: 'PUT',
      headers: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
    });
    const headers = { 'X-aws-ec2-metadata-token': await granted.text() };
    const response = await fetch(`${opened.url}/latest/meta-data/instance-id`, { headers });
    expect(await response.text()).toBe(instanceId);
    await opened.close();
    await expect(fetch(`${opened.url}/latest/api/token`)).rejects.toThrow();
  });

  it('tells an instance that it is to go', async () => {
    setDesiredCapacity(cloud.world, { groupName: 'web', desired: 0, honorsCooldown: false });
    clock.pass(5000);
    expect((await read('meta-data/autoscaling/target-lifecycle-state')).text).toBe('Terminated');
  });
});
