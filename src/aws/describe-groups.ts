// Asks AWS for the description of many groups of one client: in batches of names, page by page.

import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
} from '@aws-sdk/client-auto-scaling';

import type { DescribeOutcome } from '../controller/ports/scaling-target.ts';
import type { EpochMs } from '../core/time.ts';
import type { AutoScalingConnection } from './auto-scaling-clients.ts';
import { callAws, type CallOutcome } from './call.ts';
import { toDescribeFailureCode } from './errors.ts';
import { readGroupDescription } from './group-description.ts';
import type { AwsLimits } from './limits.ts';

/** Names and records of one request: AWS's own maximum. */
export const namesPerRequestMax = 100;

export interface DescribeContext {
  readonly connection: AutoScalingConnection;
  readonly limits: AwsLimits;
  readonly now: () => EpochMs;
}

/** The outcome for each of at most `namesPerRequestMax` names. Never rejects. */
export async function describeBatch(
  names: readonly string[],
  context: DescribeContext,
): Promise<ReadonlyMap<string, DescribeOutcome>> {
  const found = new Map<string, DescribeOutcome>();
  let token: string | undefined;
  for (let page = 0; page < context.limits.pagesMax; page += 1) {
    const answer = await describePage(names, token, context);
    if (!answer.ok) {
      const { kind, message } = answer.failure;
      return fillIn(names, found, {
        kind: 'failed',
        code: toDescribeFailureCode(kind),
        message: `DescribeAutoScalingGroups: ${message}`,
      });
    }
    const { groups, describedAt, nextToken } = answer.value;
    if (groups === null) {
      return fillIn(names, found, malformed('the answer has no list of groups'));
    }
    for (const group of groups) {
      const name = group.AutoScalingGroupName;
      if (name !== undefined) found.set(name, describeGroup(group, describedAt));
    }
    if (nextToken === null) return fillIn(names, found, { kind: 'missing' });
    token = nextToken;
  }
  return fillIn(names, found, malformed(`more than ${context.limits.pagesMax} pages`));
}

interface Page {
  /** Null: the answer is not one of this operation. */
  readonly groups: readonly AutoScalingGroup[] | null;
  readonly describedAt: EpochMs;
  readonly nextToken: string | null;
}

async function describePage(
  names: readonly string[],
  token: string | undefined,
  { connection, limits, now }: DescribeContext,
): Promise<CallOutcome<Page>> {
  return await callAws({
    gate: connection.describeGate,
    turnTimeoutMs: limits.turnTimeoutMs,
    deadlineMs: limits.callDeadlineMs,
    send: async (signal) => {
      const describedAt = now();
      const command = new DescribeAutoScalingGroupsCommand({
        AutoScalingGroupNames: [...names],
        MaxRecords: namesPerRequestMax,
        ...(token !== undefined && { NextToken: token }),
      });
      const output = await connection.client.send(command, { abortSignal: signal });
      const nextToken = output.NextToken ?? '';
      return {
        groups: output.AutoScalingGroups ?? null,
        describedAt,
        nextToken: nextToken === '' ? null : nextToken,
      };
    },
  });
}

function describeGroup(group: AutoScalingGroup, describedAt: EpochMs): DescribeOutcome {
  const description = readGroupDescription(group, describedAt);
  return description === null
    ? malformed('the answer lacks the minimum, maximum or desired size of the group')
    : { kind: 'described', description };
}

/** What is known stays known: one page that fails does not take back the pages before it. */
function fillIn(
  names: readonly string[],
  found: Map<string, DescribeOutcome>,
  otherwise: DescribeOutcome,
): ReadonlyMap<string, DescribeOutcome> {
  for (const name of names) {
    if (!found.has(name)) found.set(name, otherwise);
  }
  return found;
}

function malformed(message: string): DescribeOutcome {
  return { kind: 'failed', code: 'failed', message: `DescribeAutoScalingGroups: ${message}` };
}
