// How one type of resource is made: through the operations of its own service, as CloudFormation
// does it, so that stacks and callers meet the same rules.

import type { JsonRecord } from '../../../cloud/cloudformation/json.ts';
import { textOf } from '../../../cloud/cloudformation/json.ts';
import type {
  MadeResource,
  Provisioned,
  ResourceRequest,
} from '../../../cloud/cloudformation/provisioner.ts';
import type { StepAction } from '../../../cloud/cloudformation/stack.ts';
import type { Outcome } from '../../../cloud/fault.ts';
import { succeed } from '../../../cloud/fault.ts';
import type { World } from '../../../cloud/world.ts';

export type Output = Readonly<Record<string, unknown>>;

export interface ResourceContext {
  readonly world: World;
  /** Calls an operation of a service of this server. */
  call(signingName: string, operation: string, input: Output): Outcome<Output>;
}

export interface ResourceHandler {
  /** Properties whose change needs a new resource. */
  readonly replacing: readonly string[];
  create(context: ResourceContext, request: ResourceRequest): Outcome<Provisioned>;
  update(
    context: ResourceContext,
    request: ResourceRequest,
    made: MadeResource,
  ): Outcome<Provisioned>;
  remove(context: ResourceContext, made: MadeResource): Outcome<null>;
  hasSettled?(context: ResourceContext, made: MadeResource, action: StepAction): boolean;
}

/** The name that the template gives, or one made of stack, logical id and twelve random signs. */
export function nameOf(request: ResourceRequest, property: string, lengthMax = 255): string {
  const given = textOf(request.properties[property]);
  if (given !== undefined) return given;
  const { stackName, logicalId, suffix } = request;
  // The random end is what tells names apart: what is too long is cut before it.
  const room = lengthMax - suffix.length - 1;
  return `${`${stackName}-${logicalId}`.slice(0, room)}-${suffix}`;
}

/** What an outcome of an operation without output comes to. */
export function done(outcome: Outcome<Output>): Outcome<null> {
  return outcome.ok ? succeed(null) : outcome;
}

/** A resource that is gone already is deleted. */
export function goneIf(outcome: Outcome<Output>, absent: RegExp): Outcome<null> {
  if (outcome.ok) return succeed(null);
  const { code, message } = outcome.fault;
  return absent.test(`${code}: ${message}`) ? succeed(null) : outcome;
}

export function provisioned(physicalId: string, attributes: JsonRecord = {}): Outcome<Provisioned> {
  return succeed({ physicalId, attributes });
}

/** A scalar as the number it says: templates write numbers as texts, too. */
export function numberOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text === undefined || text.trim() === '' ? undefined : Number(text);
}

export function flagOf(value: unknown): boolean | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : text === 'true';
}
