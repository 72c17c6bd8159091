// The Query APIs that are served: their dates, namespaces and members that are times.

import { markFormTexts } from './form-text.ts';
import type { QueryDialect } from './query-protocol.ts';
import { flatSqsMembers, readSqsForm } from './sqs/query-form.ts';

type Input = Readonly<Record<string, unknown>>;

/** Member by member: the input itself is a record and stays one. */
function markInput(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, markFormTexts(value)]),
  );
}

export const QUERY_DIALECTS: readonly QueryDialect[] = [
  {
    signingName: 'autoscaling',
    version: '2011-01-01',
    namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    kind: 'query',
    itemName: 'member',
    timeNames: new Set(['CreatedTime', 'StartTime', 'EndTime', 'Time']),
  },
  {
    signingName: 'ec2',
    version: '2016-11-15',
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    kind: 'ec2',
    itemName: 'item',
    timeNames: new Set(['launchTime', 'createTime']),
  },
  {
    signingName: 'sts',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    kind: 'query',
    itemName: 'member',
    timeNames: new Set(['Expiration']),
  },
  {
    signingName: 'cloudformation',
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    kind: 'query',
    itemName: 'member',
    timeNames: new Set([
      'CreationTime',
      'DeletionTime',
      'LastUpdatedTime',
      'Timestamp',
      'LastUpdatedTimestamp',
      'LastCheckTimestamp',
    ]),
  },
  {
    signingName: 'iam',
    version: '2010-05-08',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    kind: 'query',
    itemName: 'member',
    timeNames: new Set(['CreateDate']),
  },
  {
    signingName: 'sqs',
    version: '2012-11-05',
    namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    kind: 'query',
    itemName: 'member',
    timeNames: new Set(),
    readInput: (input, operation, path) => markInput(readSqsForm(input, operation, path)),
    flatMembersOf: flatSqsMembers,
  },
  {
    signingName: 'monitoring',
    version: '2010-08-01',
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    kind: 'query',
    itemName: 'member',
    timeNames: new Set([
      'AlarmConfigurationUpdatedTimestamp',
      'LastModified',
      'StateTransitionedTimestamp',
      'StateUpdatedTimestamp',
      'Timestamp',
      'Timestamps',
    ]),
    mapNames: new Set(['ExtendedStatistics']),
    readInput: markInput,
  },
];
