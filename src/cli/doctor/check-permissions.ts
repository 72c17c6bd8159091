// Whether a role may do what the controller does: asked of IAM action by action, or, where IAM may not
// be asked, by calls that change nothing.

import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { explainAwsError, isAbsent } from '../../deploy/deploy-error.ts';
import type { Session } from '../../deploy/session.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const managedTag = { key: 'managed-by', value: 'foretide' };
const advice = 'the rights are listed in docs/deploy.md, "The rights of the controller"';

const looks = [
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeScalingActivities',
  'cloudwatch:GetMetricData',
];
const changes = [
  'autoscaling:SetDesiredCapacity',
  'autoscaling:TerminateInstanceInAutoScalingGroup',
];
/** What a group needs besides, where its config asks for it. */
const extraRights = {
  warmPool: { looks: ['autoscaling:DescribeWarmPool'], changes: ['autoscaling:PutWarmPool'] },
  nativePolicy: {
    looks: ['autoscaling:DescribePolicies'],
    changes: ['autoscaling:PutScalingPolicy'],
  },
} as const;
/** With it the tag that limits all others is no limit. */
const neverWanted = ['autoscaling:CreateOrUpdateTags'];

export interface PermissionRequest {
  readonly session: Session;
  /** A role by name; null takes whoever asks. */
  readonly role: string | null;
  readonly groups: readonly ExaminedGroup[];
}

export interface ExaminedGroup {
  /** Of the Auto Scaling group. */
  readonly name: string;
  readonly needs: readonly (keyof typeof extraRights)[];
}

export async function checkPermissions(request: PermissionRequest): Promise<readonly Finding[]> {
  const { groups: examined, role, session } = request;
  const names = examined.map(({ name }) => name);
  const needs = new Map(examined.map((group) => [group.name, group.needs]));
  const described = await describeGroups(session, names);
  if ('problem' in described) return [described.problem];
  const { groups } = described;
  const principal = principalOf(session, role);
  const present = checkGroups(names, groups);
  if (principal === null) {
    const message = 'the root user may do everything';
    return [
      ...present,
      warn('permissions', message, 'run Foretide as a role; the template makes it'),
    ];
  }
  const iam = new IAMClient(session.settings);
  try {
    const simulate = createSimulator(iam, principal);
    const findings: Finding[] = [];
    const needed = examined.flatMap((group) => group.needs.map((need) => extraRights[need].looks));
    for (const action of new Set([...looks, ...needed.flat()])) {
      findings.push(judge(action, null, await simulate([action], null)));
    }
    for (const group of groups) {
      const name = group.AutoScalingGroupName ?? '';
      const extra = (needs.get(name) ?? []).flatMap((need) => extraRights[need].changes);
      for (const action of [...changes, ...extra]) {
        findings.push(judge(action, name, await simulate([action], group)));
      }
    }
    for (const action of neverWanted) {
      const isAllowed = (await simulate([action], groups[0] ?? null)) === 'allowed';
      if (!isAllowed) continue;
      const message = `${action} is allowed: it could take any group for its own`;
      findings.push(warn('permissions', message, `deny it; ${advice}`));
    }
    return [...present, ...findings];
  } catch (error) {
    if (isAbsent(error)) return [...present, tellNoRole(principal)];
    const { message } = explainAwsError(error, 'IAM cannot be asked');
    const next =
      'the groups can be described, and changes were not tried; allow iam:SimulatePrincipalPolicy to know';
    return [...present, warn('permissions', message, next)];
  } finally {
    iam.destroy();
  }
}

function judge(action: string, group: string | null, decision: string): Finding {
  const what = group === null ? action : `${action} on ${group}`;
  return decision === 'allowed'
    ? ok('permissions', `${what} is allowed`)
    : fail('permissions', `${what} is denied (${decision})`, advice);
}

function checkGroups(
  names: readonly string[],
  groups: readonly AutoScalingGroup[],
): readonly Finding[] {
  return names.map((name) => {
    const group = groups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
    if (group === undefined) {
      const next = 'check its name, and the region and account that are asked';
      return fail('groups', `AWS knows no Auto Scaling group ${name}`, next);
    }
    const isTagged = group.Tags?.some(
      ({ Key, Value }) => Key === managedTag.key && Value === managedTag.value,
    );
    if (isTagged === true) return ok('groups', `${name} is there and tagged`);
    const tag = `ResourceId=${name},ResourceType=auto-scaling-group,Key=managed-by,Value=foretide,PropagateAtLaunch=false`;
    const next = `aws autoscaling create-or-update-tags --tags ${tag}`;
    return warn('groups', `${name} is not tagged managed-by = foretide`, next);
  });
}

type Described = { readonly groups: readonly AutoScalingGroup[] } | { readonly problem: Finding };

async function describeGroups({ settings }: Session, names: readonly string[]): Promise<Described> {
  const client = new AutoScalingClient(settings);
  try {
    if (names.length === 0) return { groups: [] };
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [...names] });
    return { groups: (await client.send(command)).AutoScalingGroups ?? [] };
  } catch (error) {
    const { message } = explainAwsError(error, 'the groups cannot be described');
    return { problem: fail('groups', message, advice) };
  } finally {
    client.destroy();
  }
}

type Simulate = (actions: readonly string[], group: AutoScalingGroup | null) => Promise<string>;

function createSimulator(iam: IAMClient, principal: string): Simulate {
  return async (actions, group) => {
    const answer = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: [...actions],
        ...(group !== null && {
          ResourceArns: [group.AutoScalingGroupARN ?? '*'],
          ContextEntries: (group.Tags ?? []).map(({ Key, Value }) => ({
            ContextKeyName: `autoscaling:ResourceTag/${Key}`,
            ContextKeyType: 'string' as const,
            ContextKeyValues: [Value ?? ''],
          })),
        }),
      }),
    );
    return answer.EvaluationResults?.[0]?.EvalDecision ?? 'not decided';
  };
}

export function tellNoRole(principal: string): Finding {
  const next = 'the output RoleName of the stack of the controller is its role';
  return fail('permissions', `IAM knows no ${principal}`, next);
}

/** Whose policies are simulated; null for the root user, who has none. */
export function principalOf({ accountId, caller }: Session, role: string | null): string | null {
  const assumed = /^arn:([\w-]+):sts::\d+:assumed-role\/([^/]+)\//u.exec(caller);
  const partition = /^arn:([\w-]+):/u.exec(caller)?.[1] ?? 'aws';
  const name = role ?? assumed?.[2] ?? null;
  if (name !== null) return `arn:${partition}:iam::${accountId}:role/${name}`;
  return caller.endsWith(':root') ? null : caller;
}
