// What somebody has changed about a stack's resources by hand: one sentence for each property, and what
// to do about it. Leaves out what is no edit: sizes that scaling moves, tags that the stack gave.

import type { PropertyDifference, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { FoundDrift } from './detect-drift.ts';
import { templateTag } from './stack-client.ts';
import { recordOf, type Template } from './template-library.ts';

export interface HandEdit {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly kind: 'changed' | 'added' | 'removed' | 'deleted';
  /** As in `Tags.0.Value`; null for a whole resource. */
  readonly property: string | null;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly sentence: string;
  readonly next: string;
}

export interface HandEdits {
  readonly edits: readonly HandEdit[];
  /** Why not all of it is known; null where it is. */
  readonly gap: string | null;
}

const groupType = 'AWS::AutoScaling::AutoScalingGroup';
const sizeOptions: ReadonlyMap<string, string> = new Map([
  ['MinSize', '--min'],
  ['MaxSize', '--max'],
  ['DesiredCapacity', '--desired'],
]);
/** Longer values are cut in sentences. */
const shownMax = 100;

export function listHandEdits(
  { drifted, gap }: FoundDrift,
  template: Template,
  stackName: string,
): HandEdits {
  const edits = drifted.flatMap((drift) => {
    if (drift.StackResourceDriftStatus === 'DELETED') {
      return [tellDeleted(drift, template, stackName)];
    }
    return (drift.PropertyDifferences ?? [])
      .filter((one) => !isNoEdit(drift, one))
      .map((one) => tellDifference(drift, one, template));
  });
  return { edits, gap };
}

/** Of several lines; empty where nothing was edited. */
export function describeHandEdits(
  { edits, gap }: HandEdits,
  options: { showsNext: boolean },
): string {
  const lines = edits.flatMap(({ next, sentence }) => [
    `  ${sentence}`,
    ...(options.showsNext ? [`    → ${next}`] : []),
  ]);
  const head = edits.length === 0 ? [] : [`edited by hand, past CloudFormation:`, ...lines];
  const tail = gap === null ? [] : [`edits by hand are not all known: ${gap}`];
  const all = [...head, ...tail];
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
}

function tellDeleted(drift: StackResourceDrift, template: Template, stackName: string): HandEdit {
  const { logicalId, physicalId, type } = nameOf(drift);
  const stack = `${template.name} --name ${stackName}`;
  return {
    logicalId,
    type,
    physicalId,
    kind: 'deleted',
    property: null,
    expected: null,
    actual: null,
    sentence: `${logicalId} (${type}) ${physicalId} was deleted`,
    next: `CloudFormation does not make it again by itself: foretide deploy down ${stack}, then up`,
  };
}

function tellDifference(
  drift: StackResourceDrift,
  difference: PropertyDifference,
  template: Template,
): HandEdit {
  const { logicalId, physicalId, type } = nameOf(drift);
  const property = pathOf(difference).join('.');
  const {
    ActualValue: actual = '',
    DifferenceType: kind,
    ExpectedValue: expected = '',
  } = difference;
  const told = { logicalId, type, physicalId, property };
  const place = `${logicalId}: ${property}`;
  switch (kind) {
    case 'ADD':
      return {
        ...told,
        kind: 'added',
        expected: null,
        actual,
        sentence: `${place} was added: ${cut(actual)}`,
        next: 'take it away where it was added; up leaves it as it is',
      };
    case 'REMOVE':
      return {
        ...told,
        kind: 'removed',
        expected,
        actual: null,
        sentence: `${place} was taken away; the template says ${cut(expected)}`,
        next: 'set it back where it was taken away; up leaves it as it is',
      };
    default:
      return {
        ...told,
        kind: 'changed',
        expected,
        actual,
        sentence: `${place} is ${cut(actual)}; the template says ${cut(expected)}`,
        next: adviseChange(drift, difference, template),
      };
  }
}

/** How to undo it, and how to keep it where a parameter of the template says it. */
function adviseChange(
  {
    LogicalResourceId: logicalId,
    PhysicalResourceId: name,
    ResourceType: type,
  }: StackResourceDrift,
  difference: PropertyDifference,
  template: Template,
): string {
  const [top = '', ...deeper] = pathOf(difference);
  const { ActualValue: actual = '', ExpectedValue: expected = '' } = difference;
  const option = type === groupType ? sizeOptions.get(top) : undefined;
  const undo =
    option === undefined
      ? 'set it back where it was changed, as up leaves it as it is'
      : `foretide asg set ${name} ${option} ${expected} sets it back`;
  const resource = template.resources.find((one) => one.logicalId === logicalId);
  const parameter = recordOf(resource?.properties[top])['Ref'];
  const isKept =
    deeper.length === 0 && typeof parameter === 'string' && template.defaults.has(parameter);
  return isKept ? `${undo}; up with --set ${parameter}=${actual} keeps it` : undo;
}

function isNoEdit(drift: StackResourceDrift, difference: PropertyDifference): boolean {
  const [top] = pathOf(difference);
  if (top === 'Tags' || top === 'TagSpecifications') {
    const key = String(parse(difference.ActualValue)['Key']);
    return key === templateTag || key.startsWith('aws:');
  }
  if (drift.ResourceType !== groupType || top !== 'DesiredCapacity') return false;
  // A group of one is not scaled: that it has none is somebody's doing.
  return Number(parse(drift.ExpectedProperties)['MaxSize']) > 1;
}

function nameOf(drift: StackResourceDrift) {
  return {
    logicalId: drift.LogicalResourceId ?? '',
    physicalId: drift.PhysicalResourceId ?? '',
    type: drift.ResourceType ?? '',
  };
}

function pathOf({ PropertyPath: path = '' }: PropertyDifference): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

function cut(value: string): string {
  const line = value.replaceAll(/\s+/gu, ' ').trim();
  return line.length > shownMax ? `${line.slice(0, shownMax)}…` : line;
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(text ?? 'null'));
  } catch {
    return {};
  }
}
