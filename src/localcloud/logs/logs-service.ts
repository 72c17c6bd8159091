// CloudWatch Logs as far as deployments need it: log groups, without events.

import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { changeStored, removeStored, storeResource } from '../../cloud/registry/registry.ts';
import type { Place, StoredResource } from '../../cloud/registry/stored-resource.ts';
import { findStored, listStored } from '../../cloud/registry/stored-resource.ts';
import { readInteger, readText, structureOf } from '../json-shape.ts';
import { sortByKey } from '../paging.ts';
import type { Operation, Service } from '../service.ts';

type Output = Readonly<Record<string, unknown>>;

const LOG_GROUP = 'AWS::Logs::LogGroup';
const readName = structureOf({ logGroupName: readText, retentionInDays: readInteger });
const readPrefix = structureOf({ logGroupNamePrefix: readText });

export function createLogsService(place: Place): Service {
  return {
    signingName: 'logs',
    operations: new Map<string, Operation>([
      ['CreateLogGroup', (given) => createLogGroup(place, given)],
      ['DescribeLogGroups', (given) => describeLogGroups(place, given)],
      [
        'DeleteLogGroup',
        withGroup(place, (group) => nothing(removeStored(place, LOG_GROUP, group.id))),
      ],
      [
        'PutRetentionPolicy',
        withGroup(place, (group, days) => {
          if (days === undefined) return refuse('InvalidParameterException', 'No retentionInDays');
          changeStored(place, group, { ...group.properties, RetentionInDays: days });
          return succeed({});
        }),
      ],
    ]),
  };
}

function createLogGroup(place: Place, given: Output): Outcome<Output> {
  const input = readName(given, '');
  if (!input.ok) return input;
  const { logGroupName: LogGroupName } = input.value;
  if (LogGroupName === undefined || !/^[.\-_/#A-Za-z0-9]{1,512}$/u.test(LogGroupName)) {
    const message = `1 validation error detected: Value '${LogGroupName ?? ''}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`;
    return refuse('InvalidParameterException', message);
  }
  const stored = storeResource(place, {
    type: LOG_GROUP,
    properties: { LogGroupName },
    fallbackName: '',
  });
  if (stored.ok) return succeed({});
  return refuse('ResourceAlreadyExistsException', 'The specified log group already exists');
}

function describeLogGroups({ registry }: Place, given: Output): Outcome<Output> {
  const input = readPrefix(given, '');
  if (!input.ok) return input;
  const { logGroupNamePrefix: prefix = '' } = input.value;
  const groups = sortByKey(listStored(registry, LOG_GROUP), ({ id }) => id);
  return succeed({
    logGroups: groups.filter(({ id }) => id.startsWith(prefix)).map(groupOutput),
  });
}

function groupOutput({ id, properties, attributes, createdAt }: StoredResource): Output {
  return {
    logGroupName: id,
    arn: attributes['Arn'],
    creationTime: createdAt,
    storedBytes: 0,
    metricFilterCount: 0,
    retentionInDays:
      properties['RetentionInDays'] === undefined
        ? undefined
        : Number(properties['RetentionInDays']),
  };
}

function withGroup(
  { registry }: Place,
  run: (group: StoredResource, retentionDays: number | undefined) => Outcome<Output>,
): Operation {
  return (given) => {
    const input = readName(given, '');
    if (!input.ok) return input;
    const group = findStored(registry, LOG_GROUP, input.value.logGroupName ?? '');
    if (group !== undefined) return run(group, input.value.retentionInDays);
    return refuse('ResourceNotFoundException', 'The specified log group does not exist.');
  };
}

function nothing(outcome: Outcome<null>): Outcome<Output> {
  return outcome.ok ? succeed({}) : outcome;
}
