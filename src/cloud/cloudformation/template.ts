// A template as data: its sections, read and checked for form. What its functions come to is
// evaluate.ts; YAML and JSON are read outside.

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { refuseTemplate } from './faults.ts';
import type { Json, JsonRecord } from './json.ts';
import { isList, isRecord, memberOf, textOf } from './json.ts';

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

export interface ResourceDeclaration {
  readonly type: string;
  readonly properties: JsonRecord;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: DeletionPolicy;
  readonly replacePolicy: DeletionPolicy;
}

export interface OutputDeclaration {
  readonly value: Json;
  readonly description: string | undefined;
  readonly exportName: Json | undefined;
  readonly condition: string | undefined;
}

export interface Template {
  readonly description: string | undefined;
  readonly parameters: ReadonlyMap<string, JsonRecord>;
  readonly mappings: JsonRecord;
  readonly conditions: ReadonlyMap<string, Json>;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
}

/** "Maximum number of resources that you can declare": CloudFormation quotas. */
export const RESOURCES_MAX = 500;
const FORMAT_VERSION = '2010-09-09';
const SECTIONS: ReadonlySet<string> = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
]);
const RESOURCE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'UpdatePolicy',
]);

/** The template, or CloudFormation's refusal of its form. */
export function readTemplate(source: unknown): Outcome<Template> {
  if (!isRecord(source)) return refuseTemplate('unsupported structure.');
  const strange = Object.keys(source).filter((name) => !SECTIONS.has(name));
  if (strange.length > 0) {
    return refuseInvalid(`Invalid template property or properties [${strange.join(', ')}]`);
  }
  const version = source['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== FORMAT_VERSION) {
    return refuseTemplate(`unsupported value for AWSTemplateFormatVersion.`);
  }
  const resources = readResources(source['Resources']);
  if (!resources.ok) return resources;
  const outputs = readOutputs(source['Outputs']);
  if (!outputs.ok) return outputs;
  const parameters = new Map<string, JsonRecord>();
  for (const [name, declared] of entriesOf(source['Parameters'])) {
    if (!isRecord(declared) || textOf(declared['Type']) === undefined) {
      return refuseTemplate(`Every Parameters object must contain a Type member.`);
    }
    parameters.set(name, declared);
  }
  const { Mappings: mappings } = source;
  return succeed({
    description: textOf(source['Description']),
    parameters,
    mappings: isRecord(mappings) ? mappings : {},
    conditions: new Map(entriesOf(source['Conditions'])),
    resources: resources.value,
    outputs: outputs.value,
  });
}

function readResources(section: unknown): Outcome<Map<string, ResourceDeclaration>> {
  const resources = new Map<string, ResourceDeclaration>();
  const entries = entriesOf(section);
  if (entries.length === 0) {
    return refuseTemplate('At least one Resources member must be defined.');
  }
  if (entries.length > RESOURCES_MAX) {
    return refuseTemplate(
      `Number of resources, ${entries.length}, is greater than maximum allowed, ${RESOURCES_MAX}`,
    );
  }
  for (const [name, declared] of entries) {
    if (!/^[A-Za-z0-9]{1,255}$/u.test(name)) {
      return refuseTemplate(`Resource name ${name} is non alphanumeric.`);
    }
    const resource = readResource(name, declared);
    if (!resource.ok) return resource;
    resources.set(name, resource.value);
  }
  return succeed(resources);
}

function readResource(name: string, declared: Json): Outcome<ResourceDeclaration> {
  const type = textOf(memberOf(declared, 'Type'));
  if (!isRecord(declared) || type === undefined) {
    return refuseTemplate(
      `[/Resources/${name}] Every Resources object must contain a Type member.`,
    );
  }
  const strange = Object.keys(declared).filter((member) => !RESOURCE_ATTRIBUTES.has(member));
  if (strange.length > 0) {
    return refuseInvalid(`Invalid template resource property '${strange[0] ?? ''}'`);
  }
  const { Properties: properties, DependsOn: dependsOn } = declared;
  if (properties !== undefined && !isRecord(properties)) {
    return refuseTemplate(`[/Resources/${name}/Properties] 'null' values are not allowed`);
  }
  const deletionPolicy = readPolicy(declared['DeletionPolicy']);
  const replacePolicy = readPolicy(declared['UpdateReplacePolicy']);
  if (deletionPolicy === undefined || replacePolicy === undefined) {
    return refuseTemplate(`Unrecognized DeletionPolicy for resource ${name}`);
  }
  return succeed({
    type,
    properties: properties ?? {},
    dependsOn: (isList(dependsOn) ? dependsOn : [dependsOn]).flatMap((id) => textOf(id) ?? []),
    condition: textOf(declared['Condition']),
    deletionPolicy,
    replacePolicy,
  });
}

/** Snapshots are kept as resources: nothing here has a snapshot. */
function readPolicy(value: Json | undefined): DeletionPolicy | undefined {
  if (value === undefined || value === 'Delete') return 'Delete';
  if (value === 'RetainExceptOnCreate') return value;
  return value === 'Retain' || value === 'Snapshot' ? 'Retain' : undefined;
}

function readOutputs(section: unknown): Outcome<Map<string, OutputDeclaration>> {
  const outputs = new Map<string, OutputDeclaration>();
  for (const [name, declared] of entriesOf(section)) {
    const value = memberOf(declared, 'Value');
    if (value === undefined) {
      return refuseTemplate(`[/Outputs/${name}] Every Outputs member must contain a Value object`);
    }
    outputs.set(name, {
      value,
      description: textOf(memberOf(declared, 'Description')),
      exportName: memberOf(memberOf(declared, 'Export'), 'Name'),
      condition: textOf(memberOf(declared, 'Condition')),
    });
  }
  return succeed(outputs);
}

function entriesOf(section: unknown): readonly (readonly [string, Json])[] {
  return isRecord(section) ? Object.entries(section) : [];
}

function refuseInvalid(message: string): Outcome<never> {
  return { ok: false, fault: { code: 'ValidationError', message, status: 400 } };
}
