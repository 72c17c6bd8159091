// `foretide deploy` as people meet it: real processes against the local cloud over AWS's protocols.

import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CloudWatchClient, DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ListQueuesCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { countLeftovers, openDeployStage, runForetide, type DeployStage } from './deploy-stage.ts';

const testLimitMs = 90_000;

let stage: DeployStage;
let stacks: CloudFormationClient;
let ec2: EC2Client;
beforeEach(async () => {
  stage = await openDeployStage();
  stacks = new CloudFormationClient(stage.settings);
  ec2 = new EC2Client(stage.settings);
});
afterEach(async () => {
  stacks.destroy();
  ec2.destroy();
  await stage.close();
});

async function up(template: string, name: string, ...more: string[]) {
  const done = await stage.run(['deploy', 'up', template, '--name', name, '--yes', ...more]);
  expect(done).toMatchObject({ exitCode: 0, errors: '' });
  return done;
}

const down = (template: string, name: string) =>
  stage.run(['deploy', 'down', template, '--name', name, '--yes']);

async function expectNothingLeft(): Promise<void> {
  expect(countLeftovers(stage.cloud)).toBe(0);
  expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
  const sqs = new SQSClient(stage.settings);
  const { QueueUrls: urls = [] } = await sqs.send(new ListQueuesCommand({}));
  sqs.destroy();
  expect(urls).toEqual([]);
  const { StackSummaries: all = [] } = await stacks.send(new ListStacksCommand({}));
  expect(all.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')).toEqual([]);
  expect(readdirSync(join(stage.home, '.foretide', 'deployments'))).toEqual([]);
}

describe('up, status and down', () => {
  it.each(['hello-asg', 'controller', 'queue-workers', 'iot-core'])(
    'of %s leave nothing',
    { timeout: testLimitMs },
    async (template) => {
      const made = await up(template, 'one');
      expect(made.output).toMatch(/^a new stack one, \d+ resources:$/mu);
      expect(made.output).toMatch(/^about \$[\d.]+( to \$[\d.]+)? a month/mu);
      expect(made.output).toContain('one is up\n');
      const words = ['deploy', 'status', template, '--name', 'one', '--json'];
      const status: unknown = JSON.parse((await stage.run(words)).output);
      expect(status).toMatchObject({ status: 'CREATE_COMPLETE', edits: [], cause: null });
      const again = await up(template, 'one');
      expect(again.output).toContain('nothing to change');
      const gone = await down(template, 'one');
      expect(gone).toMatchObject({ exitCode: 0, errors: '' });
      expect(gone.output).toMatch(/one is gone: \d+ resources removed, .* none left\n$/u);
      await expectNothingLeft();
    },
  );

  it(
    'of a fleet need its controller, which does not go before it',
    { timeout: testLimitMs },
    async () => {
      await up('controller', 'foretide');
      await up('fleet', 'web-fleet');
      const early = await down('controller', 'foretide');
      expect(early.exitCode).toBe(1);
      expect(early.errors).toMatch(/another stack uses it; take that down first .*web-fleet/u);
      expect((await down('fleet', 'web-fleet')).exitCode).toBe(0);
      expect((await down('controller', 'foretide')).exitCode).toBe(0);
      await expectNothingLeft();
    },
  );
});

describe('a stack that is there', () => {
  it(
    'is changed after its changes were shown, and what was edited is said',
    { timeout: testLimitMs },
    async () => {
      await up('hello-asg', 'one');
      const changed = await up('hello-asg', 'one', '--set', 'Maximum=6');
      expect(changed.output).toMatch(
        /changes to the stack one, 1 resources:\n {2}modify {2}Group/u,
      );
      const group = [...stage.cloud.world.groups.values()][0];
      expect(group?.settings.max).toBe(6);
      // By somebody else, past `foretide deploy`.
      const elsewhere = join(stage.home, 'elsewhere.json');
      await up('hello-asg', 'one', '--set', 'Maximum=9', '--manifest', elsewhere);
      const status = await stage.run(['deploy', 'status', 'hello-asg', '--name', 'one']);
      expect(status.output).toContain('edited since it was deployed: Maximum is 9, deployed was 6');
    },
  );

  it(
    'and was edited by hand is told of, property by property, before anything is done',
    { timeout: testLimitMs },
    async () => {
      await up('queue-workers', 'one');
      const { StackResources: made = [] } = await stacks.send(
        new DescribeStackResourcesCommand({ StackName: 'one' }),
      );
      const idOf = (logicalId: string): string =>
        made.find((one) => one.LogicalResourceId === logicalId)?.PhysicalResourceId ?? '';
      const status = async () =>
        (await stage.run(['deploy', 'status', 'queue-workers', '--name', 'one'])).output;
      const group = idOf('Group');
      // What scaling does is no edit.
      expect((await stage.run(['asg', 'set', group, '--desired', '2'])).exitCode).toBe(0);
      expect(await status()).toContain('\nnothing was edited by hand\n');
      expect((await stage.run(['asg', 'set', group, '--max', '7'])).exitCode).toBe(0);
      const sqs = new SQSClient(stage.settings);
      const Attributes = { VisibilityTimeout: '33' };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: idOf('Jobs'), Attributes }));
      sqs.destroy();
      const watch = new CloudWatchClient(stage.settings);
      await watch.send(new DeleteAlarmsCommand({ AlarmNames: [idOf('JobsFail')] }));
      watch.destroy();
      const told = [
        '  Group: MaxSize is 7; the template says 10',
        `    → foretide asg set ${group} --max 10 sets it back; up with --set Maximum=7 keeps it`,
        '  Jobs: VisibilityTimeout is 33; the template says 120',
        `  JobsFail (AWS::CloudWatch::Alarm) ${idOf('JobsFail')} was deleted`,
      ];
      const seen = await status();
      for (const line of told) expect(seen).toContain(`\n${line}\n`);
      const kept = await up('queue-workers', 'one', '--set', 'Maximum=7');
      expect(kept.output).toMatch(/^edited by hand[^]+changes to the stack one, 1 resources/u);
      expect(await status()).not.toContain('MaxSize');
      const gone = await down('queue-workers', 'one');
      expect(gone.output).toContain('Jobs: VisibilityTimeout is 33; the template says 120\n');
      expect(gone.output).toContain('one is gone');
      await expectNothingLeft();
    },
  );

  it(
    'is deployed all the same where nobody may look for edits, and that is said',
    { timeout: testLimitMs },
    async () => {
      await up('iot-core', 'one');
      const message = 'User: a is not authorized to perform: cloudformation:DetectStackDrift';
      const fault = { code: 'AccessDenied', message, status: 403 };
      stage.cloud.faults.inject('DetectStackDrift', { kind: 'error', fault }, 2);
      const again = await up('iot-core', 'one');
      expect(again.output).toMatch(/^edits by hand are not all known: .*denied; ask whoever/u);
      const words = ['deploy', 'status', 'iot-core', '--name', 'one', '--json'];
      const status: unknown = JSON.parse((await stage.run(words)).output);
      expect(status).toMatchObject({
        byHand: { edits: [], gap: expect.stringContaining('denied') },
      });
      const unseen: unknown = JSON.parse((await stage.run([...words, '--no-drift'])).output);
      expect(unseen).toMatchObject({ byHand: null });
    },
  );

  it('and was made by others is left alone', { timeout: testLimitMs }, async () => {
    const TemplateBody = '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}';
    await stacks.send(new CreateStackCommand({ StackName: 'one', TemplateBody }));
    for (const command of ['up', 'down', 'status']) {
      const words = ['deploy', command, 'hello-asg', '--name', 'one'];
      const refused = await stage.run([...words, ...(command === 'status' ? [] : ['--yes'])]);
      expect(refused.exitCode).toBe(1);
      expect(refused.errors).toContain('foretide deploy has not made; choose another --name');
    }
    const { Stacks: [stack] = [] } = await stacks.send(
      new DescribeStacksCommand({ StackName: 'one' }),
    );
    expect(stack?.StackStatus).toMatch(/^CREATE_/u);
  });

  it(
    'is neither made nor left half made where nobody can be asked',
    { timeout: testLimitMs },
    async () => {
      const asked = await stage.run(['deploy', 'up', 'hello-asg', '--name', 'one']);
      expect(asked.exitCode).toBe(1);
      expect(asked.errors).toMatch(/nothing was done: --yes answers/u);
      const { Stacks: left = [] } = await stacks.send(new DescribeStacksCommand({}));
      expect(left).toEqual([]);
    },
  );
});

