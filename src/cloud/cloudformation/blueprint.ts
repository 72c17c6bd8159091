// From what a caller sends to what a stack shall be: the template checked, parameters and
// capabilities in order.

import type { Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import type { CloudFormation } from './cloudformation.ts';
import { isConditionMet } from './evaluate.ts';
import { refuseTemplate } from './faults.ts';
import type { Json } from './json.ts';
import { memberOf } from './json.ts';
import type { GivenParameter, ParameterValue } from './parameters.ts';
import { resolveParameters } from './parameters.ts';
import { findDependencies } from './references.ts';
import type { Blueprint } from './stack.ts';
import type { Template } from './template.ts';
import { readTemplate } from './template.ts';

export interface BlueprintRequest {
  readonly body: string;
  readonly source: Json;
  readonly parameters: readonly GivenParameter[];
  readonly tags: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
}

/** "The following IAM resources require … capabilities": CreateStack, Capabilities. */
const IAM_TYPES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', ''],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::AccessKey', ''],
]);

/** Which capability the template needs, if any. */
export function requiredCapability(template: Template): string | undefined {
  let needed: string | undefined;
  for (const { type, properties } of template.resources.values()) {
    const nameProperty = IAM_TYPES.get(type);
    if (nameProperty === undefined) continue;
    if (memberOf(properties, nameProperty) !== undefined) return 'CAPABILITY_NAMED_IAM';
    needed = 'CAPABILITY_IAM';
  }
  return needed;
}

/** The template of a source, with everything that CloudFormation checks before it starts. */
export function checkTemplate({ provisioner }: CloudFormation, source: unknown): Outcome<Template> {
  const template = readTemplate(source);
  if (!template.ok) return template;
  const dependencies = findDependencies(template.value);
  if (!dependencies.ok) return dependencies;
  const unknown = [...template.value.resources.values()]
    .map(({ type }) => type)
    .filter((type) => provisioner?.knows(type) !== true);
  if (unknown.length > 0) {
    const types = [...new Set(unknown)].join(', ');
    return refuseTemplate(`Unrecognized resource types: [${types}]`);
  }
  return template;
}

export function readBlueprint(
  cloudFormation: CloudFormation,
  request: BlueprintRequest,
  previous: ReadonlyMap<string, ParameterValue>,
): Outcome<Blueprint> {
  const template = checkTemplate(cloudFormation, request.source);
  if (!template.ok) return template;
  const parameters = resolveParameters(template.value, request.parameters, previous, (name) =>
    cloudFormation.provisioner?.findSsmValue(name),
  );
  if (!parameters.ok) return parameters;
  const needed = requiredCapability(template.value);
  const has = (capability: string): boolean => request.capabilities.includes(capability);
  const isEnough = needed === undefined || has('CAPABILITY_NAMED_IAM') || has(needed);
  if (!isEnough) {
    return refuse('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
  }
  const { body, source, tags, capabilities } = request;
  const conditions = checkConditions(template.value, parameters.value, cloudFormation);
  if (!conditions.ok) return conditions;
  return succeed({ body, source, tags, capabilities, parameters: parameters.value });
}

/** Conditions know parameters only: each is worked out once, before anything is made. */
function checkConditions(
  template: Template,
  parameters: ReadonlyMap<string, ParameterValue>,
  { options }: CloudFormation,
): Outcome<null> {
  const scope = {
    conditions: template.conditions,
    mappings: template.mappings,
    zones: options.zones,
    ref: (name: string) =>
      name.startsWith('AWS::') ? name : (parameters.get(name)?.resolved ?? undefined),
    attribute: () => undefined,
    importValue: () => undefined,
  };
  for (const name of template.conditions.keys()) {
    const isMet = isConditionMet(name, scope);
    if (!isMet.ok) return isMet;
  }
  for (const { condition } of template.resources.values()) {
    const isMet = isConditionMet(condition, scope);
    if (!isMet.ok) return isMet;
  }
  return succeed(null);
}
