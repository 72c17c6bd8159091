// `foretide init` against the local cloud: what AWS's SDK put there comes out as a config.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../src/cli/clocks.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { localIdentity, runForetide } from './deploy-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretide-init-'));
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let cloud: LocalCloud;

async function run(...words: readonly string[]) {
  return await runForetide(['init', ...words], folder, {
    ...localIdentity,
    AWS_ENDPOINT_URL: cloud.url,
  });
}

beforeAll(async () => {
  cloud = await startLocalCloud({
    clock: createClock(),
    worldOptions: { seed: 1 },
    throttling: 'off',
  });
  const connection = { endpoint: cloud.url, region: 'us-east-1', credentials };
  const client = new AutoScalingClient(connection);
  const launch = { LaunchConfigurationName: 'l', ImageId: 'ami-1', InstanceType: 'm5.large' };
  await client.send(new CreateLaunchConfigurationCommand(launch));
  for (const name of ['shop', 'plain']) {
    await client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        LaunchConfigurationName: 'l',
        MinSize: 2,
        MaxSize: 12,
        DesiredCapacity: 3,
        DefaultCooldown: 240,
        AvailabilityZones: ['us-east-1a'],
      }),
    );
  }
  const of = { AutoScalingGroupName: 'shop' };
  await client.send(
    new PutScalingPolicyCommand({
      ...of,
      PolicyName: 'keep-55',
      PolicyType: 'TargetTrackingScaling',
      EstimatedInstanceWarmup: 90,
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: 55,
        DisableScaleIn: true,
      },
    }),
  );
  const alarms = new CloudWatchClient(connection);
  const putSteps = async (
    name: string,
    threshold: number,
    steps: readonly { readonly low?: number; readonly high?: number; readonly change: number }[],
  ): Promise<void> => {
    const put = await client.send(
      new PutScalingPolicyCommand({
        ...of,
        PolicyName: name,
        PolicyType: 'StepScaling',
        AdjustmentType: 'ChangeInCapacity',
        StepAdjustments: steps.map(({ low, high, change }) => ({
          MetricIntervalLowerBound: low,
          MetricIntervalUpperBound: high,
          ScalingAdjustment: change,
        })),
      }),
    );
    const isOut = (steps[0]?.change ?? 0) > 0;
    await alarms.send(
      new PutMetricAlarmCommand({
        AlarmName: `${name}-alarm`,
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'shop' }],
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: threshold,
        ComparisonOperator: isOut ? 'GreaterThanOrEqualToThreshold' : 'LessThanOrEqualToThreshold',
        AlarmActions: [put.PolicyARN ?? ''],
      }),
    );
  };
  await putSteps('out', 70, [
    { low: 0, high: 15, change: 1 },
    { low: 15, change: 3 },
  ]);
  await putSteps('in', 30, [{ high: 0, change: -1 }]);
  for (const [name, cron, min] of [
    ['morning', '0 8 * * *', 6],
    ['evening', '0 20 * * *', 2],
  ] as const) {
    await client.send(
      new PutScheduledUpdateGroupActionCommand({
        ...of,
        ScheduledActionName: name,
        Recurrence: cron,
        MinSize: min,
      }),
    );
  }
  client.destroy();
  alarms.destroy();
});

afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('foretide init', () => {
  it('lists the groups where several are there and none is named', async () => {
    const { exitCode, errors } = await run();
    expect({ exitCode, errors }).toEqual({
      exitCode: 2,
      errors: 'foretide: --group says which: plain, shop\n',
    });
  });

  it('translates what scales a group today, and says what it found', async () => {
    const { exitCode, output, errors } = await run('--group', 'shop');
    expect(errors).toBe('');
    expect(exitCode).toBe(0);
    expect(output).toContain('foretide.yaml written');
    const text = readFileSync(join(folder, 'foretide.yaml'), 'utf8');
    const outcome = loadConfig(text, 'foretide.yaml');
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    const [one] = outcome.config.groups;
    expect(one?.group).toMatchObject({
      name: 'shop',
      mode: 'advise',
      min: 2,
      max: 12,
      warmupMs: 90_000,
      cooldown: { scaleOutMs: 0, scaleInMs: 240_000 },
    });
    expect(one?.group.policies).toMatchObject([
      { type: 'target-tracking', target: 0.55 },
      {
        type: 'step',
        adjustment: 'change-in-capacity',
        steps: [
          { lower: null, upper: 0.3, change: -1 },
          { lower: 0.7, upper: 0.85, change: 1 },
          { lower: 0.85, upper: null, change: 3 },
        ],
      },
      { type: 'schedule' },
    ]);
    expect(text).toContain('cron: 0 8 * * *, duration: 720m, min: 6');
    expect(text).toContain('# Found "keep-55": target tracking of ASGAverageCPUUtilization at 55');
    expect(text).toContain('scaleIn: forbid');
  });

  it(
    'leaves a file alone that is there, unless it is told otherwise',
    { timeout: 60_000 },
    async () => {
      const path = join(folder, 'other.yaml');
      expect(await run('--group', 'plain', '-c', path)).toMatchObject({ exitCode: 0 });
      const first = readFileSync(path, 'utf8');
      expect(first).toContain('target: 60%');
      const again = await run('--group', 'shop', '-c', path);
      expect(again).toMatchObject({ exitCode: 2 });
      expect(again.errors).toContain('is there already; --force writes over it');
      expect(readFileSync(path, 'utf8')).toBe(first);
      expect(await run('--group', 'shop', '-c', path, '--force')).toMatchObject({ exitCode: 0 });
      expect(readFileSync(path, 'utf8')).not.toBe(first);
    },
  );

  it('says so where AWS knows no such group', async () => {
    const { exitCode, errors } = await run('--group', 'ship', '-c', 'no.yaml');
    expect(exitCode).toBe(2);
    expect(errors).toBe(
      'foretide: AWS knows no Auto Scaling group ship in this account and region\n',
    );
  });
});
