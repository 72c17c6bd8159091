// What an update would change, found without changing anything.

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import type { CloudFormation } from './cloudformation.ts';
import { evaluate, isConditionMet } from './evaluate.ts';
import type { Json } from './json.ts';
import { isRecord, isSameJson } from './json.ts';
import { findDependencies } from './references.ts';
import type { Blueprint, Change, Stack } from './stack.ts';
import { isCurrent } from './stack.ts';
import { changedProperties } from './steps.ts';
import { scopeOf, templateOf } from './work.ts';

export interface FoundChanges {
  readonly changes: readonly Change[];
  /** Also when only outputs or tags differ. */
  readonly isAny: boolean;
}

/** Changes in the order of the template, needs first where one follows from another. */
export function findChanges(
  cloudFormation: CloudFormation,
  stack: Stack,
  blueprint: Blueprint,
): Outcome<FoundChanges> {
  const template = templateOf(blueprint);
  const dependencies = findDependencies(template);
  if (!dependencies.ok) return dependencies;
  const known = scopeOf(cloudFormation, stack, blueprint, template);
  const replaced = new Set<string>();
  // What is not known before it is made differs from anything that was.
  const scope = {
    ...known,
    ref: (name: string): Json | undefined =>
      replaced.has(name) ? '(known after apply)' : known.ref(name),
    attribute: (id: string, name: string): Json | undefined =>
      replaced.has(id) ? '(known after apply)' : known.attribute(id, name),
  };
  const changes: Change[] = [];
  const wanted = new Set<string>();
  for (const logicalId of inOrder(dependencies.value)) {
    const declared = template.resources.get(logicalId);
    if (declared === undefined) continue;
    const isMet = isConditionMet(declared.condition, known);
    if (!isMet.ok) return isMet;
    if (!isMet.value) continue;
    wanted.add(logicalId);
    const existing = stack.resources.get(logicalId);
    if (existing === undefined || existing.type !== declared.type) {
      replaced.add(logicalId);
      changes.push(changeOf('Add', { logicalId, type: declared.type }));
      continue;
    }
    const properties = evaluate(declared.properties, scope);
    if (!properties.ok) return properties;
    const after = isRecord(properties.value) ? properties.value : {};
    const names = changedProperties(existing.properties, after);
    if (names.length === 0) continue;
    const replacing = cloudFormation.provisioner?.replacingProperties(declared.type);
    const isReplaced = names.some((name) => replacing?.has(name) === true);
    if (isReplaced) replaced.add(logicalId);
    changes.push({
      ...changeOf('Modify', existing),
      replacement: isReplaced ? 'True' : 'False',
      properties: names,
    });
  }
  for (const resource of stack.resources.values()) {
    if (!isCurrent(resource) || wanted.has(resource.logicalId)) continue;
    changes.push(changeOf('Remove', resource));
  }
  const isAny = changes.length > 0 || hasOtherChange(stack.blueprint, blueprint);
  return succeed({ changes, isAny });
}

function changeOf(
  action: Change['action'],
  resource: {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId?: string | undefined;
  },
): Change {
  const { logicalId, type, physicalId } = resource;
  return { action, logicalId, type, physicalId, replacement: undefined, properties: [] };
}

function hasOtherChange(before: Blueprint, after: Blueprint): boolean {
  const section = (blueprint: Blueprint): Json =>
    isRecord(blueprint.source) ? (blueprint.source['Outputs'] ?? null) : null;
  const tags = (blueprint: Blueprint): Json => Object.fromEntries(blueprint.tags);
  return !isSameJson(section(before), section(after)) || !isSameJson(tags(before), tags(after));
}

/** Every name after those that it needs. */
function inOrder(dependencies: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const placed = new Set<string>();
  // Each round places one at least: circles were refused before.
  for (let round = dependencies.size; round > 0; round -= 1) {
    for (const [id, needed] of dependencies) {
      if (needed.every((other) => placed.has(other))) placed.add(id);
    }
  }
  return [...placed];
}
