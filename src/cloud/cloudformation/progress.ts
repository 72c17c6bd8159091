// What follows when a stack's steps are done: completion, clean-up, or the way back.

import { evaluate, isConditionMet } from './evaluate.ts';
import { isList, textOf } from './json.ts';
import { planDeletion, step } from './plan.ts';
import type { StackOutput, StackResource } from './stack.ts';
import { isCurrent } from './stack.ts';
import { failedSteps, runSteps } from './steps.ts';
import type { Work } from './work.ts';
import { scopeOf, setStackStatus, takeNumber, templateOf } from './work.ts';

/** A stack goes through few phases at one moment: those without anything to do. */
const PHASES_MAX = 10;

/** Does what is due on a stack in progress. */
export function progress(work: Work): void {
  for (let phase = 0; phase < PHASES_MAX; phase += 1) {
    if (!work.stack.status.endsWith('_IN_PROGRESS')) return;
    if (runSteps(work)) return;
    endPhase(work);
  }
}

function endPhase(work: Work): void {
  const { stack } = work;
  const failed = failedSteps(work).map(({ key }) => stack.resources.get(key)?.logicalId ?? key);
  const isFailed = failed.length > 0;
  switch (stack.status) {
    case 'CREATE_IN_PROGRESS':
      if (isFailed) giveUpCreation(work, failed);
      else if (conclude(work)) end(work, 'CREATE_COMPLETE');
      return;
    case 'ROLLBACK_IN_PROGRESS':
      forgetDeleted(work);
      end(work, isFailed ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', deletionReason(failed));
      return;
    case 'UPDATE_IN_PROGRESS':
      if (isFailed) {
        goBack(work, `The following resource(s) failed to update: [${failed.join(', ')}]. `);
      } else if (conclude(work)) cleanUp(work, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      return;
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      if (isFailed) {
        end(
          work,
          'UPDATE_ROLLBACK_FAILED',
          `The following resource(s) failed to update: [${failed.join(', ')}]. `,
        );
      } else cleanUp(work, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
      return;
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      // What cannot be deleted is given up: the stack no longer knows it, as at AWS.
      forgetLeftovers(work);
      end(work, 'UPDATE_COMPLETE');
      return;
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      forgetLeftovers(work);
      end(work, 'UPDATE_ROLLBACK_COMPLETE');
      return;
    case 'DELETE_IN_PROGRESS':
      endDeletion(work, failed);
      return;
    default:
      return;
  }
}

function end(work: Work, status: Work['stack']['status'], reason?: string): void {
  const { stack } = work;
  stack.steps = [];
  stack.wakeAt = undefined;
  stack.skipped = [];
  if (!status.endsWith('_ROLLBACK_FAILED')) {
    stack.previous = undefined;
    for (const resource of stack.resources.values()) resource.before = undefined;
  }
  setStackStatus(work, status, reason);
}

function giveUpCreation(work: Work, failed: readonly string[]): void {
  const { stack } = work;
  const reason = `The following resource(s) failed to create: [${failed.join(', ')}]. `;
  switch (stack.onFailure) {
    case 'DO_NOTHING':
      end(work, 'CREATE_FAILED', reason);
      return;
    case 'DELETE':
      beginDeletion(work, `${reason}Delete requested by user.`);
      return;
    case 'ROLLBACK':
      setStackStatus(work, 'ROLLBACK_IN_PROGRESS', `${reason}Rollback requested by user.`);
      stack.steps = planDeletion([...stack.resources.values()]);
      return;
    default:
      stack.onFailure satisfies never;
  }
}

/** Starts to delete everything, or everything that is left. */
export function beginDeletion(work: Work, reason?: string): void {
  const { stack } = work;
  setStackStatus(work, 'DELETE_IN_PROGRESS', reason);
  stack.steps = planDeletion([...stack.resources.values()]);
}

function endDeletion(work: Work, failed: readonly string[]): void {
  const { stack } = work;
  if (failed.length > 0) {
    end(work, 'DELETE_FAILED', deletionReason(failed));
    return;
  }
  stack.deletedAt = work.now;
  stack.outputs = [];
  end(work, 'DELETE_COMPLETE');
}

function deletionReason(failed: readonly string[]): string | undefined {
  if (failed.length === 0) return undefined;
  return `The following resource(s) failed to delete: [${failed.join(', ')}]. `;
}

/** A stack that was rolled back has nothing but what could not be deleted. */
function forgetDeleted({ stack }: Work): void {
  for (const [key, { status }] of stack.resources) {
    if (status === 'DELETE_COMPLETE') stack.resources.delete(key);
  }
}

/** Outputs are worked out when everything stands; one that cannot be fails the operation. */
function conclude(work: Work): boolean {
  const { stack, cloudFormation } = work;
  const template = templateOf(stack.blueprint);
  const scope = scopeOf(cloudFormation, stack, stack.blueprint, template);
  const outputs: StackOutput[] = [];
  for (const [key, declared] of template.outputs) {
    const isMet = isConditionMet(declared.condition, scope);
    if (isMet.ok && !isMet.value) continue;
    const value = evaluate(declared.value, scope);
    const exported = evaluate(declared.exportName ?? '', scope);
    const problem = [isMet, value, exported].find((outcome) => !outcome.ok);
    if (problem?.ok === false || !value.ok || !exported.ok) {
      failWhole(work, problem?.ok === false ? problem.fault.message : '');
      return false;
    }
    outputs.push({
      key,
      value: isList(value.value) ? value.value.join(',') : (textOf(value.value) ?? ''),
      description: declared.description,
      exportName: textOf(exported.value) === '' ? undefined : textOf(exported.value),
    });
  }
  stack.outputs = outputs;
  return true;
}

function failWhole(work: Work, reason: string): void {
  const { stack } = work;
  if (stack.status === 'UPDATE_IN_PROGRESS') {
    goBack(work, reason);
    return;
  }
  setStackStatus(work, 'ROLLBACK_IN_PROGRESS', `${reason} Rollback requested by user.`);
  stack.steps = planDeletion([...stack.resources.values()]);
}

/** Back to the blueprint before: new resources go, changed ones are changed back. */
export function goBack(work: Work, reason?: string): void {
  const { stack } = work;
  setStackStatus(work, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  if (stack.previous !== undefined) stack.blueprint = stack.previous;
  for (const resource of [...stack.resources.values()].filter(isCurrent)) {
    undoAddition(work, resource);
  }
  const changed = [...stack.resources.values()].filter(
    (resource) => isCurrent(resource) && resource.before && 'properties' in resource.before,
  );
  const keys = new Set(changed.map(({ key }) => key));
  stack.steps = changed
    .filter(({ logicalId }) => !stack.skipped.includes(logicalId))
    .map(({ key, dependsOn }) =>
      step(
        key,
        'update',
        dependsOn.filter((needed) => keys.has(needed) && !stack.skipped.includes(needed)),
      ),
    );
}

function undoAddition({ stack }: Work, resource: StackResource): void {
  const { before, logicalId } = resource;
  if (before === undefined || 'properties' in before) return;
  setAside({ stack }, resource);
  const replaced =
    before.replacedKey === undefined ? undefined : stack.resources.get(before.replacedKey);
  if (replaced === undefined) return;
  stack.resources.delete(replaced.key);
  replaced.key = logicalId;
  replaced.before = undefined;
  stack.resources.set(logicalId, replaced);
}

/** It is no longer the stack's resource of that name, and waits for the clean-up. */
function setAside({ stack }: Pick<Work, 'stack'>, resource: StackResource): void {
  stack.resources.delete(resource.key);
  resource.key = `${resource.logicalId}#${takeNumber(stack)}`;
  stack.resources.set(resource.key, resource);
}

function cleanUp(
  work: Work,
  status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
): void {
  const { stack, cloudFormation } = work;
  if (status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') {
    const template = templateOf(stack.blueprint);
    const scope = scopeOf(cloudFormation, stack, stack.blueprint, template);
    for (const resource of [...stack.resources.values()].filter(isCurrent)) {
      const declared = template.resources.get(resource.logicalId);
      const isMet = isConditionMet(declared?.condition, scope);
      if (declared === undefined || (isMet.ok && !isMet.value)) setAside(work, resource);
    }
  }
  setStackStatus(work, status);
  stack.steps = planDeletion([...stack.resources.values()].filter((one) => !isCurrent(one)));
}

function forgetLeftovers({ stack }: Work): void {
  for (const [key, resource] of stack.resources) {
    if (!isCurrent(resource)) stack.resources.delete(key);
  }
}
