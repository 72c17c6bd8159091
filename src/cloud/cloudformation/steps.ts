// One step after the other: begins those whose needs are met, calls the services, waits until what
// they began has settled. A failure ends what has not begun.

import { MINUTE_MS, SECOND_MS } from '../calendar.ts';
import type { Fault, Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import { evaluate } from './evaluate.ts';
import type { JsonRecord } from './json.ts';
import { isRecord, isSameJson } from './json.ts';
import type { MadeResource, Provisioned } from './provisioner.ts';
import type { ActionWord, StackResource, Step, StepAction } from './stack.ts';
import type { Work } from './work.ts';
import { requestFor, scopeOf, setResourceStatus, takeNumber, templateOf } from './work.ts';

/** From "in progress" to the service's answer. */
const CALL_MS = SECOND_MS;
const POLL_MS = 5 * SECOND_MS;
/** "did not stabilize": how long a resource may take at most. */
export const SETTLE_MAX_MS = 60 * MINUTE_MS;

const WORDS: Readonly<Record<StepAction, ActionWord>> = {
  create: 'CREATE',
  update: 'UPDATE',
  delete: 'DELETE',
};

/** Does what is due; returns whether any step has still to be done. */
export function runSteps(work: Work): boolean {
  const { stack, now } = work;
  // A step that ends lets others begin, at most once each.
  for (let round = 0; round <= stack.steps.length; round += 1) {
    let hasMoved = false;
    for (const step of stack.steps) hasMoved = runStep(work, step, now) || hasMoved;
    if (!hasMoved) break;
  }
  return stack.steps.some(({ state }) => state === 'begun' || state === 'called');
}

export function failedSteps({ stack }: Work): readonly Step[] {
  return stack.steps.filter(({ state }) => state === 'failed');
}

function runStep(work: Work, step: Step, now: number): boolean {
  switch (step.state) {
    case 'waiting':
      return beginWhenFree(work, step);
    case 'begun':
      if (step.dueAt > now) return false;
      call(work, step);
      return true;
    case 'called':
      return step.dueAt <= now && settle(work, step);
    default:
      return false;
  }
}

function beginWhenFree(work: Work, step: Step): boolean {
  const needed = work.stack.steps.filter(({ key }) => step.after.includes(key));
  const isHopeless = needed.some(({ state }) => state === 'failed' || state === 'cancelled');
  const isStopped = step.action !== 'delete' && failedSteps(work).length > 0;
  if (isHopeless || isStopped) {
    step.state = 'cancelled';
    return true;
  }
  if (needed.some(({ state }) => state !== 'done')) return false;
  begin(work, step);
  return true;
}

function begin(work: Work, step: Step): void {
  const resource = resourceOf(work, step);
  step.dueAt = work.now + CALL_MS;
  step.state = 'begun';
  if (step.action === 'delete') {
    beginDeletion(work, step, resource);
    return;
  }
  const properties = propertiesFor(work, step, resource);
  if (!properties.ok) {
    failStep(work, step, resource, properties.fault.message);
    return;
  }
  if (step.action === 'create') {
    resource.properties = properties.value;
    setResourceStatus(work, resource, 'CREATE_IN_PROGRESS');
    return;
  }
  beginUpdate(work, step, resource, properties.value);
}

/** What was never made, and what is to be kept, is done with at once. */
function beginDeletion(work: Work, step: Step, resource: StackResource): void {
  const { key, logicalId } = resource;
  const isReplaced = key !== logicalId && work.stack.resources.has(logicalId);
  const policy = isReplaced ? resource.replacePolicy : resource.deletionPolicy;
  const isRollback = work.stack.status === 'ROLLBACK_IN_PROGRESS';
  if (resource.physicalId === undefined) {
    step.state = 'done';
    setResourceStatus(work, resource, 'DELETE_COMPLETE');
    return;
  }
  const isSkipped = work.stack.skipped.includes(resource.logicalId);
  const isKept = policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !isRollback);
  if (isSkipped || isKept) {
    step.state = 'done';
    setResourceStatus(work, resource, 'DELETE_SKIPPED');
    return;
  }
  setResourceStatus(work, resource, 'DELETE_IN_PROGRESS');
}

function beginUpdate(
  work: Work,
  step: Step,
  resource: StackResource,
  properties: JsonRecord,
): void {
  const changed = changedProperties(resource.properties, properties);
  // A way back that failed left the properties it wanted behind: they are not in force yet.
  const isRetried =
    work.stack.status === 'UPDATE_ROLLBACK_IN_PROGRESS' && resource.status === 'UPDATE_FAILED';
  if (changed.length === 0 && !isRetried) {
    step.state = 'done';
    return;
  }
  const replacing = work.provisioner.replacingProperties(resource.type);
  if (changed.some((name) => replacing.has(name))) {
    replace(work, step, resource, properties);
    return;
  }
  if (work.stack.status === 'UPDATE_IN_PROGRESS') {
    resource.before = { properties: resource.properties };
  }
  resource.properties = properties;
  setResourceStatus(work, resource, 'UPDATE_IN_PROGRESS');
}

