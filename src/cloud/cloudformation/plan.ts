// Which steps an operation has, and in which order: needs first when making, last when deleting.

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { isConditionMet } from './evaluate.ts';
import { findDependencies } from './references.ts';
import type { StackResource, Step, StepAction } from './stack.ts';
import { isCurrent } from './stack.ts';
import type { ResourceDeclaration } from './template.ts';
import type { Work } from './work.ts';
import { scopeOf, templateOf } from './work.ts';

/** A resource that the stack's template and its conditions want. */
export interface WantedResource {
  readonly logicalId: string;
  readonly declared: ResourceDeclaration;
  readonly dependsOn: readonly string[];
}

/** The resources whose conditions hold, each with those it needs. */
export function wantedResources(
  work: Pick<Work, 'cloudFormation' | 'stack'>,
): Outcome<readonly WantedResource[]> {
  const { cloudFormation, stack } = work;
  const template = templateOf(stack.blueprint);
  const dependencies = findDependencies(template);
  if (!dependencies.ok) return dependencies;
  const scope = scopeOf(cloudFormation, stack, stack.blueprint, template);
  const wanted: WantedResource[] = [];
  for (const [logicalId, declared] of template.resources) {
    const isMet = isConditionMet(declared.condition, scope);
    if (!isMet.ok) return isMet;
    const dependsOn = dependencies.value.get(logicalId) ?? [];
    if (isMet.value) wanted.push({ logicalId, declared, dependsOn });
  }
  return succeed(wanted);
}

/** Steps that make or change what is wanted; new resources are put into the stack. */
export function planWanted(work: Work, wanted: readonly WantedResource[]): readonly Step[] {
  const { stack } = work;
  return wanted.map(({ logicalId, declared, dependsOn }) => {
    const known = stack.resources.get(logicalId);
    const { deletionPolicy, replacePolicy, type } = declared;
    if (known !== undefined && known.type === type) {
      Object.assign(known, { dependsOn, deletionPolicy, replacePolicy, before: undefined });
      return step(logicalId, 'update', dependsOn);
    }
    stack.resources.set(logicalId, {
      key: logicalId,
      logicalId,
      type,
      physicalId: undefined,
      status: 'CREATE_IN_PROGRESS',
      statusReason: undefined,
      updatedAt: work.now,
      properties: {},
      attributes: {},
      dependsOn,
      deletionPolicy,
      replacePolicy,
      before: { replacedKey: undefined },
    });
    return step(logicalId, 'create', dependsOn);
  });
}

/** Steps that delete these, each after those that need it. */
export function planDeletion(resources: readonly StackResource[]): readonly Step[] {
  const left = resources.filter(({ status }) => !isGone(status));
  return left.map((resource) => {
    const dependents = left.filter(
      (other) =>
        other.key !== resource.key &&
        other.dependsOn.includes(resource.logicalId) &&
        // A replacement that lives on does not wait for what it replaced.
        (isCurrent(other) === isCurrent(resource) || !isCurrent(resource)),
    );
    return step(
      resource.key,
      'delete',
      dependents.map(({ key }) => key),
    );
  });
}

function isGone(status: StackResource['status']): boolean {
  return status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED';
}

export function step(key: string, action: StepAction, after: readonly string[]): Step {
  return { key, action, after, state: 'waiting', dueAt: 0, calledAt: 0, isReplacement: false };
}
