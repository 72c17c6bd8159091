// `foretide doctor` and `foretide asg` as processes, against the local cloud.

import { AutoScalingClient, CreateOrUpdateTagsCommand } from '@aws-sdk/client-auto-scaling';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployActions } from '../../src/cli/doctor/check-deploy-rights.ts';
import { openDeployStage, runForetide, type DeployStage } from './deploy-stage.ts';

const testLimitMs = 60_000;
let stage: DeployStage;
let role: string;

beforeAll(async () => {
  stage = await openDeployStage();
  for (const words of [
    ['controller', '--name', 'foretide'],
    ['fleet', '--name', 'web-fleet'],
  ]) {
    const done = await stage.run(['deploy', 'up', ...words, '--yes']);
    expect(done).toMatchObject({ exitCode: 0, errors: '' });
    role = /RoleName: (\S+)/u.exec(done.output)?.[1] ?? role;
  }
}, testLimitMs);
afterAll(async () => {
  await stage.close();
});

interface Told {
  readonly ok: boolean;
  readonly findings: readonly { check: string; level: string; message: string; next: string }[];
}

async function examine(config: string) {
  const path = join(stage.home, 'foretide.yaml');
  writeFileSync(path, config);
  const { exitCode, output } = await stage.run(['doctor', '--role', role, '--json']);
  // Of this very version of the program.
  return { exitCode, told: JSON.parse(output) as Told };
}

/** The group of the controller itself, which is not tagged for it. */
const ownGroup = (): string =>
  [...stage.cloud.world.groups.keys()].find((name) => name !== 'web') ?? '';

const configOf = (group: string) => `groups:\n  - { name: ${group}, max: 5, region: us-east-1 }\n`;

describe('the doctor', () => {
  it(
    'finds the role of the controller fit for the fleet, and nothing more',
    { timeout: testLimitMs },
    async () => {
      const { exitCode, told } = await examine(configOf('web'));
      expect(told.findings.filter(({ level }) => level === 'fail')).toEqual([]);
      expect(exitCode).toBe(0);
      const messages = told.findings.map(({ message }) => message);
      expect(messages).toContain('autoscaling:SetDesiredCapacity on web is allowed');
      expect(messages).toContain('web is there and tagged');
      expect(messages.join()).not.toContain('CreateOrUpdateTags');
      const checks = new Set(told.findings.map(({ check }) => check));
      for (const check of [
        'config',
        'credentials',
        'clock',
        'permissions',
        'metadata',
        'store',
        'broker',
        'agents',
      ]) {
        expect(checks).toContain(check);
      }
    },
  );

  it(
    'says which rights a role lacks for foretide deploy, drift included',
    { timeout: testLimitMs },
    async () => {
      const RoleName = 'deployer';
      const iam = new IAMClient(stage.settings);
      const AssumeRolePolicyDocument = '{"Statement":[]}';
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
      const allow = async (Action: readonly string[]) => {
        const PolicyDocument = JSON.stringify({
          Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
        });
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
        const words = ['doctor', '--role', RoleName, '--deploy', '--json'];
        const { findings } = JSON.parse((await stage.run(words)).output) as Told;
        return findings.find(({ check }) => check === 'deploy');
      };
      const lacking = await allow(deployActions.filter((name) => !name.endsWith('StackDrift')));
      expect(lacking).toMatchObject({
        level: 'fail',
        message: 'denied: cloudformation:DetectStackDrift',
        next: expect.stringContaining('docs/deploy.md'),
      });
      expect(await allow(deployActions)).toMatchObject({ level: 'ok' });
      iam.destroy();
    },
  );

  it('misses a role by name', { timeout: testLimitMs }, async () => {
    const words = ['doctor', '--role', 'nobody', '--deploy', '--json'];
    const { findings } = JSON.parse((await stage.run(words)).output) as Told;
    const missed = findings.filter(({ message }) =>
      /^IAM knows no arn.*role\/nobody$/u.test(message),
    );
    expect(missed.map(({ level }) => level)).toEqual(['fail', 'fail']);
  });

  it(
    'finds that a group without the tag may not be touched',
    { timeout: testLimitMs },
    async () => {
      const own = ownGroup();
      const { exitCode, told } = await examine(configOf(own));
      expect(exitCode).toBe(1);
      const denied = told.findings.find(({ message }) => message.includes('SetDesiredCapacity'));
      expect(denied).toMatchObject({
        level: 'fail',
        next: expect.stringContaining('docs/deploy.md'),
      });
      const untagged = told.findings.find(({ check }) => check === 'groups');
      expect(untagged).toMatchObject({
        level: 'warn',
        next: expect.stringContaining('create-or-update-tags'),
      });
    },
  );

  it(
    'asks for the rights of warm pools only where the config has one',
    { timeout: testLimitMs },
    async () => {
      const config = (pool: string) =>
        `groups:\n  - { name: web, max: 5, region: us-east-1${pool} }\n`;
      const without = await examine(config(''));
      expect(JSON.stringify(without.told)).not.toContain('WarmPool');
      const wanted = await examine(config(', warmPool: { max: 3 }'));
      expect(wanted.exitCode).toBe(1);
      const failed = wanted.told.findings.filter(({ level }) => level === 'fail');
      expect(failed.map(({ message }) => message)).toEqual([
        expect.stringContaining('autoscaling:DescribeWarmPool is denied'),
        expect.stringContaining('autoscaling:PutWarmPool on web is denied'),
      ]);
      const words = ['deploy', 'up', 'controller', '--name', 'foretide', '--yes'];
      const granted = await stage.run([...words, '--set', 'WarmPool=3']);
      expect(granted).toMatchObject({ exitCode: 0, errors: '' });
      const fit = await examine(config(', warmPool: { max: 3 }'));
      expect(fit.told.findings.filter(({ level }) => level === 'fail')).toEqual([]);
    },
  );

  it(
    'asks for the rights to keep a policy of AWS only where the config leaves one in charge',
    { timeout: testLimitMs },
    async () => {
      const config = (mode: string) =>
        'groups:\n  - name: web\n    max: 5\n    region: us-east-1\n    policies:\n' +
        `      - { type: backlog, queue: jobs, promise: 5m, ${mode} }\n`;
      const without = await examine(config('mode: recipe'));
      expect(JSON.stringify(without.told)).not.toContain('PutScalingPolicy');
      const { told } = await examine(config('mode: setter, setter: { policy: keep }'));
      const said = told.findings.map(({ message }) => message);
      expect(said).toContainEqual(expect.stringContaining('autoscaling:DescribePolicies is'));
      expect(said).toContainEqual(
        expect.stringContaining('autoscaling:PutScalingPolicy on web is'),
      );
    },
  );

  it(
    'names a group that is not there, a bad config and a store that cannot be written',
    { timeout: testLimitMs },
    async () => {
      const absent = await examine(
        `${configOf('nobody')}store: { path: foretide.yaml/store.db }\n`,
      );
      expect(absent.exitCode).toBe(1);
      const failed = absent.told.findings.filter(({ level }) => level === 'fail');
      expect(failed.map(({ check }) => check)).toEqual(expect.arrayContaining(['groups', 'store']));
      const bad = await examine('groups: []\n');
      expect(bad.exitCode).toBe(1);
      expect(bad.told.findings[0]).toMatchObject({ check: 'config', level: 'fail' });
    },
  );

  it('goes on without credentials with what it can look at', { timeout: testLimitMs }, async () => {
    const done = await runForetide(['doctor'], stage.home, { AWS_REGION: 'us-east-1' });
    expect(done.exitCode).toBe(1);
    expect(done.output).toMatch(/^fail {2}credentials AWS: there are no credentials/mu);
    expect(done.output).toMatch(/^ +→ /mu);
    expect(done.errors).toMatch(/^foretide: \d of \d+ checks failed\n$/u);
  });
});