/** The old one stays under a key of its own until the update has gone well. */
function replace(work: Work, step: Step, resource: StackResource, properties: JsonRecord): void {
  const { stack } = work;
  const { logicalId } = resource;
  resource.key = `${logicalId}#${takeNumber(stack)}`;
  stack.resources.set(resource.key, resource);
  const successor: StackResource = {
    ...resource,
    key: logicalId,
    properties,
    before: { replacedKey: resource.key },
  };
  stack.resources.set(logicalId, successor);
  step.isReplacement = true;
  setResourceStatus(
    work,
    successor,
    'UPDATE_IN_PROGRESS',
    'Requested update requires the creation of a new physical resource; hence creating one.',
  );
  successor.physicalId = undefined;
}

/** The names of the properties that differ, sorted. */
export function changedProperties(before: JsonRecord, after: JsonRecord): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isSameJson(before[name], after[name])).toSorted();
}

/** A rollback goes back to what was; anything else is worked out from the template. */
function propertiesFor(work: Work, step: Step, resource: StackResource): Outcome<JsonRecord> {
  const { cloudFormation, stack } = work;
  const { before } = resource;
  if (stack.status === 'UPDATE_ROLLBACK_IN_PROGRESS' && before && 'properties' in before) {
    return succeed(before.properties);
  }
  const template = templateOf(stack.blueprint);
  const declared = template.resources.get(step.key);
  if (declared === undefined) return refuse('InternalFailure', `no resource ${step.key}`);
  const scope = scopeOf(cloudFormation, stack, stack.blueprint, template);
  const properties = evaluate(declared.properties, scope);
  if (!properties.ok) return properties;
  return succeed(isRecord(properties.value) ? properties.value : {});
}

function call(work: Work, step: Step): void {
  const { provisioner, stack, now } = work;
  const resource = resourceOf(work, step);
  if (step.action !== 'delete' && failedSteps(work).length > 0) {
    failStep(
      work,
      step,
      resource,
      `Resource ${step.action === 'create' ? 'creation' : 'update'} cancelled`,
    );
    return;
  }
  const made = madeOf(resource);
  const called = callService(work, step, resource);
  if (!called.ok) {
    failStep(work, step, resource, describeFault(called.fault));
    return;
  }
  if (called.value !== null) {
    resource.physicalId = called.value.physicalId;
    resource.attributes = called.value.attributes;
  }
  step.state = 'called';
  step.calledAt = now;
  step.dueAt = now + provisioner.durationMs(made.type, step.action);
  const isNew = step.action === 'create' || step.isReplacement;
  if (isNew && stack.status !== 'UPDATE_ROLLBACK_IN_PROGRESS') {
    const status = step.isReplacement ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS';
    setResourceStatus(work, resource, status, 'Resource creation Initiated');
  }
}

function callService(work: Work, step: Step, resource: StackResource): Outcome<Provisioned | null> {
  const { provisioner, now } = work;
  if (step.action === 'delete') return provisioner.remove(madeOf(resource), now);
  const request = requestFor(work, resource);
  if (step.action === 'create' || step.isReplacement) return provisioner.create(request);
  return provisioner.update(request, madeOf(resource));
}

function settle(work: Work, step: Step): boolean {
  const { provisioner, now } = work;
  const resource = resourceOf(work, step);
  const action = step.isReplacement ? 'create' : step.action;
  if (provisioner.hasSettled(madeOf(resource), action, now)) {
    step.state = 'done';
    setResourceStatus(work, resource, `${WORDS[step.action]}_COMPLETE`);
    return true;
  }
  if (now - step.calledAt >= SETTLE_MAX_MS) {
    failStep(work, step, resource, 'Exceeded attempts to wait: it did not stabilize.');
    return true;
  }
  step.dueAt = now + POLL_MS;
  return false;
}

function failStep(work: Work, step: Step, resource: StackResource, reason: string): void {
  step.state = 'failed';
  setResourceStatus(work, resource, `${WORDS[step.action]}_FAILED`, reason);
}

function resourceOf({ stack }: Work, { key }: Step): StackResource {
  const resource = stack.resources.get(key);
  if (resource === undefined) throw new Error(`${stack.name} has a step for no resource: ${key}`);
  return resource;
}

function madeOf({ type, properties, physicalId = '', attributes }: StackResource): MadeResource {
  return { type, properties, physicalId, attributes };
}

/** As resource handlers say it ("Resource handler returned message: …", HandlerErrorCode). */
function describeFault({ code, message, status }: Fault): string {
  return (
    `Resource handler returned message: "${message}" ` +
    `(Error Code: ${code}, Status Code: ${status}, HandlerErrorCode: ${handlerCode(code)})`
  );
}

function handlerCode(code: string): string {
  if (/AlreadyExist|Duplicate|EntityAlreadyExists/u.test(code)) return 'AlreadyExists';
  if (/NotFound|NoSuchEntity|NonExistent/u.test(code)) return 'NotFound';
  if (/Throttl|RequestLimit/u.test(code)) return 'Throttling';
  if (/DependencyViolation|InUse|DeleteConflict|NotEmpty/u.test(code)) return 'ResourceConflict';
  return /Validation|Invalid|Missing/u.test(code) ? 'InvalidRequest' : 'GeneralServiceException';
}
