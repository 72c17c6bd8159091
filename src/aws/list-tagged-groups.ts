// Finds Auto Scaling groups by their tags. What they are scaled by is the config's.

import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling';

import type { TaggedGroup, TaggedGroups } from '../controller/ports/tagged-groups.ts';
import type { AutoScalingConnection } from './auto-scaling-clients.ts';
import { callAws } from './call.ts';
import { namesPerRequestMax } from './describe-groups.ts';
import type { AwsLimits } from './limits.ts';

/** The groups that have all these tags; the value * is any. Never rejects. */
export async function listTaggedGroups(
  tags: Readonly<Record<string, string>>,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<TaggedGroups> {
  const filters = Object.entries(tags).map(([tag, value]) =>
    value === '*' ? { Name: 'tag-key', Values: [tag] } : { Name: `tag:${tag}`, Values: [value] },
  );
  const found: TaggedGroup[] = [];
  let token: string | undefined;
  for (let page = 0; page < limits.pagesMax; page += 1) {
    const command = new DescribeAutoScalingGroupsCommand({
      Filters: filters,
      IncludeInstances: false,
      MaxRecords: namesPerRequestMax,
      ...(token !== undefined && { NextToken: token }),
    });
    const answer = await callAws({
      gate: connection.describeGate,
      turnTimeoutMs: limits.turnTimeoutMs,
      deadlineMs: limits.callDeadlineMs,
      send: async (abortSignal) => await connection.client.send(command, { abortSignal }),
    });
    if (!answer.ok) return fail(answer.failure.message);
    const { AutoScalingGroups: groups, NextToken: next } = answer.value;
    if (groups === undefined) return fail('the answer has no list of groups');
    found.push(...groups.flatMap(readFound));
    if (next === undefined || next === '') {
      return { kind: 'listed', groups: found.toSorted(byName) };
    }
    token = next;
  }
  return fail(`more than ${limits.pagesMax} pages`);
}

function readFound(group: Partial<AutoScalingGroup>): readonly TaggedGroup[] {
  const { AutoScalingGroupName: name, MinSize: min, MaxSize: max, Status: status } = group;
  // A status is there only while the group is being deleted.
  if (name === undefined || min === undefined || max === undefined) return [];
  if (status !== undefined && status !== '') return [];
  const tags = (group.Tags ?? []).flatMap(({ Key: key, Value: value }) =>
    key === undefined ? [] : [[key, value ?? ''] as const],
  );
  return [{ autoScalingGroup: name, min, max, tags: Object.fromEntries(tags) }];
}

function byName(one: TaggedGroup, other: TaggedGroup): number {
  return one.autoScalingGroup < other.autoScalingGroup ? -1 : 1;
}

function fail(message: string): TaggedGroups {
  return { kind: 'failed', message: `DescribeAutoScalingGroups: ${message}` };
}
