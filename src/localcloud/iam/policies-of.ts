// The policies that a role has: in itself, by AWS::IAM::Policy, and by managed ones of this account.

import type { Json } from '../../cloud/cloudformation/json.ts';
import { isList, memberOf } from '../../cloud/cloudformation/json.ts';
import { mentions } from '../../cloud/registry/kind.ts';
import type { Place, StoredResource } from '../../cloud/registry/stored-resource.ts';
import { findStored, listStored } from '../../cloud/registry/stored-resource.ts';

/** AWS's own managed policies have no documents here and allow nothing. */
export function policiesOf({ registry }: Place, role: StoredResource): readonly Json[] {
  const inline = role.properties['Policies'];
  const arns = role.properties['ManagedPolicyArns'];
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    listStored(registry, type).filter(({ properties }) => mentions(properties['Roles'], role.id)),
  );
  const managed = (isList(arns) ? arns : []).flatMap(
    (arn) => findStored(registry, 'AWS::IAM::ManagedPolicy', String(arn)) ?? [],
  );
  return [
    ...(isList(inline) ? inline : []),
    ...[...attached, ...managed].map(({ properties }): Json => ({ ...properties })),
  ].flatMap((policy) => memberOf(policy, 'PolicyDocument') ?? []);
}
