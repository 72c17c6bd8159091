// An Auto Scaling group as AWS sees it, and its size changed by hand: no policy, no guardrail, just
// what the console would do.

import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  UpdateAutoScalingGroupCommand,
  type Activity,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling';
import { DeployError, explainAwsError } from './deploy-error.ts';
import type { SessionSettings } from './session.ts';

export interface Sizes {
  readonly min?: number;
  readonly max?: number;
  readonly desired?: number;
}

export interface SeenGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly suspended: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly instances: readonly {
    readonly id: string;
    readonly lifecycleState: string;
    readonly health: string;
    readonly zone: string;
    readonly instanceType: string;
    readonly isProtected: boolean;
  }[];
  /** The newest first. */
  readonly activities: readonly {
    readonly startedAt: string;
    readonly status: string;
    readonly description: string;
    readonly cause: string;
  }[];
}

const activitiesShown = 8;

export async function seeGroup(settings: SessionSettings, name: string): Promise<SeenGroup> {
  return await withClient(settings, name, async (client) => {
    const group = await findGroup(client, name);
    const { Activities: activities = [] } = await client.send(
      new DescribeScalingActivitiesCommand({
        AutoScalingGroupName: name,
        MaxRecords: activitiesShown,
      }),
    );
    return describeGroup(group, activities);
  });
}

/** Changes what is given and leaves the rest; returns the group as it is then. */
export async function sizeGroup(
  settings: SessionSettings,
  name: string,
  sizes: Sizes,
): Promise<SeenGroup> {
  await withClient(settings, name, async (client) => {
    const group = await findGroup(client, name);
    refuseNonsense(name, { ...sizesOf(group), ...sizes }, sizes);
    const { desired, max, min } = sizes;
    await client.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        ...(min !== undefined && { MinSize: min }),
        ...(max !== undefined && { MaxSize: max }),
        ...(desired !== undefined && { DesiredCapacity: desired }),
      }),
    );
  });
  return await seeGroup(settings, name);
}

/** What AWS would refuse, said before it is asked, with what is allowed. */
function refuseNonsense(name: string, wanted: Required<Sizes>, given: Sizes): void {
  const { desired, max, min } = wanted;
  if (min > max) {
    throw new DeployError(`${name}: found min ${min} above max ${max}; give both, or another`);
  }
  if (given.desired !== undefined && (desired < min || desired > max)) {
    throw new DeployError(`${name}: found desired ${desired}, allowed: ${min} to ${max}`);
  }
}

async function withClient<T>(
  settings: SessionSettings,
  name: string,
  run: (client: AutoScalingClient) => Promise<T>,
): Promise<T> {
  const client = new AutoScalingClient(settings);
  try {
    return await run(client);
  } catch (error) {
    throw error instanceof DeployError ? error : explainAwsError(error, name);
  } finally {
    client.destroy();
  }
}

async function findGroup(client: AutoScalingClient, name: string): Promise<AutoScalingGroup> {
  const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
  const { AutoScalingGroups: [group] = [] } = await client.send(command);
  if (group !== undefined) return group;
  throw new DeployError(`AWS knows no Auto Scaling group ${name} in this account and region`);
}

function sizesOf({ DesiredCapacity, MaxSize, MinSize }: AutoScalingGroup): Required<Sizes> {
  return { min: MinSize ?? 0, max: MaxSize ?? 0, desired: DesiredCapacity ?? 0 };
}

function describeGroup(group: AutoScalingGroup, activities: readonly Activity[]): SeenGroup {
  return {
    name: group.AutoScalingGroupName ?? '',
    ...sizesOf(group),
    suspended: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    tags: Object.fromEntries((group.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    instances: (group.Instances ?? []).map((one) => ({
      id: one.InstanceId ?? '',
      lifecycleState: one.LifecycleState ?? '',
      health: one.HealthStatus ?? '',
      zone: one.AvailabilityZone ?? '',
      instanceType: one.InstanceType ?? '',
      isProtected: one.ProtectedFromScaleIn === true,
    })),
    activities: activities.map((one) => ({
      startedAt: one.StartTime?.toISOString() ?? '',
      status: one.StatusCode ?? '',
      description: one.Description ?? '',
      cause: one.Cause ?? '',
    })),
  };
}
