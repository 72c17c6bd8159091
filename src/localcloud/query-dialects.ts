// The Query APIs that are served: their dates, namespaces and members that are times.

import type { QueryDialect } from './query-protocol.ts';

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
];
