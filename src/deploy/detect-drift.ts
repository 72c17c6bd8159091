// Asks CloudFormation what was changed past it: a detection is begun, waited for, and read. That it
// cannot be had never stands in the way of a deployment; it is said.

import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  type CloudFormationClient,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainAwsError } from './deploy-error.ts';

export interface FoundDrift {
  /** Those that were changed or are gone. */
  readonly drifted: readonly StackResourceDrift[];
  /** Why not all of it is known, in one line; null where it is. */
  readonly gap: string | null;
}

/** Detections take seconds to minutes, by the number of resources. */
const waitMaxMs = 180_000;
const pauseFirstMs = 250;
const pauseMaxMs = 3_000;
const pauseGrowth = 1.4;
const pagesMax = 100;

/** In which AWS looks for drift; in all others there is nothing to be told. */
const detectable = /^(?:CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_(?:COMPLETE|FAILED))$/u;

export function isDetectable(status: string | undefined): boolean {
  return detectable.test(status ?? '');
}

export async function detectDrift(
  client: CloudFormationClient,
  stackId: string,
): Promise<FoundDrift> {
  const startedAt = performance.now();
  const isTimeLeft = (): boolean => performance.now() - startedAt < waitMaxMs;
  try {
    const reason = await runDetection(client, stackId, isTimeLeft);
    return { drifted: await readDrifts(client, stackId), gap: reason };
  } catch (error) {
    return { drifted: [], gap: explainAwsError(error, 'drift cannot be looked for').message };
  }
}

/** Null when all was looked at, else why not. */
async function runDetection(
  client: CloudFormationClient,
  stackId: string,
  isTimeLeft: () => boolean,
): Promise<string | null> {
  let id: string | undefined;
  let pauseMs = pauseFirstMs;
  while (isTimeLeft()) {
    id ??= await begin(client, stackId);
    if (id !== undefined) {
      const ask = { StackDriftDetectionId: id };
      const answer = await client.send(new DescribeStackDriftDetectionStatusCommand(ask));
      if (answer.DetectionStatus === 'DETECTION_COMPLETE') return null;
      if (answer.DetectionStatus === 'DETECTION_FAILED') {
        return `AWS could not look at all of it: ${answer.DetectionStatusReason ?? 'no reason given'}`;
      }
    }
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMaxMs, pauseMs * pauseGrowth);
  }
  return `AWS is still looking after ${waitMaxMs / 1000} s; ask again in a minute`;
}

/** Undefined while somebody else's detection is under way. */
async function begin(client: CloudFormationClient, stackId: string): Promise<string | undefined> {
  try {
    const begun = await client.send(new DetectStackDriftCommand({ StackName: stackId }));
    return begun.StackDriftDetectionId;
  } catch (error) {
    if (error instanceof Error && /already in progress/iu.test(error.message)) return undefined;
    throw error;
  }
}

async function readDrifts(
  client: CloudFormationClient,
  stackId: string,
): Promise<readonly StackResourceDrift[]> {
  const drifts: StackResourceDrift[] = [];
  let token: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await client.send(
      new DescribeStackResourceDriftsCommand({
        StackName: stackId,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    drifts.push(...(answer.StackResourceDrifts ?? []));
    token = answer.NextToken;
    if (token === undefined) break;
  }
  return drifts;
}