describe('a group by hand', () => {
  it('is shown with its instances and activities', async () => {
    const { exitCode, output } = await stage.run(['asg', 'show', 'web']);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^web: 1 desired, 1 to 10 allowed\n/u);
    expect(output).toMatch(/^i-\w+ +InService +Healthy/mu);
    expect(output).toMatch(/Successful: Launching a new EC2 instance/u);
  });

  it('is sized, and what is left out stays', async () => {
    const words = ['asg', 'set', 'web', '--desired', '3', '--max', '4', '--json'];
    const { output } = await stage.run(words);
    expect(JSON.parse(output)).toMatchObject({ min: 1, max: 4, desired: 3 });
  });

  it.each([
    [['--desired', '99'], 1, /found desired 99, allowed: 1 to \d+/u],
    [['--min', '99'], 1, /found min 99 above max/u],
    [['--desired', '-1'], 2, /allowed: a whole number from 0 to 100000/u],
    [[], 2, /nothing to set: give --min, --max or --desired/u],
  ])('refuses %j', async (sizes, exitCode, line) => {
    const refused = await stage.run(['asg', 'set', 'web', ...sizes]);
    expect(refused.exitCode).toBe(exitCode);
    expect(refused.errors).toMatch(line);
  });

  it('is missed by name', async () => {
    const { errors } = await stage.run(['asg', 'show', 'wbe']);
    expect(errors).toBe(
      'foretide: AWS knows no Auto Scaling group wbe in this account and region\n',
    );
  });

  it('can be tagged by a person with the command that the doctor gives', async () => {
    const client = new AutoScalingClient(stage.settings);
    const own = ownGroup();
    await client.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          {
            ResourceId: own,
            ResourceType: 'auto-scaling-group',
            Key: 'managed-by',
            Value: 'foretide',
            PropagateAtLaunch: false,
          },
        ],
      }),
    );
    client.destroy();
    const { exitCode } = await examine(configOf(own));
    expect(exitCode).toBe(0);
  });
});
