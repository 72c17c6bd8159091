import type { StackResourceDrift } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { describeHandEdits, listHandEdits } from './hand-edits.ts';
import { readTemplate } from './template-library.ts';

const template = readTemplate('hello-asg');

function driftOf(
  path: string,
  { actual = 'null', expected = 'null', kind = 'NOT_EQUAL' as 'ADD' | 'REMOVE' | 'NOT_EQUAL' },
): StackResourceDrift {
  return {
    StackId: 'arn:one',
    LogicalResourceId: 'Group',
    PhysicalResourceId: 'web',
    ResourceType: 'AWS::AutoScaling::AutoScalingGroup',
    ExpectedProperties: '{"MaxSize":"4"}',
    StackResourceDriftStatus: 'MODIFIED',
    Timestamp: new Date(0),
    PropertyDifferences: [
      { PropertyPath: path, ExpectedValue: expected, ActualValue: actual, DifferenceType: kind },
    ],
  };
}

function tell(...drifted: readonly StackResourceDrift[]): string {
  const found = listHandEdits({ drifted, gap: null }, template, 'one');
  return describeHandEdits(found, { showsNext: true });
}

describe('edits by hand', () => {
  it('are told with the way back, and with the parameter that keeps them', () => {
    expect(tell(driftOf('/MinSize', { actual: '3', expected: '1' }))).toBe(
      'edited by hand, past CloudFormation:\n' +
        '  Group: MinSize is 3; the template says 1\n' +
        '    → foretide asg set web --min 1 sets it back; up with --set Minimum=3 keeps it\n',
    );
    expect(tell(driftOf('/HealthCheckType', { actual: 'EC2', expected: 'ELB' }))).toContain(
      '    → set it back where it was changed, as up leaves it as it is\n',
    );
  });

  it('are not what scaling and the stack itself do', () => {
    expect(tell(driftOf('/DesiredCapacity', { actual: '3', expected: '1' }))).toBe('');
    for (const key of ['foretide:template', 'aws:cloudformation:stack-name']) {
      const actual = JSON.stringify({ Key: key, Value: 'x' });
      expect(tell(driftOf('/Tags/3', { actual, kind: 'ADD' }))).toBe('');
    }
  });

  it('are, where a group of one was set to none', () => {
    const drift = driftOf('/DesiredCapacity', { actual: '0', expected: '1' });
    const told = tell({ ...drift, ExpectedProperties: '{"MaxSize":"1"}' });
    expect(told).toContain('Group: DesiredCapacity is 0; the template says 1');
  });

  it('are told in one line each, however long and of however many lines a value is', () => {
    const actual = JSON.stringify({ Key: 'team', Value: `a\n${'b'.repeat(500)}` });
    const [, added = ''] = tell(driftOf('/Tags/3', { actual, kind: 'ADD' })).split('\n');
    expect(added).toMatch(/^ {2}Group: Tags\.3 was added: \{"Key":"team",.*…$/u);
    expect(added.length).toBeLessThan(160);
    const expected = '{\n  "a": 1\n}';
    expect(tell(driftOf('/Tags/0', { expected, kind: 'REMOVE' }))).toContain(
      'Group: Tags.0 was taken away; the template says { "a": 1 }\n',
    );
  });
});
