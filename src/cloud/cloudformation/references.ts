// Who needs whom in a template: the names that Ref, Fn::GetAtt and Fn::Sub mention, and the order
// that follows from them.

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { refuseTemplate, refuseValidation } from './faults.ts';
import type { Json } from './json.ts';
import { isList, isRecord, textOf } from './json.ts';
import type { Template } from './template.ts';

/** `${Name}`, `${Name.Attribute}` and the literal `${!Name}` of Fn::Sub. */
export const SUB_VARIABLE = /\$\{(!?)([^}]+)\}/gu;

/** Every name that the value mentions: logical ids, parameters and pseudo parameters. */
export function namesIn(value: Json): ReadonlySet<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

function collect(value: Json, names: Set<string>): void {
  if (isList(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'Ref') names.add(textOf(member) ?? '');
    else if (name === 'Fn::GetAtt') names.add(attributeOwner(member));
    else if (name === 'Fn::Sub') collectSub(member, names);
    else collect(member, names);
  }
}

function attributeOwner(argument: Json): string {
  const first = isList(argument) ? argument[0] : argument;
  return (textOf(first) ?? '').split('.')[0] ?? '';
}

function collectSub(argument: Json, names: Set<string>): void {
  const [text, own] = isList(argument) ? argument : [argument];
  if (isRecord(own)) collect(own, names);
  for (const [, literal, variable = ''] of (textOf(text) ?? '').matchAll(SUB_VARIABLE)) {
    const name = variable.trim().split('.')[0] ?? '';
    const isOwn = isRecord(own) && Object.hasOwn(own, variable.trim());
    if (literal === '' && !isOwn) names.add(name);
  }
}

/** The logical ids that each resource needs, or the refusal of names that nothing bears. */
export function findDependencies(
  template: Template,
): Outcome<ReadonlyMap<string, readonly string[]>> {
  const dependencies = new Map<string, readonly string[]>();
  const unresolved = new Set<string>();
  const isKnown = (name: string): boolean =>
    name.startsWith('AWS::') || template.parameters.has(name) || template.resources.has(name);
  for (const [logicalId, resource] of template.resources) {
    const names = [...new Set([...namesIn(resource.properties), ...resource.dependsOn])];
    for (const name of names) if (!isKnown(name)) unresolved.add(name);
    dependencies.set(
      logicalId,
      names.filter((name) => template.resources.has(name)),
    );
  }
  if (unresolved.size > 0) {
    const listed = [...unresolved].join(', ');
    return refuseTemplate(
      `Unresolved resource dependencies [${listed}] in the Resources block of the template`,
    );
  }
  const circle = findCircle(dependencies);
  if (circle.length === 0) return succeed(dependencies);
  return refuseValidation(`Circular dependency between resources: [${circle.join(', ')}]`);
}

/** What is left when all that can be made has been made. */
function findCircle(dependencies: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const left = new Set(dependencies.keys());
  // Each round takes one away at least, so there are no more rounds than resources.
  for (let round = dependencies.size; round > 0; round -= 1) {
    const free = [...left].filter(
      (id) => !(dependencies.get(id) ?? []).some((needed) => left.has(needed)),
    );
    if (free.length === 0) break;
    for (const id of free) left.delete(id);
  }
  return [...left];
}
