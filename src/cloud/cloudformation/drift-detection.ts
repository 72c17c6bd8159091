// Looking for what was changed past a stack: a detection is begun, takes its time, and what it found is
// kept until the next one.

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { drawUuid, randomStream } from '../random.ts';
import type { EpochMs } from '../time.ts';
import type { CloudFormation } from './cloudformation.ts';
import { findStack } from './cloudformation.ts';
import { refuseUnknownStack, refuseValidation } from './faults.ts';
import { findDrift } from './find-drift.ts';
import type { ResourceProvisioner } from './provisioner.ts';
import type { DriftDetection, ResourceDrift, Stack, StackResource, StackStatus } from './stack.ts';
import { isCurrent } from './stack.ts';
import { takeNumber } from './work.ts';

/** "Drift detection" of the user guide: only stacks in these states. */
const DETECTABLE: ReadonlySet<StackStatus> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
]);

/** "Can take up to several minutes, depending on the number of resources": here some seconds. */
const DETECTION_BASE_MS = 2_000;
const DETECTION_EACH_MS = 200;

/** Looks at the resources now; what was found is told once the time of a detection has passed. */
export function detectDrift(
  cloudFormation: CloudFormation,
  request: { readonly stack: string; readonly logicalIds: readonly string[] },
  now: EpochMs,
): Outcome<DriftDetection> {
  const { provisioner, options } = cloudFormation;
  const stack = findStack(cloudFormation, request.stack);
  if (stack === undefined || stack.deletedAt !== undefined || provisioner === undefined) {
    return refuseUnknownStack(request.stack);
  }
  if (!DETECTABLE.has(stack.status)) {
    return refuseValidation(
      `Drift detection cannot be performed on stack [${stack.id}] in ${stack.status} state`,
    );
  }
  if (stack.detection !== undefined && now < stack.detection.completesAt) {
    return refuseValidation(`Drift detection is already in progress for stack [${stack.id}]`);
  }
  const resources = [...stack.resources.values()]
    .filter(isCurrent)
    .filter(
      ({ logicalId }) => request.logicalIds.length === 0 || request.logicalIds.includes(logicalId),
    )
    .toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
  const completesAt = now + DETECTION_BASE_MS + DETECTION_EACH_MS * resources.length;
  const detection: DriftDetection = {
    id: drawUuid(randomStream(options.seed, `drift/${stack.id}`, takeNumber(stack))),
    completesAt,
    drifts: resources.map((resource) => lookAt(stack, resource, { provisioner, at: completesAt })),
  };
  stack.detection = detection;
  return succeed(detection);
}

/** The detection of that id, if it is its stack's last one. */
export function findDetection(
  { stacks }: CloudFormation,
  id: string,
): Outcome<{ readonly stack: Stack; readonly detection: DriftDetection }> {
  for (const stack of stacks.values()) {
    const { detection } = stack;
    if (detection?.id === id) return succeed({ stack, detection });
  }
  return refuseValidation(`Drift detection ID ${id} does not exist`);
}

/** What the last detection of a stack found; nothing before one has come to its end. */
export function findDrifts({ detection }: Stack, now: EpochMs): readonly ResourceDrift[] {
  return detection === undefined || now < detection.completesAt ? [] : detection.drifts;
}

/** Of those that were looked at. */
export function isDrifted({ status }: ResourceDrift): boolean {
  return status === 'MODIFIED' || status === 'DELETED';
}

function lookAt(
  stack: Stack,
  resource: StackResource,
  { at, provisioner }: { readonly at: EpochMs; readonly provisioner: ResourceProvisioner },
): ResourceDrift {
  const { attributes, logicalId, physicalId = '', properties, type } = resource;
  const made = { attributes, physicalId, properties, type };
  const actual = provisioner.read(made, stack.blueprint.tags);
  const differences = actual === null ? [] : findDrift(properties, actual);
  const isModified = differences.length > 0;
  const status = actual === null ? 'DELETED' : isModified ? 'MODIFIED' : 'IN_SYNC';
  // What was not read is taken as it should be.
  const shown = actual === null ? undefined : { ...properties, ...actual };
  return {
    logicalId,
    physicalId,
    type,
    at,
    status,
    expected: properties,
    actual: shown,
    differences,
  };
}
