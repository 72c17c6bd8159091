// CloudFormation's refusals, in its own codes and words.

import type { Outcome } from '../fault.ts';
import { refuse } from '../fault.ts';

export function refuseValidation(message: string): Outcome<never> {
  return refuse('ValidationError', message);
}

export function refuseTemplate(message: string): Outcome<never> {
  return refuseValidation(`Template format error: ${message}`);
}

export function refuseUnknownStack(name: string): Outcome<never> {
  return refuseValidation(`Stack with id ${name} does not exist`);
}

/** The code of the wire; the SDK's name is `ChangeSetNotFoundException`. */
export function refuseUnknownChangeSet(name: string): Outcome<never> {
  return refuse('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
}
