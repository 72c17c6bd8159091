// Who this instance is: told by flags, or looked up in the instance metadata of EC2, version 2.
// Source: "Use the Instance Metadata Service", Amazon EC2 User Guide.

import { nameLengthMax } from '../wire/topics.ts';
import { describeError } from './describe-error.ts';
import { fetchToken, fetchValue } from './instance-metadata.ts';

export interface InstanceIdentity {
  readonly group: string;
  readonly instance: string;
  readonly zone?: string;
  readonly instanceType?: string;
  readonly lifeCycle?: string;
}

export interface GivenIdentity {
  readonly group?: string;
  readonly instance?: string;
}

export interface MetadataService {
  readonly endpoint: string;
  /** `AWS_EC2_METADATA_DISABLED=true`: it must not be asked. */
  readonly isDisabled: boolean;
}

export type IdentityOutcome =
  | { readonly ok: true; readonly identity: InstanceIdentity }
  /** One line that says what to give. */
  | { readonly ok: false; readonly message: string };

const advice = 'give --group and --instance (or FORETIDE_GROUP and FORETIDE_INSTANCE)';

/** Asks the metadata only when the group or the instance was not given. Never rejects. */
export async function resolveIdentity(
  given: GivenIdentity,
  metadata: MetadataService,
): Promise<IdentityOutcome> {
  const { group, instance } = given;
  if (group !== undefined && instance !== undefined) return checkNames({ group, instance });
  if (metadata.isDisabled) {
    return { ok: false, message: `instance metadata is disabled here: ${advice}` };
  }
  try {
    return await lookUp(given, metadata.endpoint);
  } catch (error) {
    const reason = `no instance metadata at ${metadata.endpoint} (${describeError(error)})`;
    return { ok: false, message: `${reason}: ${advice}` };
  }
}

async function lookUp(given: GivenIdentity, endpoint: string): Promise<IdentityOutcome> {
  const token = await fetchToken(endpoint);
  const [instance, zone, instanceType, lifeCycle, group] = await Promise.all([
    given.instance ?? fetchValue(endpoint, token, 'instance-id'),
    fetchValue(endpoint, token, 'placement/availability-zone'),
    fetchValue(endpoint, token, 'instance-type'),
    fetchValue(endpoint, token, 'instance-life-cycle'),
    given.group ?? fetchValue(endpoint, token, 'tags/instance/aws:autoscaling:groupName'),
  ]);
  if (instance === null) {
    return { ok: false, message: 'instance metadata has no instance-id: give --instance' };
  }
  if (group === null) {
    const reason = 'instance metadata does not tell the group';
    const cure = 'allow tags in instance metadata, or give --group (or FORETIDE_GROUP)';
    return { ok: false, message: `${reason}: ${cure}` };
  }
  return checkNames({
    group,
    instance,
    ...(zone !== null && { zone }),
    ...(instanceType !== null && { instanceType }),
    ...(lifeCycle !== null && { lifeCycle }),
  });
}

function checkNames(identity: InstanceIdentity): IdentityOutcome {
  for (const part of ['group', 'instance'] as const) {
    const { length } = identity[part];
    if (length > 0 && length <= nameLengthMax) continue;
    const message = `the ${part} has ${length} characters: 1 to ${nameLengthMax} are allowed`;
    return { ok: false, message };
  }
  return { ok: true, identity };
}
