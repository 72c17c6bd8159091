// What callers may do to stacks: create, update, delete, cancel, continue, protect.

import type { Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import { drawUuid, randomStream } from '../random.ts';
import type { EpochMs } from '../time.ts';
import type { BlueprintRequest } from './blueprint.ts';
import { readBlueprint } from './blueprint.ts';
import type { CloudFormation } from './cloudformation.ts';
import { findStack, listExports } from './cloudformation.ts';
import { findChanges } from './find-changes.ts';
import { refuseUnknownStack, refuseValidation } from './faults.ts';
import { isRecord } from './json.ts';
import { planWanted, wantedResources } from './plan.ts';
import { beginDeletion, goBack } from './progress.ts';
import type { Blueprint, OnFailure, Stack, StackStatus } from './stack.ts';
import type { Work } from './work.ts';
import { setStackStatus } from './work.ts';

export interface NewStack {
  readonly name: string;
  readonly blueprint: Blueprint;
  readonly onFailure: OnFailure;
  readonly isProtected: boolean;
}

export interface CreateStackRequest extends BlueprintRequest {
  readonly name: string;
  readonly onFailure: OnFailure;
  readonly isProtected: boolean;
}

/** "Maximum number of CloudFormation stacks that you can create": quotas. */
const STACKS_MAX = 2000;
const STACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/u;
const UPDATABLE: ReadonlySet<StackStatus> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
]);

export function createStack(
  cloudFormation: CloudFormation,
  request: CreateStackRequest,
  now: EpochMs,
): Outcome<Stack> {
  const { name } = request;
  const named = checkName(cloudFormation, name);
  if (!named.ok) return named;
  const blueprint = readBlueprint(cloudFormation, request, new Map());
  if (!blueprint.ok) return blueprint;
  const { onFailure, isProtected } = request;
  const stack = addStack(
    cloudFormation,
    { name, onFailure, isProtected, blueprint: blueprint.value },
    now,
  );
  return begin(cloudFormation, stack, 'CREATE_IN_PROGRESS', now);
}

export function checkName(cloudFormation: CloudFormation, name: string): Outcome<null> {
  if (!STACK_NAME.test(name)) {
    return refuseValidation(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*',
    );
  }
  if (findStack(cloudFormation, name) !== undefined) {
    return refuse('AlreadyExistsException', `Stack [${name}] already exists`);
  }
  const live = [...cloudFormation.stacks.values()].filter(
    ({ deletedAt }) => deletedAt === undefined,
  );
  if (live.length < STACKS_MAX) return succeed(null);
  return refuse('LimitExceededException', `Limit for stack has been exceeded: ${STACKS_MAX}`);
}

/** A stack without resources yet. */
export function addStack(cloudFormation: CloudFormation, request: NewStack, now: EpochMs): Stack {
  const { region, accountId, seed } = cloudFormation.options;
  const { name, ...settings } = request;
  const uuid = drawUuid(randomStream(seed, 'stack', cloudFormation.nextNumber));
  cloudFormation.nextNumber += 1;
  const stack: Stack = {
    ...settings,
    id: `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${uuid}`,
    name,
    status: 'REVIEW_IN_PROGRESS',
    statusReason: undefined,
    createdAt: now,
    updatedAt: undefined,
    deletedAt: undefined,
    previous: undefined,
    outputs: [],
    resources: new Map(),
    skipped: [],
    steps: [],
    wakeAt: undefined,
    events: [],
    changeSets: new Map(),
    detection: undefined,
    nextNumber: 0,
  };
  cloudFormation.stacks.set(stack.id, stack);
  return stack;
}

/** Starts to make the stack what its blueprint says. */
export function begin(
  cloudFormation: CloudFormation,
  stack: Stack,
  status: 'CREATE_IN_PROGRESS' | 'UPDATE_IN_PROGRESS',
  now: EpochMs,
): Outcome<Stack> {
  const work = workOn(cloudFormation, stack, now);
  if (!work.ok) return work;
  const wanted = wantedResources(work.value);
  if (!wanted.ok) return wanted;
  setStackStatus(work.value, status, 'User Initiated');
  stack.steps = planWanted(work.value, wanted.value);
  stack.wakeAt = now;
  return succeed(stack);
}

export function updateStack(
  cloudFormation: CloudFormation,
  nameOrId: string,
  request: (stack: Stack) => Outcome<BlueprintRequest>,
  now: EpochMs,
): Outcome<Stack> {
  const found = findUpdatable(cloudFormation, nameOrId);
  if (!found.ok) return found;
  const stack = found.value;
  const asked = request(stack);
  if (!asked.ok) return asked;
  const blueprint = readBlueprint(cloudFormation, asked.value, stack.blueprint.parameters);
  if (!blueprint.ok) return blueprint;
  const changes = findChanges(cloudFormation, stack, blueprint.value);
  if (!changes.ok) return changes;
  if (!changes.value.isAny) return refuseValidation('No updates are to be performed.');
  return beginUpdate(cloudFormation, stack, blueprint.value, now);
}

export function beginUpdate(
  cloudFormation: CloudFormation,
  stack: Stack,
  blueprint: Blueprint,
  now: EpochMs,
): Outcome<Stack> {
  stack.previous = stack.blueprint;
  stack.blueprint = blueprint;
  stack.updatedAt = now;
  return begin(cloudFormation, stack, 'UPDATE_IN_PROGRESS', now);
}

