import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { explainRootCause, findRootCause } from './root-cause.ts';

function event(logicalId: string, status: string, reason?: string): StackEvent {
  return {
    StackId: 'arn',
    EventId: `${logicalId}-${status}`,
    StackName: 'shop',
    LogicalResourceId: logicalId,
    PhysicalResourceId: `${logicalId.toLowerCase()}-1`,
    ResourceType: 'AWS::Any::Thing',
    Timestamp: new Date(0),
    // Of a test: any of CloudFormation's names.
    ResourceStatus: status as NonNullable<StackEvent['ResourceStatus']>,
    ...(reason !== undefined && { ResourceStatusReason: reason }),
  };
}

describe('the root of a failure', () => {
  it('is the first resource that failed by itself', () => {
    const cause = findRootCause([
      event('Queue', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('Bucket', 'CREATE_FAILED', 'shop-bucket already exists'),
      event('Topic', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('Late', 'CREATE_FAILED', 'something else'),
      event('shop', 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create'),
    ]);
    expect(cause).toMatchObject({ logicalId: 'Bucket', reason: 'shop-bucket already exists' });
  });

  it('is none where only the stack has failed', () => {
    expect(findRootCause([event('shop', 'ROLLBACK_FAILED')])).toBeNull();
    expect(findRootCause([])).toBeNull();
  });
});

describe('a root, explained', () => {
  it.each([
    ['The bucket you tried to delete is not empty', /aws s3 rm s3:\/\/thing-1 --recursive/u],
    ['The subnet has dependencies and cannot be deleted.', /describe-network-interfaces/u],
    ["Network interface 'eni-1' is currently in use.", /detach it and try again$/u],
    ['web already exists', /choose another name with --set/u],
    ['The maximum number of VPCs: limit exceeded', /higher quota/u],
    ['User is not authorized to perform: iam:CreateRole', /deploy role lacks a right/u],
  ])('says what to do about: %s', (reason, next) => {
    const told = explainRootCause({ logicalId: 'Thing', type: 'T', physicalId: 'thing-1', reason });
    expect(told).toContain('Thing (T thing-1): ');
    expect(told).toMatch(next);
    expect(told.split('\n')).toHaveLength(1);
  });

  it('is left as it is where nobody knows better', () => {
    const cause = { logicalId: 'Thing', type: 'T', physicalId: '', reason: 'bad luck.' };
    expect(explainRootCause(cause)).toBe('Thing (T): bad luck');
  });
});
