// Systems Manager's parameters, as far as launch templates need them: the newest image of a kind.

import { refuse, succeed } from '../../cloud/fault.ts';
import type { Outcome } from '../../cloud/fault.ts';
import type { Place } from '../../cloud/registry/stored-resource.ts';
import { findStored } from '../../cloud/registry/stored-resource.ts';
import type { EpochMs } from '../../cloud/time.ts';
import { listOf, readText, structureOf } from '../json-shape.ts';
import type { CallContext, Operation, Service } from '../service.ts';
import { findImageId } from './ami-parameters.ts';

const NAMES_MAX = 10;
/** 2026-01-01T00:00:00Z: all images are of that day. */
const PUBLISHED_AT: EpochMs = 1_767_225_600_000;

type Output = Readonly<Record<string, unknown>>;

/** Public parameters never change here; those of stacks are in the registry. */
export function createSsmService(place: Place): Service {
  const operations = new Map<string, Operation>([
    ['GetParameter', (given, call) => getParameter(place, given, call)],
    ['GetParameters', (given, call) => getParameters(place, given, call)],
  ]);
  return { signingName: 'ssm', operations };
}

function getParameter(place: Place, given: Output, call: CallContext): Outcome<Output> {
  const input = structureOf({ Name: readText })(given, '');
  if (!input.ok) return input;
  const { Name: name } = input.value;
  if (name === undefined) return refuseNull('name');
  const parameter = describeParameter(place, name, call);
  if (parameter !== undefined) return succeed({ Parameter: parameter });
  return refuse('ParameterNotFound', `Parameter ${name} not found.`);
}

function getParameters(place: Place, given: Output, call: CallContext): Outcome<Output> {
  const input = structureOf({ Names: listOf(readText) })(given, '');
  if (!input.ok) return input;
  const { Names: names } = input.value;
  if (names === undefined) return refuseNull('names');
  if (names.length === 0 || names.length > NAMES_MAX) {
    return refuseValidation(
      `Value '[${names.join(', ')}]' at 'names' failed to satisfy constraint: Member must have ` +
        `length between 1 and ${NAMES_MAX}`,
    );
  }
  const described = [...new Set(names)].map((name) => ({
    name,
    parameter: describeParameter(place, name, call),
  }));
  return succeed({
    Parameters: described.flatMap(({ parameter }) => parameter ?? []),
    InvalidParameters: described
      .filter(({ parameter }) => parameter === undefined)
      .map(({ name }) => name),
  });
}

/** Public parameters belong to no account. `name` may be the ARN as well. */
function describeParameter(place: Place, name: string, { region, accountId }: CallContext) {
  const prefix = `arn:aws:ssm:${region}::parameter`;
  const plain = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const value = findImageId(plain, region);
  if (value === undefined) {
    const stored = findStored(place.registry, 'AWS::SSM::Parameter', name);
    if (stored === undefined) return undefined;
    return {
      Name: name,
      Type: stored.attributes['Type'],
      Value: stored.properties['Value'],
      Version: 1,
      LastModifiedDate: stored.createdAt / 1000,
      ARN: `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//u, '')}`,
      DataType: 'text',
    };
  }
  return {
    Name: plain,
    Type: 'String',
    Value: value,
    Version: 1,
    LastModifiedDate: PUBLISHED_AT / 1000,
    ARN: `${prefix}${plain}`,
    DataType: 'text',
  };
}

function refuseNull(member: string): Outcome<never> {
  return refuseValidation(
    `Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

function refuseValidation(problem: string): Outcome<never> {
  return refuse('ValidationException', `1 validation error detected: ${problem}`);
}
