// `foretide check` against the local cloud: what AWS knows of the groups, named and found by tags.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../src/cli/clocks.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { localIdentity, runForetide } from './deploy-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretide-check-'));
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let cloud: LocalCloud;

async function check(yaml: string, endpoint = cloud.url, ...more: readonly string[]) {
  const path = join(folder, 'f.yaml');
  writeFileSync(path, yaml);
  return await runForetide(['check', 'f.yaml', ...more], folder, {
    ...localIdentity,
    AWS_ENDPOINT_URL: endpoint,
    AWS_MAX_ATTEMPTS: '1',
  });
}

beforeAll(async () => {
  cloud = await startLocalCloud({ clock: createClock(), throttling: 'off' });
  const aws = new AutoScalingClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
  const launch = { LaunchConfigurationName: 'l', ImageId: 'ami-1', InstanceType: 'm5.large' };
  await aws.send(new CreateLaunchConfigurationCommand(launch));
  const tagsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    web: {},
    shop: { scaled: 'yes', 'foretide:max': '7' },
    api: { scaled: 'wrong', 'foretide:max': 'many' },
  };
  for (const [name, tags] of Object.entries(tagsOf)) {
    await aws.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        LaunchConfigurationName: 'l',
        MinSize: 1,
        MaxSize: 9,
        DesiredCapacity: 2,
        AvailabilityZones: ['us-east-1a'],
        Tags: Object.entries(tags).map(([Key, Value]) => ({
          Key,
          Value,
          ResourceId: name,
          ResourceType: 'auto-scaling-group',
          PropagateAtLaunch: false,
        })),
      }),
    );
  }
  aws.destroy();
});

afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

const searchOf = (value: string) => `discover: [{ tags: { scaled: '${value}' } }]\n`;
const web = 'groups: [{ name: web, max: 20 }]\n';

describe('foretide check', () => {
  it('says what AWS has of the groups, those found by their tags among them', async () => {
    expect(await check(searchOf('yes') + web)).toEqual({
      exitCode: 0,
      output:
        'web: web has 2 desired, and may have 1 to 9\n' +
        'shop: shop has 2 desired, and may have 1 to 7\n' +
        'f.yaml: good, 2 groups, 1 of them found by their tags\n',
      errors: '',
    });
  });

  it('refuses a group whose tags are wrong, and says so of it', async () => {
    const { exitCode, output } = await check(searchOf('*') + web);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^api: .*foretide:max.*many.*is left alone$/mu);
    expect(output).toContain('shop: shop has 2 desired');
  });

  it('says that nothing has the tags, which is no mistake', async () => {
    const { exitCode, output } = await check(searchOf('no') + web);
    expect(exitCode).toBe(0);
    expect(output).toContain('discover scaled=no: no group has these tags\n');
  });

  it('fails where AWS cannot be asked', async () => {
    const { exitCode, output } = await check(searchOf('yes'), 'http://127.0.0.1:9');
    expect(exitCode).toBe(1);
    expect(output).toMatch(/^discover scaled=yes: .*ECONNREFUSED/mu);
  });

  it('asks nobody offline, and says what it did not look at', async () => {
    const { exitCode, output } = await check(
      searchOf('yes') + web,
      'http://127.0.0.1:9',
      '--offline',
    );
    expect(exitCode).toBe(0);
    expect(output).toBe('f.yaml: good, 1 group, and those that will be found by their tags\n');
  });
});
