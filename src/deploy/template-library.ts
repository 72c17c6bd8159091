// The templates that ship with Foretide, read and parsed as far as commands need it: parameters with
// their defaults, and resources by type. What the rest means is CloudFormation's business.

import { readFileSync } from 'node:fs';
import { parse, type CollectionTag, type ScalarTag } from 'yaml';
import { DeployError } from './deploy-error.ts';

export const templateNames = [
  'hello-asg',
  'controller',
  'fleet',
  'queue-workers',
  'iot-core',
] as const;
export type TemplateName = (typeof templateNames)[number];

/** What CloudFormation takes inline. */
const bodyMaxBytes = 51_200;

export type TemplateNode = Readonly<Record<string, unknown>>;

export interface Template {
  readonly name: TemplateName;
  readonly body: string;
  /** By name; null is one without a default. */
  readonly defaults: ReadonlyMap<string, string | null>;
  readonly conditions: TemplateNode;
  readonly resources: readonly TemplateResource[];
}

export interface TemplateResource {
  readonly logicalId: string;
  readonly type: string;
  readonly condition: string | null;
  readonly properties: TemplateNode;
}

export function readTemplate(name: string): Template {
  const known = templateNames.find((one) => one === name);
  if (known === undefined) {
    throw new DeployError(`found template "${name}", allowed: ${templateNames.join(', ')}`);
  }
  const body = readFileSync(new URL(`./templates/${known}.yaml`, import.meta.url), 'utf8');
  if (Buffer.byteLength(body) > bodyMaxBytes) throw new Error(`${known} is above ${bodyMaxBytes}`);
  return parseTemplate(known, body);
}

export function parseTemplate(name: TemplateName, body: string): Template {
  const source: unknown = parse(body, { customTags: [...shortForms] });
  const parameters = recordOf(recordOf(source)['Parameters']);
  return {
    name,
    body,
    defaults: new Map(
      Object.entries(parameters).map(([key, parameter]) => {
        const initial = recordOf(parameter)['Default'];
        return [key, initial === undefined ? null : String(initial)];
      }),
    ),
    conditions: recordOf(recordOf(source)['Conditions']),
    resources: Object.entries(recordOf(recordOf(source)['Resources'])).map(([logicalId, one]) => {
      const { Condition: condition, Properties: properties, Type: type } = recordOf(one);
      return {
        logicalId,
        type: String(type),
        condition: typeof condition === 'string' ? condition : null,
        properties: recordOf(properties),
      };
    }),
  };
}

/** The values of all parameters; refuses names that the template has not. */
export function settleParameters(
  { defaults, name }: Template,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  for (const key of given.keys()) {
    if (!defaults.has(key)) {
      const allowed = [...defaults.keys()].join(', ');
      throw new DeployError(`${name} has no parameter "${key}", allowed: ${allowed}`);
    }
  }
  return new Map(
    [...defaults].map(([key, initial]) => {
      const value = given.get(key) ?? initial;
      if (value === null) throw new DeployError(`${name} needs --set ${key}=VALUE`);
      return [key, value];
    }),
  );
}

export function recordOf(value: unknown): TemplateNode {
  // A mapping of a parsed file has texts as keys and anything as values.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as TemplateNode)
    : {};
}

const functions = ['Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAZs', 'GetAtt', 'If', 'ImportValue']
  .concat(['Join', 'Not', 'And', 'Or', 'Ref', 'Select', 'Split', 'Sub'])
  .map((name) => ({ tag: `!${name}`, long: name === 'Ref' ? 'Ref' : `Fn::${name}` }));

/** `!Ref X` as `{ Ref: X }`. */
const shortForms: readonly (ScalarTag | CollectionTag)[] = functions.flatMap(({ tag, long }) => [
  { tag, resolve: (text: string) => ({ [long]: text }) },
  {
    tag,
    collection: 'seq' as const,
    resolve: (list: { toJSON(): unknown }) => ({ [long]: list.toJSON() }),
  },
  {
    tag,
    collection: 'map' as const,
    resolve: (map: { toJSON(): unknown }) => ({ [long]: map.toJSON() }),
  },
]);