describe('what stands in the way', () => {
  it(
    'of coming up is named by its root, and the way back is followed',
    { timeout: testLimitMs },
    async () => {
      const words = ['deploy', 'up', 'hello-asg', '--name', 'one', '--yes'];
      const failed = await stage.run([...words, '--set', 'Minimum=9']);
      expect(failed.exitCode).toBe(1);
      expect(failed.errors).toMatch(
        /^foretide: Group \(AWS::AutoScaling::AutoScalingGroup\): .*max/imu,
      );
      expect(failed.errors).toContain('everything was removed again');
      // Stuck: it can only be deleted, which --yes agrees to; then it is made.
      expect((await stage.run(words)).exitCode).toBe(0);
      expect((await down('hello-asg', 'one')).exitCode).toBe(0);
      await expectNothingLeft();
    },
  );

  it(
    'of going is named with the next step, and with what remains',
    { timeout: testLimitMs },
    async () => {
      await up('hello-asg', 'one');
      const { Subnets: [subnet] = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      const SubnetId = subnet?.SubnetId ?? '';
      const { NetworkInterface: busy } = await ec2.send(
        new CreateNetworkInterfaceCommand({ SubnetId }),
      );
      const stuck = await down('hello-asg', 'one');
      expect(stuck.exitCode).toBe(1);
      expect(stuck.errors).toContain(
        `describe-network-interfaces --filters Name=subnet-id,Values=${SubnetId}`,
      );
      expect(stuck.errors).toMatch(/^foretide: still there: .*Network vpc-/mu);
      const NetworkInterfaceId = busy?.NetworkInterfaceId;
      await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
      expect((await down('hello-asg', 'one')).exitCode).toBe(0);
      await expectNothingLeft();
    },
  );

  it('is deletion protection: nothing is touched', { timeout: testLimitMs }, async () => {
    await up('iot-core', 'one');
    const StackName = 'one';
    const protect = { StackName, EnableTerminationProtection: true };
    await stacks.send(new UpdateTerminationProtectionCommand(protect));
    const refused = await down('iot-core', 'one');
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain(
      'protected against deletion, and nothing was done; lift it with',
    );
    const release = { StackName, EnableTerminationProtection: false };
    await stacks.send(new UpdateTerminationProtectionCommand(release));
    expect((await down('iot-core', 'one')).exitCode).toBe(0);
  });
});

it(
  'a command that is interrupted says what goes on, and how to see it and to end it',
  { timeout: testLimitMs },
  async () => {
    // Slow enough that it cannot be through before the interrupt has come.
    const slow = await openDeployStage(40);
    onTestFinished(() => slow.close());
    const words = ['deploy', 'up', 'hello-asg', '--name', 'one', '--yes'];
    const { errors, exitCode } = await slow.interrupt(words, 'CREATE_IN_PROGRESS');
    expect(exitCode).toBe(130);
    expect(errors).toContain('foretide deploy status hello-asg --name one says how far it is');
    await vi.waitFor(
      async () => {
        const gone = await slow.run(['deploy', 'down', 'hello-asg', '--name', 'one', '--yes']);
        expect(gone.output).toContain('one is gone');
      },
      { timeout: 60_000 },
    );
  },
);

describe('nothing is left of a stack', () => {
  it('that cannot be noted anywhere', { timeout: testLimitMs }, async () => {
    const words = ['deploy', 'up', 'iot-core', '--name', 'one', '--yes'];
    const refused = await stage.run([...words, '--manifest', '/proc/one.json']);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toMatch(/^foretide: what is made cannot be noted in .*--manifest\n$/u);
    const { Stacks: left = [] } = await stacks.send(new DescribeStacksCommand({}));
    expect(left).toEqual([]);
  });

  it('whose name is none', async () => {
    const { errors, exitCode } = await stage.run(['deploy', 'up', 'iot-core', '--name', 'a b']);
    expect({ errors, exitCode }).toEqual({
      errors:
        'foretide: found --name "a b", allowed: a letter, then letters, digits and -, 128 at most\n',
      exitCode: 2,
    });
  });
});

describe('who asks', () => {
  const words = ['deploy', 'status', 'hello-asg', '--name', 'one'];

  it('without credentials is told how to get some', async () => {
    const { errors, exitCode } = await runForetide(words, stage.home, { AWS_REGION: 'us-east-1' });
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: expect.stringMatching(
        /^foretide: AWS: there are no credentials; sign in with .*\n$/u,
      ),
    });
  });

  it('without a region is told to name one', async () => {
    const { errors } = await stage.run(words, { AWS_REGION: '' });
    expect(errors).toMatch(/^foretide: AWS: no region is named; give --region .*\n$/u);
  });

  it('with an expired token, or without the right, is told whom to turn to', async () => {
    const { faults } = stage.cloud;
    const refuse = (code: string, message: string) =>
      faults.inject('*', { kind: 'error', fault: { code, message, status: 403 } });
    refuse('ExpiredToken', 'The security token included in the request is expired');
    expect((await stage.run(words)).errors).toMatch(/credentials have expired; sign in again/u);
    refuse('AccessDenied', 'User: a is not authorized to perform: sts:GetCallerIdentity');
    expect((await stage.run(words)).errors).toMatch(/denied; ask whoever manages your rights/u);
  });

  it('in another region than before is told where it is', { timeout: testLimitMs }, async () => {
    const manifest = join(stage.home, 'one.json');
    await up('iot-core', 'one', '--manifest', manifest);
    const elsewhere = ['--region', 'eu-west-1', '--manifest', manifest, '--yes'];
    const refused = await stage.run(['deploy', 'down', 'iot-core', '--name', 'one', ...elsewhere]);
    expect(refused.errors).toMatch(
      /deployed to account \d+ in us-east-1, .* in eu-west-1; change/u,
    );
  });
});
