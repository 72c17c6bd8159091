// Policies are decided as the IAM user guide has it: "IAM JSON policy elements: Condition operators",
// "Policy evaluation logic".

import { describe, expect, it } from 'vitest';
import type { Json } from '../../cloud/cloudformation/json.ts';
import { decidePolicies } from './decide-policies.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:jobs';

function decide(
  statement: Readonly<Record<string, Json>>,
  context: Readonly<Record<string, readonly string[]>> = {},
): string {
  return decidePolicies([{ Statement: [{ Effect: 'Allow', Resource: '*', ...statement }] }], {
    action: 'sqs:SendMessage',
    resource: QUEUE,
    context: new Map(Object.entries(context)),
  });
}

describe('conditions', () => {
  const meets = (
    operator: string,
    wanted: Json,
    values: readonly string[] | undefined,
  ): boolean => {
    const statement = { Action: '*', Condition: { [operator]: { 'aws:Key': wanted } } };
    return decide(statement, values === undefined ? {} : { 'aws:key': values }) === 'allowed';
  };

  it.each([
    ['StringEquals', 'a', ['a'], true],
    ['StringEquals', ['b', 'a'], ['a'], true],
    ['StringEquals', 'a', ['A'], false],
    ['StringEquals', 'a', undefined, false],
    ['StringEqualsIfExists', 'a', undefined, true],
    ['StringEqualsIfExists', 'a', ['b'], false],
    ['StringEqualsIgnoreCase', 'a', ['A'], true],
    ['StringNotEquals', ['a', 'b'], ['b'], false],
    ['StringNotEquals', ['a', 'b'], ['c'], true],
    ['StringNotEquals', 'a', undefined, true],
    ['StringLike', 'web-*', ['web-1'], true],
    ['StringLike', 'web-?', ['web-12'], false],
    ['StringNotLike', 'web-*', ['web-1'], false],
    ['StringNotLike', 'web-*', ['jobs'], true],
    ['ArnLike', 'arn:aws:sqs:*:*:jobs', [QUEUE], true],
    ['ArnEquals', 'arn:aws:sqs:*:*:web', [QUEUE], false],
    ['ArnNotLike', 'arn:aws:sqs:*:*:web', [QUEUE], true],
    ['Bool', true, ['true'], true],
    ['Bool', 'true', ['false'], false],
    ['Null', 'true', undefined, true],
    ['Null', 'true', ['a'], false],
    ['Null', false, ['a'], true],
    ['ForAnyValue:StringEquals', 'a', ['b', 'a'], true],
    // Not understood: not met, so that a simulation never says yes by mistake.
    ['NumericLessThan', '5', ['1'], false],
    ['ForAllValues:StringEquals', 'a', ['a'], false],
  ])('%s %j of %j: %s', (operator, wanted, values, isMet) => {
    expect(meets(operator, wanted, values)).toBe(isMet);
  });

  it('are met together or not at all', () => {
    const Condition = { StringEquals: { a: '1', b: '2' }, StringLike: { c: '*' } };
    const context = { a: ['1'], b: ['2'], c: ['x'] };
    expect(decide({ Action: '*', Condition }, context)).toBe('allowed');
    expect(decide({ Action: '*', Condition }, { ...context, b: ['3'] })).toBe('implicitDeny');
  });
});

describe('actions and resources', () => {
  it.each([
    [{ Action: 'SQS:sendmessage' }, 'allowed'],
    [{ Action: ['sqs:Get*', 'sqs:Send*'] }, 'allowed'],
    [{ Action: 'sqs:ReceiveMessage' }, 'implicitDeny'],
    [{ NotAction: 'sqs:ReceiveMessage' }, 'allowed'],
    [{ NotAction: 'sqs:*' }, 'implicitDeny'],
    [{ Action: '*', Resource: ['arn:aws:sqs:*:*:web', 'arn:aws:sqs:*:*:j*'] }, 'allowed'],
    [{ Action: '*', Resource: 'arn:aws:sqs:*:*:web' }, 'implicitDeny'],
    [{ Action: '*', NotResource: QUEUE }, 'implicitDeny'],
    [{ Action: '*', NotResource: 'arn:aws:sqs:*:*:web' }, 'allowed'],
    [{ Action: '*', Effect: 'Deny' }, 'explicitDeny'],
  ])('%j: %s', (statement, decision) => {
    expect(decide(statement)).toBe(decision);
  });

  it('are denied by one document whatever another allows', () => {
    const allow = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const deny = { Statement: [{ Effect: 'Deny', Action: 'sqs:*', Resource: '*' }] };
    const question = { action: 'sqs:SendMessage', resource: QUEUE, context: new Map() };
    expect(decidePolicies([allow, deny], question)).toBe('explicitDeny');
    expect(decidePolicies([], question)).toBe('implicitDeny');
  });
});
