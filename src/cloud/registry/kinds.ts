// The registry of stored types: add one here and stacks can make it.

import type { JsonRecord } from '../cloudformation/json.ts';
import { textOf } from '../cloudformation/json.ts';
import type { Fault } from '../fault.ts';
import type { WorldOptions } from '../world-options.ts';
import type { StoredKind } from './kind.ts';
import { defineKind, mentions, namedKind } from './kind.ts';
import { NETWORK_KINDS } from './network-kinds.ts';
import type { Place, StoredResource } from './stored-resource.ts';
import { listStored } from './stored-resource.ts';

const KINDS: ReadonlyMap<string, StoredKind> = new Map(
  Object.entries({
    ...NETWORK_KINDS,
    'AWS::IAM::Role': namedKind('RoleName', 'EntityAlreadyExists', {
      attributesOf: ({ id, hex, options, properties }) => ({
        Arn: iamArn(options, 'role', `${textOf(properties['Path']) ?? '/'}${id}`),
        RoleId: `AROA${hex.toUpperCase()}`,
      }),
      blocker: findRoleUser,
      replacing: ['RoleName', 'Path'],
    }),
    'AWS::IAM::InstanceProfile': namedKind('InstanceProfileName', 'EntityAlreadyExists', {
      attributesOf: ({ id, hex, options, properties }) => ({
        Arn: iamArn(options, 'instance-profile', `${textOf(properties['Path']) ?? '/'}${id}`),
        InstanceProfileId: `AIPA${hex.toUpperCase()}`,
      }),
      replacing: ['InstanceProfileName', 'Path'],
    }),
    'AWS::IAM::Policy': namedKind('', 'EntityAlreadyExists', { replacing: ['PolicyName'] }),
    'AWS::IAM::ManagedPolicy': defineKind({
      idOf: ({ properties, fallbackName, options }) => {
        const name = textOf(properties['ManagedPolicyName']) ?? fallbackName;
        return iamArn(options, 'policy', `${textOf(properties['Path']) ?? '/'}${name}`);
      },
      attributesOf: ({ id }) => ({ PolicyArn: id }),
      clash: alreadyExists('EntityAlreadyExists'),
      replacing: ['ManagedPolicyName', 'Path'],
    }),
    'AWS::Logs::LogGroup': namedKind('LogGroupName', 'ResourceAlreadyExistsException', {
      attributesOf: ({ id, options }) => ({
        Arn: `arn:aws:logs:${options.region}:${options.accountId}:log-group:${id}:*`,
      }),
    }),
    'AWS::S3::Bucket': namedKind('BucketName', 'BucketAlreadyExists', {
      attributesOf: ({ id, options }) => ({
        Arn: `arn:aws:s3:::${id}`,
        DomainName: `${id}.s3.amazonaws.com`,
        RegionalDomainName: `${id}.s3.${options.region}.amazonaws.com`,
      }),
      blocker: findBucketContent,
    }),
    'AWS::S3::BucketPolicy': namedKind('Bucket', 'AlreadyExists'),
    'AWS::SSM::Parameter': namedKind('Name', 'ParameterAlreadyExists', {
      attributesOf: ({ properties }) => ({
        Type: properties['Type'] ?? 'String',
        Value: properties['Value'] ?? '',
      }),
    }),
    'AWS::SecretsManager::Secret': defineKind({
      idOf: ({ properties, fallbackName, hex, options }) => {
        const name = textOf(properties['Name']) ?? fallbackName;
        const { region, accountId } = options;
        return `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${hex.slice(0, 6)}`;
      },
      clash: alreadyExists('ResourceExistsException'),
      replacing: ['Name'],
    }),
    'AWS::SNS::Topic': defineKind({
      idOf: ({ properties, fallbackName, options }) =>
        `arn:aws:sns:${options.region}:${options.accountId}:${textOf(properties['TopicName']) ?? fallbackName}`,
      attributesOf: ({ id }) => ({ TopicArn: id, TopicName: id.slice(id.lastIndexOf(':') + 1) }),
      replacing: ['TopicName'],
    }),
    /** An object of a bucket, as `Bucket` and `Key` name it. */
    'AWS::S3::Object': defineKind({
      idOf: ({ properties }) =>
        `${textOf(properties['Bucket']) ?? ''}/${textOf(properties['Key']) ?? ''}`,
    }),
  }),
);

/** Types that only exist, whatever they are: certificates, things, topic rules. */
const PLAIN_FAMILY = 'AWS::IoT::';
const PLAIN_KIND = defineKind({
  attributesOf: ({ id, options }) => ({
    Id: id,
    Arn: `arn:aws:iot:${options.region}:${options.accountId}:${id}`,
  }),
});

export function findKind(type: string): StoredKind {
  return KINDS.get(type) ?? PLAIN_KIND;
}

export function isStoredType(type: string): boolean {
  return KINDS.has(type) || type.startsWith(PLAIN_FAMILY);
}

function iamArn({ accountId }: WorldOptions, noun: string, path: string): string {
  return `arn:aws:iam::${accountId}:${noun}${path}`;
}

function alreadyExists(code: string): (id: string) => Fault {
  return (id) => ({ code, message: `${id} already exists.`, status: 409 });
}

function findRoleUser({ registry }: Place, { id }: StoredResource): Fault | undefined {
  const isUsed = listStored(registry, 'AWS::IAM::InstanceProfile').some(({ properties }) =>
    mentions(properties['Roles'], id),
  );
  if (!isUsed) return undefined;
  const message = 'Cannot delete entity, must remove roles from instance profile first.';
  return { code: 'DeleteConflict', message, status: 409 };
}

function findBucketContent({ registry }: Place, { id }: StoredResource): Fault | undefined {
  const isEmpty = !listStored(registry, 'AWS::S3::Object').some(
    ({ properties }: { readonly properties: JsonRecord }) => properties['Bucket'] === id,
  );
  if (isEmpty) return undefined;
  const message = 'The bucket you tried to delete is not empty';
  return { code: 'BucketNotEmpty', message, status: 409 };
}
