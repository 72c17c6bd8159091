// Change sets: what an update or a creation would do, looked at before it is done.

import type { Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import { drawUuid, randomStream } from '../random.ts';
import type { EpochMs } from '../time.ts';
import type { BlueprintRequest } from './blueprint.ts';
import { readBlueprint } from './blueprint.ts';
import type { CloudFormation } from './cloudformation.ts';
import { findStack } from './cloudformation.ts';
import { refuseUnknownChangeSet, refuseUnknownStack, refuseValidation } from './faults.ts';
import { findChanges } from './find-changes.ts';
import type { ChangeSet, OnFailure, Stack } from './stack.ts';
import { addStack, begin, beginUpdate, checkName, findUpdatable } from './stack-operations.ts';
import { setStackStatus, takeNumber } from './work.ts';

export interface ChangeSetRequest {
  readonly stackName: string;
  readonly name: string;
  readonly kind: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly onFailure: OnFailure;
  readonly blueprint: (stack: Stack | undefined) => Outcome<BlueprintRequest>;
}

const NOTHING_TO_CHANGE =
  "The submitted information didn't contain changes. Submit different information to create a " +
  'change set.';
/** A bound on memory; AWS says no number. */
const CHANGE_SETS_MAX = 100;

export function createChangeSet(
  cloudFormation: CloudFormation,
  request: ChangeSetRequest,
  now: EpochMs,
): Outcome<{ readonly stack: Stack; readonly changeSet: ChangeSet }> {
  const target = findTarget(cloudFormation, request);
  if (!target.ok) return target;
  const existing = target.value;
  const asked = request.blueprint(existing);
  if (!asked.ok) return asked;
  const previous = existing?.blueprint.parameters ?? new Map();
  const blueprint = readBlueprint(cloudFormation, asked.value, previous);
  if (!blueprint.ok) return blueprint;
  if (existing?.changeSets.has(request.name) === true) {
    return refuse('AlreadyExistsException', `ChangeSet ${request.name} already exists`);
  }
  if ((existing?.changeSets.size ?? 0) >= CHANGE_SETS_MAX) {
    return refuse('LimitExceededException', `ChangeSet limit exceeded: ${CHANGE_SETS_MAX}`);
  }
  const stack = existing ?? reviewStack(cloudFormation, request, blueprint.value, now);
  const found = findChanges(cloudFormation, stack, blueprint.value);
  if (!found.ok) return found;
  const { isAny, changes } = found.value;
  const { region, accountId, seed } = cloudFormation.options;
  const { name, kind, description, onFailure } = request;
  const uuid = drawUuid(randomStream(seed, `change-set/${stack.id}`, takeNumber(stack)));
  const changeSet: ChangeSet = {
    id: `arn:aws:cloudformation:${region}:${accountId}:changeSet/${name}/${uuid}`,
    name,
    kind,
    description,
    onFailure,
    createdAt: now,
    blueprint: blueprint.value,
    changes,
    status: isAny ? 'CREATE_COMPLETE' : 'FAILED',
    statusReason: isAny ? undefined : NOTHING_TO_CHANGE,
    executionStatus: isAny ? 'AVAILABLE' : 'UNAVAILABLE',
  };
  stack.changeSets.set(name, changeSet);
  return succeed({ stack, changeSet });
}

/** The stack it is for; none if it is to be made. */
function findTarget(
  cloudFormation: CloudFormation,
  { kind, stackName }: ChangeSetRequest,
): Outcome<Stack | undefined> {
  const stack = findStack(cloudFormation, stackName);
  if (kind === 'UPDATE') return findUpdatable(cloudFormation, stackName);
  if (stack?.status === 'REVIEW_IN_PROGRESS') return succeed(stack);
  if (stack !== undefined) {
    return refuseValidation(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet.`,
    );
  }
  const named = checkName(cloudFormation, stackName);
  return named.ok ? succeed(undefined) : named;
}

function reviewStack(
  cloudFormation: CloudFormation,
  { stackName, onFailure }: ChangeSetRequest,
  blueprint: ChangeSet['blueprint'],
  now: EpochMs,
): Stack {
  const stack = addStack(
    cloudFormation,
    { name: stackName, blueprint, onFailure, isProtected: false },
    now,
  );
  const { provisioner } = cloudFormation;
  if (provisioner !== undefined) {
    setStackStatus(
      { cloudFormation, provisioner, stack, now },
      'REVIEW_IN_PROGRESS',
      'User Initiated',
    );
  }
  return stack;
}

/** The change set by its ARN, or by its name and its stack's. */
export function findChangeSet(
  cloudFormation: CloudFormation,
  nameOrId: string,
  stackName: string | undefined,
): Outcome<{ readonly stack: Stack; readonly changeSet: ChangeSet }> {
  for (const stack of cloudFormation.stacks.values()) {
    for (const changeSet of stack.changeSets.values()) {
      if (changeSet.id === nameOrId) return succeed({ stack, changeSet });
    }
  }
  if (nameOrId.startsWith('arn:')) return refuseUnknownChangeSet(nameOrId);
  if (stackName === undefined) {
    return refuseValidation(
      'StackName must be specified if ChangeSetName is not specified as an ARN.',
    );
  }
  const stack = findStack(cloudFormation, stackName);
  if (stack === undefined) return refuseUnknownStack(stackName);
  const changeSet = stack.changeSets.get(nameOrId);
  return changeSet === undefined ? refuseUnknownChangeSet(nameOrId) : succeed({ stack, changeSet });
}

export function executeChangeSet(
  cloudFormation: CloudFormation,
  nameOrId: string,
  stackName: string | undefined,
  now: EpochMs,
): Outcome<null> {
  const found = findChangeSet(cloudFormation, nameOrId, stackName);
  if (!found.ok) return found;
  const { stack, changeSet } = found.value;
  if (changeSet.executionStatus !== 'AVAILABLE') {
    return refuse(
      'InvalidChangeSetStatus',
      `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
    );
  }
  changeSet.executionStatus = 'EXECUTE_COMPLETE';
  // The others were about a stack that is no more the same: AWS deletes them.
  for (const name of stack.changeSets.keys()) {
    if (name !== changeSet.name) stack.changeSets.delete(name);
  }
  if (changeSet.kind === 'UPDATE') {
    const begun = beginUpdate(cloudFormation, stack, changeSet.blueprint, now);
    return begun.ok ? succeed(null) : begun;
  }
  stack.blueprint = changeSet.blueprint;
  stack.onFailure = changeSet.onFailure;
  const begun = begin(cloudFormation, stack, 'CREATE_IN_PROGRESS', now);
  return begun.ok ? succeed(null) : begun;
}

export function deleteChangeSet(
  cloudFormation: CloudFormation,
  nameOrId: string,
  stackName: string | undefined,
): Outcome<null> {
  const found = findChangeSet(cloudFormation, nameOrId, stackName);
  // "If the call successfully completes": one that is gone is no failure.
  if (!found.ok) return found.fault.code === 'ChangeSetNotFound' ? succeed(null) : found;
  found.value.stack.changeSets.delete(found.value.changeSet.name);
  return succeed(null);
}
