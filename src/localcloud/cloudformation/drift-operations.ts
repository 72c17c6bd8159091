// The operations that look for what was changed past a stack.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { CloudFormation } from '../../cloud/cloudformation/cloudformation.ts';
import { findStack } from '../../cloud/cloudformation/cloudformation.ts';
import {
  detectDrift,
  findDetection,
  findDrifts,
  isDrifted,
} from '../../cloud/cloudformation/drift-detection.ts';
import { refuseUnknownStack } from '../../cloud/cloudformation/faults.ts';
import type { PropertyDifference } from '../../cloud/cloudformation/find-drift.ts';
import type { Json } from '../../cloud/cloudformation/json.ts';
import { textOf } from '../../cloud/cloudformation/json.ts';
import type { DriftDetection, ResourceDrift, Stack } from '../../cloud/cloudformation/stack.ts';
import { succeed } from '../../cloud/fault.ts';
import { integer, list, oneOf, operation, required, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';
import { takePage } from '../paging.ts';
import { stackName } from './stack-input.ts';

type Output = Readonly<Record<string, unknown>>;

/** "MaxResults: minimum value of 1, maximum value of 100": DescribeStackResourceDrifts. */
const PAGE_MAX = 100;
const STATUSES = ['IN_SYNC', 'MODIFIED', 'DELETED', 'NOT_CHECKED'] as const;

export function createDriftOperations(cloudFormation: CloudFormation): Operations {
  return {
    DetectStackDrift: operation(
      { StackName: stackName, LogicalResourceIds: list(required(text(), '')) },
      ({ LogicalResourceIds: logicalIds, StackName: stack }, { now }) => {
        const begun = detectDrift(cloudFormation, { stack, logicalIds }, now);
        return begun.ok ? succeed({ StackDriftDetectionId: begun.value.id }) : begun;
      },
    ),
    DescribeStackDriftDetectionStatus: operation(
      { StackDriftDetectionId: required(text({ min: 1, max: 36 }), '') },
      ({ StackDriftDetectionId: id }, { now }) => {
        const found = findDetection(cloudFormation, id);
        return found.ok ? succeed(detectionOutput(found.value, now)) : found;
      },
    ),
    DescribeStackResourceDrifts: operation(
      {
        StackName: stackName,
        StackResourceDriftStatusFilters: list(required(oneOf(STATUSES), 'IN_SYNC')),
        MaxResults: integer({ min: 1, max: PAGE_MAX }),
        NextToken: text(),
      },
      (input, { now }) => {
        const { StackName: name, StackResourceDriftStatusFilters: wanted } = input;
        const stack = findStack(cloudFormation, name);
        if (stack === undefined) return refuseUnknownStack(name);
        const drifts = findDrifts(stack, now).filter(
          ({ status }) => wanted.length === 0 || wanted.includes(status),
        );
        const size = input.MaxResults ?? PAGE_MAX;
        const page = takePage(drifts, ({ logicalId }) => logicalId, {
          size,
          token: input.NextToken,
        });
        if (!page.ok) return page;
        return succeed({
          StackResourceDrifts: page.value.items.map((drift) => driftOutput(stack, drift)),
          NextToken: page.value.nextToken,
        });
      },
    ),
  };
}

function detectionOutput(
  { detection, stack }: { readonly detection: DriftDetection; readonly stack: Stack },
  now: number,
): Output {
  const isOver = now >= detection.completesAt;
  const count = detection.drifts.filter(isDrifted).length;
  return {
    StackId: stack.id,
    StackDriftDetectionId: detection.id,
    DetectionStatus: isOver ? 'DETECTION_COMPLETE' : 'DETECTION_IN_PROGRESS',
    StackDriftStatus: isOver ? (count > 0 ? 'DRIFTED' : 'IN_SYNC') : undefined,
    DriftedStackResourceCount: isOver ? count : undefined,
    Timestamp: (isOver ? detection.completesAt : now) / SECOND_MS,
  };
}

function driftOutput(stack: Stack, drift: ResourceDrift): Output {
  return {
    StackId: stack.id,
    LogicalResourceId: drift.logicalId,
    PhysicalResourceId: drift.physicalId,
    ResourceType: drift.type,
    ExpectedProperties: JSON.stringify(drift.expected),
    ActualProperties: drift.actual === undefined ? undefined : JSON.stringify(drift.actual),
    PropertyDifferences: drift.differences.map(differenceOutput),
    StackResourceDriftStatus: drift.status,
    Timestamp: drift.at / SECOND_MS,
  };
}

function differenceOutput({ actual, expected, kind, path }: PropertyDifference): Output {
  return {
    PropertyPath: path,
    ExpectedValue: written(expected),
    ActualValue: written(actual),
    DifferenceType: kind,
  };
}

/** "null" where there is none, as AWS writes it. */
function written(value: Json | undefined): string {
  return value === undefined ? 'null' : (textOf(value) ?? JSON.stringify(value));
}
