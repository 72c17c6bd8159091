// How an Auto Scaling group is scaled by AWS today: its bounds, its scaling policies with the alarms
// behind them, its scheduled actions. Read once, for a config to begin with; the controller needs none.

import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  type AutoScalingGroup,
  type ScalingPolicy,
  type ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';

export interface GroupSetup {
  readonly group: AutoScalingGroup;
  readonly policies: readonly ScalingPolicy[];
  readonly scheduledActions: readonly ScheduledUpdateGroupAction[];
  /** Those that start the step and simple policies. */
  readonly alarms: readonly MetricAlarm[];
}

/** Pages of one list that are read at most; 100 entries each. */
const pagesMax = 50;

/** The groups of these names, or all; rejects with the SDK's own errors. */
export async function listGroups(names: readonly string[]): Promise<readonly AutoScalingGroup[]> {
  const client = new AutoScalingClient({});
  try {
    return await readPages(async (token) => {
      const command = new DescribeAutoScalingGroupsCommand({
        ...(names.length > 0 && { AutoScalingGroupNames: [...names] }),
        ...token,
      });
      const { AutoScalingGroups: items = [], NextToken: next } = await client.send(command);
      return { items, next };
    });
  } finally {
    client.destroy();
  }
}

/** What scales this group; rejects with the SDK's own errors. */
export async function readSetup(group: AutoScalingGroup): Promise<GroupSetup> {
  const client = new AutoScalingClient({});
  const of = { AutoScalingGroupName: group.AutoScalingGroupName };
  try {
    const policies = await readPages(async (token) => {
      const answer = await client.send(new DescribePoliciesCommand({ ...of, ...token }));
      return { items: answer.ScalingPolicies ?? [], next: answer.NextToken };
    });
    const scheduledActions = await readPages(async (token) => {
      const answer = await client.send(new DescribeScheduledActionsCommand({ ...of, ...token }));
      return { items: answer.ScheduledUpdateGroupActions ?? [], next: answer.NextToken };
    });
    const started = policies.filter(({ PolicyType }) => PolicyType !== 'TargetTrackingScaling');
    const arns = started.flatMap(({ PolicyARN }) => PolicyARN ?? []);
    return { group, policies, scheduledActions, alarms: await readAlarms(arns) };
  } finally {
    client.destroy();
  }
}

/** The alarms that start one of these policies. */
async function readAlarms(arns: readonly string[]): Promise<readonly MetricAlarm[]> {
  const client = new CloudWatchClient({});
  const alarms: MetricAlarm[] = [];
  try {
    for (const arn of arns) {
      const answer = await client.send(new DescribeAlarmsCommand({ ActionPrefix: arn }));
      alarms.push(...(answer.MetricAlarms ?? []));
    }
    return alarms;
  } finally {
    client.destroy();
  }
}

async function readPages<T>(
  read: (token: { readonly NextToken?: string }) => Promise<{
    readonly items: readonly T[];
    readonly next: string | undefined;
  }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: { readonly NextToken?: string } = {};
  for (let page = 0; page < pagesMax; page += 1) {
    const { items, next } = await read(token);
    all.push(...items);
    if (next === undefined || next === '') return all;
    token = { NextToken: next };
  }
  throw new Error(`AWS answered with more than ${pagesMax} pages`);
}
