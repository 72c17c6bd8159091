// CloudWatch's refusals: each with its code in the JSON protocol and in the older Query protocol,
// as the service's API model pairs them.

import type { Outcome } from '../fault.ts';

interface Codes {
  readonly code: string;
  readonly queryCode: string;
  readonly status: number;
}

function refuseWith(codes: Codes, message: string): Outcome<never> {
  return { ok: false, fault: { ...codes, message } };
}

export function refuseValue(message: string): Outcome<never> {
  const code = 'InvalidParameterValueException';
  return refuseWith({ code, queryCode: 'InvalidParameterValue', status: 400 }, message);
}

/** A value that is not allowed; `parameter` with its whole path. */
export function refuseFound(found: string, parameter: string): Outcome<never> {
  return refuseValue(`The value ${found} for parameter ${parameter} is invalid.`);
}

export function refuseSize(collection: string, sizeMax: number): Outcome<never> {
  return refuseValue(`The collection ${collection} must not have a size greater than ${sizeMax}.`);
}

export function refuseCombination(message: string): Outcome<never> {
  const code = 'InvalidParameterCombinationException';
  return refuseWith({ code, queryCode: 'InvalidParameterCombination', status: 400 }, message);
}

/** `parameter` with its whole path, for example `MetricData.member.1.MetricName`. */
export function refuseMissing(parameter: string): Outcome<never> {
  const code = 'MissingRequiredParameterException';
  const codes = { code, queryCode: 'MissingParameter', status: 400 };
  return refuseWith(codes, `The parameter ${parameter} is required.`);
}

export function refuseValidation(message: string): Outcome<never> {
  const codes = { code: 'ValidationException', queryCode: 'ValidationError', status: 400 };
  return refuseWith(codes, message);
}

/** AWS's usual sentence for a value outside an enumeration; `member` as `stateValue`. */
export function refuseEnumeration(
  member: string,
  found: string,
  allowed: readonly string[],
): Outcome<never> {
  const constraint = `Member must satisfy enum value set: [${allowed.join(', ')}]`;
  return refuseConstraint(member, found, constraint);
}

export function refuseConstraint(
  member: string,
  found: string,
  constraint: string,
): Outcome<never> {
  return refuseValidation(
    `1 validation error detected: Value '${found}' at '${member}' failed to satisfy constraint: ` +
      constraint,
  );
}

export function refuseUnknownResource(message: string): Outcome<never> {
  const codes = { code: 'ResourceNotFound', queryCode: 'ResourceNotFound', status: 404 };
  return refuseWith(codes, message);
}

export function refuseUnknownDashboard(name: string): Outcome<never> {
  const codes = { code: 'DashboardNotFoundError', queryCode: 'ResourceNotFound', status: 404 };
  return refuseWith(codes, `Dashboard ${name} does not exist`);
}

export function refuseDashboardBody(message: string): Outcome<never> {
  const code = 'DashboardInvalidInputError';
  return refuseWith({ code, queryCode: 'InvalidParameterInput', status: 400 }, message);
}

export function refuseLimit(message: string): Outcome<never> {
  const codes = { code: 'LimitExceededFault', queryCode: 'LimitExceeded', status: 400 };
  return refuseWith(codes, message);
}

export function refuseToken(): Outcome<never> {
  const codes = { code: 'InvalidNextToken', queryCode: 'InvalidNextToken', status: 400 };
  return refuseWith(codes, 'The next token specified is invalid.');
}
