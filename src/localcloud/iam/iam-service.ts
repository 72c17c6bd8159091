// IAM as far as deployments need it: roles, their policies, instance profiles, and what a role may
// do. Nothing here keeps a caller from anything.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { Json } from '../../cloud/cloudformation/json.ts';
import { isList, isRecord, textOf } from '../../cloud/cloudformation/json.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { changeStored, removeStored, storeResource } from '../../cloud/registry/registry.ts';
import type { Place, StoredResource } from '../../cloud/registry/stored-resource.ts';
import { findStored, listStored } from '../../cloud/registry/stored-resource.ts';
import { list, operation, required, structure, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';
import type { Service } from '../service.ts';
import { decidePolicies } from './decide-policies.ts';
import { policiesOf } from './policies-of.ts';

type Output = Readonly<Record<string, unknown>>;

const ROLE = 'AWS::IAM::Role';
const PROFILE = 'AWS::IAM::InstanceProfile';
const name = required(text({ min: 1, max: 128 }), '');

export function createIamService(place: Place): Service {
  return {
    signingName: 'iam',
    operations: new Map(
      Object.entries({
        ...roleOperations(place),
        ...profileOperations(place),
        ...simulation(place),
      }),
    ),
  };
}

function roleOperations(place: Place): Operations {
  return {
    CreateRole: operation(
      { RoleName: name, Path: text(), AssumeRolePolicyDocument: required(text(), '') },
      (input) => {
        const document = readDocument(input.AssumeRolePolicyDocument);
        if (document === undefined) return refuseDocument();
        const stored = storeResource(place, {
          type: ROLE,
          properties: {
            RoleName: input.RoleName,
            Path: input.Path ?? '/',
            AssumeRolePolicyDocument: document,
          },
          fallbackName: '',
        });
        if (stored.ok) return succeed({ Role: roleOutput(stored.value) });
        return refuse(
          'EntityAlreadyExists',
          `Role with name ${input.RoleName} already exists.`,
          409,
        );
      },
    ),
    GetRole: operation({ RoleName: name }, ({ RoleName: roleName }) =>
      withRole(place, roleName, (role) => succeed({ Role: roleOutput(role) })),
    ),
    ListRoles: operation({}, () =>
      succeed({ Roles: listStored(place.registry, ROLE).map(roleOutput), IsTruncated: false }),
    ),
    DeleteRole: operation({ RoleName: name }, ({ RoleName: roleName }) =>
      withRole(place, roleName, (role) => {
        if (inlineOf(role).length > 0) {
          return refuse('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
        }
        return nothing(removeStored(place, ROLE, roleName));
      }),
    ),
    PutRolePolicy: operation(
      { RoleName: name, PolicyName: name, PolicyDocument: required(text(), '') },
      (input) => {
        const document = readDocument(input.PolicyDocument);
        if (document === undefined) return refuseDocument();
        return withRole(place, input.RoleName, (role) => {
          const others = inlineOf(role).filter((one) => nameOfPolicy(one) !== input.PolicyName);
          const policy = { PolicyName: input.PolicyName, PolicyDocument: document };
          setInline(place, role, [...others, policy]);
          return succeed({});
        });
      },
    ),
    DeleteRolePolicy: operation({ RoleName: name, PolicyName: name }, (input) =>
      withRole(place, input.RoleName, (role) => {
        const others = inlineOf(role).filter((one) => nameOfPolicy(one) !== input.PolicyName);
        if (others.length === inlineOf(role).length) {
          const message = `The role policy with name ${input.PolicyName} cannot be found.`;
          return refuse('NoSuchEntity', message, 404);
        }
        setInline(place, role, others);
        return succeed({});
      }),
    ),
    ListRolePolicies: operation({ RoleName: name }, ({ RoleName: roleName }) =>
      withRole(place, roleName, (role) =>
        succeed({
          PolicyNames: inlineOf(role).flatMap((one) => nameOfPolicy(one) ?? []),
          IsTruncated: false,
        }),
      ),
    ),
  };
}

function profileOperations(place: Place): Operations {
  return {
    GetInstanceProfile: operation({ InstanceProfileName: name }, (input) => {
      const { InstanceProfileName: profileName } = input;
      const profile = findStored(place.registry, PROFILE, profileName);
      if (profile === undefined) {
        const message = `Instance Profile ${profileName} cannot be found.`;
        return refuse('NoSuchEntity', message, 404);
      }
      const { Roles: names } = profile.properties;
      const roles = (isList(names) ? names : []).flatMap(
        (one) => findStored(place.registry, ROLE, textOf(one) ?? '') ?? [],
      );
      return succeed({
        InstanceProfile: {
          Path: textOf(profile.properties['Path']) ?? '/',
          InstanceProfileName: profile.id,
          InstanceProfileId: profile.attributes['InstanceProfileId'],
          Arn: profile.attributes['Arn'],
          CreateDate: profile.createdAt / SECOND_MS,
          Roles: roles.map(roleOutput),
        },
      });
    }),
  };
}

function simulation(place: Place): Operations {
  return {
    SimulatePrincipalPolicy: operation(
      {
        PolicySourceArn: required(text({ min: 20 }), ''),
        ActionNames: list(required(text(), '')),
        ResourceArns: list(required(text(), '')),
        ContextEntries: list(
          structure({
            ContextKeyName: required(text(), ''),
            ContextKeyValues: list(required(text(), '')),
          }),
        ),
      },
      (input) => {
        const roleName = input.PolicySourceArn.slice(input.PolicySourceArn.lastIndexOf('/') + 1);
        return withRole(place, roleName, (role) => {
          const policies = policiesOf(place, role);
          const context = new Map(
            input.ContextEntries.map(({ ContextKeyName: key, ContextKeyValues: values }) => [
              key.toLowerCase(),
              values,
            ]),
          );
          const resources = input.ResourceArns.length === 0 ? ['*'] : input.ResourceArns;
          const results = input.ActionNames.flatMap((action) =>
            resources.map((resource) => ({
              EvalActionName: action,
              EvalResourceName: resource,
              EvalDecision: decidePolicies(policies, { action, resource, context }),
              MatchedStatements: [],
              MissingContextValues: [],
            })),
          );
          return succeed({ EvaluationResults: results, IsTruncated: false });
        });
      },
    ),
  };
}

function withRole(
  { registry }: Place,
  roleName: string,
  run: (role: StoredResource) => Outcome<Output>,
): Outcome<Output> {
  const role = findStored(registry, ROLE, roleName);
  if (role !== undefined) return run(role);
  return refuse('NoSuchEntity', `The role with name ${roleName} cannot be found.`, 404);
}

function roleOutput({ id, properties, attributes, createdAt }: StoredResource): Output {
  const document = JSON.stringify(properties['AssumeRolePolicyDocument'] ?? {});
  return {
    Path: textOf(properties['Path']) ?? '/',
    RoleName: id,
    RoleId: attributes['RoleId'],
    Arn: attributes['Arn'],
    CreateDate: createdAt / SECOND_MS,
    AssumeRolePolicyDocument: encodeURIComponent(document),
  };
}

function inlineOf({ properties }: StoredResource): readonly Json[] {
  const { Policies: policies } = properties;
  return isList(policies) ? policies : [];
}

function setInline(place: Place, role: StoredResource, policies: readonly Json[]): void {
  changeStored(place, role, { ...role.properties, Policies: policies });
}

function nameOfPolicy(policy: Json): string | undefined {
  return isRecord(policy) ? textOf(policy['PolicyName']) : undefined;
}

function readDocument(source: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(source);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuseDocument(): Outcome<never> {
  return refuse('MalformedPolicyDocument', 'Syntax errors in policy.');
}

function nothing(outcome: Outcome<null>): Outcome<Output> {
  return outcome.ok ? succeed({}) : outcome;
}
