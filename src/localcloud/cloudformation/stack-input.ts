// What callers say about stacks, read into the model's requests.

import type { BlueprintRequest } from '../../cloud/cloudformation/blueprint.ts';
import type { OnFailure, Stack } from '../../cloud/cloudformation/stack.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { memberOf, textOf } from '../../cloud/cloudformation/json.ts';
import type { Place } from '../../cloud/registry/stored-resource.ts';
import { findStored } from '../../cloud/registry/stored-resource.ts';
import type { Parsed } from '../input-shape.ts';
import { flag, list, oneOf, required, structure, text } from '../input-shape.ts';
import { readTemplateBody } from './read-template-body.ts';

export const stackName = required(text({ min: 1 }), '');

export const templateMembers = {
  TemplateBody: text({ min: 1 }),
  TemplateURL: text({ min: 1, max: 5120 }),
} as const;

export const blueprintMembers = {
  ...templateMembers,
  UsePreviousTemplate: flag(),
  Parameters: list(
    structure({
      ParameterKey: required(text(), ''),
      ParameterValue: text(),
      UsePreviousValue: flag(),
    }),
  ),
  Capabilities: list(
    required(
      oneOf(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']),
      'CAPABILITY_IAM',
    ),
  ),
  Tags: list(
    structure({
      Key: required(text({ min: 1, max: 128 }), ''),
      Value: required(text({ max: 256 }), ''),
    }),
  ),
} as const;

export const onFailureMembers = {
  OnFailure: oneOf(['DO_NOTHING', 'ROLLBACK', 'DELETE']),
  DisableRollback: flag(),
} as const;

export function readOnFailure(input: Parsed<typeof onFailureMembers>): OnFailure {
  return input.OnFailure ?? (input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK');
}

/** The template by its body, by the place it was uploaded to, or the stack's own again. */
export function readBody(place: Place, input: Parsed<typeof templateMembers>): Outcome<string> {
  if (input.TemplateBody !== undefined) return succeed(input.TemplateBody);
  if (input.TemplateURL === undefined) {
    return refuse('ValidationError', 'Either Template URL or Template Body must be specified.');
  }
  if (!URL.canParse(input.TemplateURL)) {
    return refuse('ValidationError', 'S3 error: Domain name specified is not a valid S3 URL');
  }
  const [bucket, ...key] = new URL(input.TemplateURL).pathname.split('/').slice(1);
  const object = findStored(place.registry, 'AWS::S3::Object', [bucket, ...key].join('/'));
  const body = textOf(memberOf(object?.properties, 'Body'));
  return body === undefined
    ? refuse('ValidationError', 'S3 error: The specified key does not exist.')
    : succeed(body);
}

export function readBlueprintInput(
  place: Place,
  input: Parsed<typeof blueprintMembers>,
  stack: Stack | undefined,
): Outcome<BlueprintRequest> {
  const previous = input.UsePreviousTemplate === true ? stack?.blueprint : undefined;
  const body = previous === undefined ? readBody(place, input) : succeed(previous.body);
  if (!body.ok) return body;
  const source = readTemplateBody(body.value);
  if (!source.ok) return source;
  const tags = new Map(input.Tags.map(({ Key, Value }) => [Key, Value]));
  return succeed({
    body: body.value,
    source: source.value,
    // An update without tags keeps those that the stack has.
    tags: tags.size === 0 ? (stack?.blueprint.tags ?? tags) : tags,
    capabilities: input.Capabilities,
    parameters: input.Parameters.map(({ ParameterKey, ParameterValue, UsePreviousValue }) => ({
      key: ParameterKey,
      value: ParameterValue,
      usesPrevious: UsePreviousValue === true,
    })),
  });
}
