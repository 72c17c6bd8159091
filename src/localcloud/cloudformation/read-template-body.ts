// A template's text as data: JSON, or YAML with CloudFormation's short forms (`!Ref`, `!GetAtt` …).

import type { ScalarTag, CollectionTag } from 'yaml';
import { parse, YAMLMap, YAMLSeq } from 'yaml';
import type { Json } from '../../cloud/cloudformation/json.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';

/** "TemplateBody: maximum length of 51,200": CreateStack. */
export const BODY_LENGTH_MAX = 51_200;

const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
] as const;

const PLAIN_NAMES = ['Ref', 'Condition'] as const;

const NAMES_BY_TAG: ReadonlyMap<string, string> = new Map([
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
  ...PLAIN_NAMES.map((name) => [`!${name}`, name] as const),
]);

/** `!Sub text`, `!Join [a, b]` and `!Base64 {…}`: every function in every form. */
const TAGS: (ScalarTag | CollectionTag)[] = [...NAMES_BY_TAG].flatMap(([tag, name]) => [
  { tag, resolve: (text: string) => ({ [name]: text }) },
  {
    tag,
    collection: 'seq',
    resolve: (items) => (items instanceof YAMLSeq ? { [name]: items.toJSON() } : {}),
  },
  {
    tag,
    collection: 'map',
    resolve: (items) => (items instanceof YAMLMap ? { [name]: items.toJSON() } : {}),
  },
]);

/** Aliases that unfold to more than this are an attack. */
const ALIASES_MAX = 100;

export function readTemplateBody(body: string): Outcome<Json> {
  if (body.length === 0 || body.length > BODY_LENGTH_MAX) {
    return refuse(
      'ValidationError',
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${BODY_LENGTH_MAX}`,
    );
  }
  try {
    const value: unknown = body.trimStart().startsWith('{') ? JSON.parse(body) : readYaml(body);
    // Through JSON: nodes of tags become plain, and dates are texts as they were written.
    return succeed(JSON.parse(JSON.stringify(value ?? null)) as Json);
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    const format = body.trimStart().startsWith('{') ? 'JSON' : 'YAML';
    return refuse('ValidationError', `Template format error: ${format} not well-formed. (${line})`);
  }
}

function readYaml(body: string): unknown {
  return parse(body, {
    customTags: TAGS,
    maxAliasCount: ALIASES_MAX,
    uniqueKeys: true,
    schema: 'core',
    logLevel: 'error',
  });
}
