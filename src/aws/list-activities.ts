// Asks AWS for the newest scaling activities of one group.

import { DescribeScalingActivitiesCommand, type Activity } from '@aws-sdk/client-auto-scaling';

import {
  activitiesListedMax,
  type ActivitiesOutcome,
  type ScalingActivity,
} from '../controller/ports/scaling-activities.ts';
import type { AutoScalingConnection } from './auto-scaling-clients.ts';
import { callAws } from './call.ts';
import { toDescribeFailureCode } from './errors.ts';
import type { AwsLimits } from './limits.ts';
import { toPublicMessage } from './public-message.ts';

/** Never rejects. */
export async function listActivities(
  name: string,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<ActivitiesOutcome> {
  const command = new DescribeScalingActivitiesCommand({
    AutoScalingGroupName: name,
    MaxRecords: activitiesListedMax,
  });
  const outcome = await callAws({
    gate: connection.describeGate,
    turnTimeoutMs: limits.turnTimeoutMs,
    deadlineMs: limits.callDeadlineMs,
    send: async (abortSignal) => await connection.client.send(command, { abortSignal }),
  });
  if (outcome.ok) {
    return { kind: 'listed', activities: (outcome.value.Activities ?? []).flatMap(readActivity) };
  }
  const { kind, message } = outcome.failure;
  // "Group web not found": a ValidationError like many others.
  if (/\bnot found\b/i.test(message)) return { kind: 'missing' };
  const code = toDescribeFailureCode(kind);
  return { kind: 'failed', code, message: `DescribeScalingActivities: ${message}` };
}

function readActivity(activity: Partial<Activity>): ScalingActivity[] {
  const { StartTime: start, EndTime: end, StatusMessage: failure } = activity;
  if (start === undefined) return [];
  const status = readStatus(activity.StatusCode);
  return [
    {
      kind: activity.Description?.startsWith('Launching a new ') === true ? 'launch' : 'other',
      status,
      startedAt: start.getTime(),
      endedAt: end?.getTime() ?? null,
      cause: activity.Cause ?? '',
      failure: status === 'failed' ? toPublicMessage(failure ?? 'no cause given') : null,
    },
  ];
}

function readStatus(code: string | undefined): ScalingActivity['status'] {
  if (code === 'Successful') return 'successful';
  if (code === 'Failed') return 'failed';
  return code === 'Cancelled' ? 'cancelled' : 'open';
}
