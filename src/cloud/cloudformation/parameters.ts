// A template's parameters: what is given, what is left at its default, and what is not allowed.

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { refuseValidation } from './faults.ts';
import type { JsonRecord } from './json.ts';
import { isList, textOf } from './json.ts';
import type { Template } from './template.ts';

/** One parameter as a caller names it. */
export interface GivenParameter {
  readonly key: string;
  readonly value: string | undefined;
  readonly usesPrevious: boolean;
}

export interface ParameterValue {
  /** As it was given. */
  readonly value: string;
  /** What it stands for: the value of an SSM parameter. */
  readonly resolved: string;
  readonly isHidden: boolean;
  readonly isList: boolean;
}

/** Finds the value of an SSM parameter. */
export type FindSsmValue = (name: string) => string | undefined;

const SSM_TYPE = /^AWS::SSM::Parameter::Value<(.+)>$/u;

/** The value of every declared parameter, or the refusal of the first that is wrong. */
export function resolveParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: ReadonlyMap<string, ParameterValue>,
  findSsmValue: FindSsmValue,
): Outcome<ReadonlyMap<string, ParameterValue>> {
  const unknown = given.filter(({ key }) => !template.parameters.has(key)).map(({ key }) => key);
  if (unknown.length > 0) {
    return refuseValidation(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const values = new Map<string, ParameterValue>();
  const missing: string[] = [];
  for (const [key, declared] of template.parameters) {
    const named = given.find((one) => one.key === key);
    const value =
      named?.usesPrevious === true
        ? previous.get(key)?.value
        : (named?.value ?? textOf(declared['Default']));
    if (value === undefined) {
      missing.push(key);
      continue;
    }
    const read = readValue(key, value, declared, findSsmValue);
    if (!read.ok) return read;
    values.set(key, read.value);
  }
  if (missing.length === 0) return succeed(values);
  return refuseValidation(`Parameters: [${missing.join(', ')}] must have values`);
}

function readValue(
  key: string,
  value: string,
  declared: JsonRecord,
  findSsmValue: FindSsmValue,
): Outcome<ParameterValue> {
  const problem = problemOf(key, value, declared);
  if (problem !== undefined) return refuseValidation(problem);
  const type = textOf(declared['Type']) ?? 'String';
  const stored = SSM_TYPE.exec(type)?.[1];
  const resolved = stored === undefined ? value : findSsmValue(value);
  if (resolved === undefined) {
    return refuseValidation(
      `Unable to fetch parameters [${value}] from parameter store for this account.`,
    );
  }
  return succeed({
    value,
    resolved,
    isHidden: textOf(declared['NoEcho']) === 'true',
    isList: isListType(stored ?? type),
  });
}

function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

/** The constraints of the "Parameters" section, in the order in which they are said. */
function problemOf(key: string, value: string, declared: JsonRecord): string | undefined {
  const said = textOf(declared['ConstraintDescription']);
  const items = isListType(textOf(declared['Type']) ?? '') ? value.split(',') : [value];
  const allowed = declared['AllowedValues'];
  if (isList(allowed)) {
    const texts = allowed.map((one) => textOf(one));
    if (items.some((item) => !texts.includes(item.trim()))) {
      return `Parameter '${key}' ${said ?? `must be one of AllowedValues`}`;
    }
  }
  const pattern = textOf(declared['AllowedPattern']);
  if (pattern !== undefined && !isMatching(pattern, value)) {
    return `Parameter ${key} failed to satisfy constraint: ${said ?? `must match pattern ${pattern}`}`;
  }
  return sizeProblem(key, value, declared);
}

function sizeProblem(key: string, value: string, declared: JsonRecord): string | undefined {
  const isNumber = textOf(declared['Type']) === 'Number';
  if (isNumber && !Number.isFinite(Number(value === '' ? 'none' : value))) {
    return `Parameter '${key}' must be a number.`;
  }
  const [size, least, most] = isNumber
    ? [Number(value), declared['MinValue'], declared['MaxValue']]
    : [value.length, declared['MinLength'], declared['MaxLength']];
  if (least !== undefined && size < Number(least)) {
    const limit = isNumber ? 'a number not less than' : 'at least';
    return `Parameter '${key}' must be ${limit} ${textOf(least) ?? ''}${isNumber ? '' : ' characters long'}.`;
  }
  if (most !== undefined && size > Number(most)) {
    const limit = isNumber ? 'a number not greater than' : 'at most';
    return `Parameter '${key}' must be ${limit} ${textOf(most) ?? ''}${isNumber ? '' : ' characters long'}.`;
  }
  return undefined;
}

function isMatching(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    // Java's patterns are not all ours: one that cannot be read here refuses nothing.
    return true;
  }
}