export function findUpdatable(cloudFormation: CloudFormation, nameOrId: string): Outcome<Stack> {
  const stack = findStack(cloudFormation, nameOrId);
  if (stack === undefined || stack.deletedAt !== undefined) {
    return refuseValidation(`Stack [${nameOrId}] does not exist`);
  }
  if (UPDATABLE.has(stack.status)) return succeed(stack);
  return refuseValidation(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** A stack that is gone, or going, is no failure: deletion may be asked for again. */
export function deleteStack(
  cloudFormation: CloudFormation,
  nameOrId: string,
  retained: readonly string[],
  now: EpochMs,
): Outcome<null> {
  const stack = findStack(cloudFormation, nameOrId);
  if (stack === undefined || stack.deletedAt !== undefined) return succeed(null);
  if (stack.isProtected) {
    return refuseValidation(
      `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
    );
  }
  if (stack.status === 'DELETE_IN_PROGRESS') return succeed(null);
  if (stack.status.startsWith('UPDATE_') && stack.status.endsWith('_IN_PROGRESS')) {
    return refuseValidation(
      `Stack [${stack.id}] cannot be deleted while in status ${stack.status}`,
    );
  }
  if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
    return refuseValidation(
      `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which ` +
        'resources to retain only if the stack is in the DELETE_FAILED state.',
    );
  }
  const user = findExportUser(cloudFormation, stack);
  if (user !== undefined) return refuseValidation(user);
  const work = workOn(cloudFormation, stack, now);
  if (!work.ok) return work;
  stack.skipped = retained;
  beginDeletion(work.value, 'User Initiated');
  stack.wakeAt = now;
  return succeed(null);
}

/** "Export X cannot be deleted as it is in use by Y". */
function findExportUser(cloudFormation: CloudFormation, stack: Stack): string | undefined {
  for (const { name, stack: owner } of listExports(cloudFormation)) {
    if (owner !== stack) continue;
    const [user] = importersOf(cloudFormation, name);
    if (user !== undefined) return `Export ${name} cannot be deleted as it is in use by ${user}`;
  }
  return undefined;
}

/** The names of the stacks whose templates import that name, in plain words or by their parameters. */
export function importersOf({ stacks }: CloudFormation, exportName: string): readonly string[] {
  return [...stacks.values()]
    .filter(
      ({ blueprint, deletedAt }) =>
        deletedAt === undefined && imports(blueprint.source, blueprint, exportName),
    )
    .map(({ name }) => name);
}

function imports(value: unknown, blueprint: Blueprint, exportName: string): boolean {
  if (Array.isArray(value)) return value.some((item) => imports(item, blueprint, exportName));
  if (!isRecord(value)) return false;
  return Object.entries(value).some(([name, member]) =>
    name === 'Fn::ImportValue'
      ? importedName(member, blueprint) === exportName
      : imports(member, blueprint, exportName),
  );
}

/** Undefined for what takes more than parameters to work out. */
function importedName(member: unknown, { parameters }: Blueprint): string | undefined {
  if (typeof member === 'string') return member;
  if (!isRecord(member) || typeof member['Fn::Sub'] !== 'string') return undefined;
  return member['Fn::Sub'].replaceAll(
    /\$\{([A-Za-z0-9]+)\}/gu,
    (unknown, key: string) => parameters.get(key)?.resolved ?? unknown,
  );
}

export function cancelUpdate(
  cloudFormation: CloudFormation,
  nameOrId: string,
  now: EpochMs,
): Outcome<null> {
  const stack = findStack(cloudFormation, nameOrId);
  if (stack === undefined) return refuseUnknownStack(nameOrId);
  if (stack.status !== 'UPDATE_IN_PROGRESS') {
    return refuseValidation(
      `CancelUpdateStack cannot be called from current stack status ${stack.status}`,
    );
  }
  const work = workOn(cloudFormation, stack, now);
  if (!work.ok) return work;
  goBack(work.value, 'User Initiated');
  stack.wakeAt = now;
  return succeed(null);
}

export function continueRollback(
  cloudFormation: CloudFormation,
  nameOrId: string,
  skipped: readonly string[],
  now: EpochMs,
): Outcome<null> {
  const stack = findStack(cloudFormation, nameOrId);
  if (stack === undefined) return refuseUnknownStack(nameOrId);
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
    return refuseValidation(
      `Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`,
    );
  }
  const work = workOn(cloudFormation, stack, now);
  if (!work.ok) return work;
  stack.skipped = skipped;
  goBack(work.value, 'User Initiated');
  stack.wakeAt = now;
  return succeed(null);
}

export function setProtection(
  cloudFormation: CloudFormation,
  nameOrId: string,
  isProtected: boolean,
): Outcome<Stack> {
  const stack = findStack(cloudFormation, nameOrId);
  if (stack === undefined || stack.deletedAt !== undefined) return refuseUnknownStack(nameOrId);
  stack.isProtected = isProtected;
  return succeed(stack);
}

function workOn(cloudFormation: CloudFormation, stack: Stack, now: EpochMs): Outcome<Work> {
  const { provisioner } = cloudFormation;
  if (provisioner === undefined) {
    return refuse('InternalFailure', 'no services are attached to make resources with', 500);
  }
  return succeed({ cloudFormation, provisioner, stack, now });
}
