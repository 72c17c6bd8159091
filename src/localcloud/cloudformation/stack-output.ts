// Stacks, their resources and events with CloudFormation's member names.

import { SECOND_MS } from '../../cloud/calendar.ts';
import { isDrifted } from '../../cloud/cloudformation/drift-detection.ts';
import type { ParameterValue } from '../../cloud/cloudformation/parameters.ts';
import type {
  ChangeSet,
  Stack,
  StackEvent,
  StackResource,
} from '../../cloud/cloudformation/stack.ts';
import { isCurrent } from '../../cloud/cloudformation/stack.ts';

type Output = Readonly<Record<string, unknown>>;

/** What NoEcho shows. */
const HIDDEN = '****';

export function stackOutput(stack: Stack): Output {
  const { blueprint } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: descriptionOf(stack),
    Parameters: parameterOutputs(blueprint.parameters),
    CreationTime: stack.createdAt / SECOND_MS,
    DeletionTime: secondsOf(stack.deletedAt),
    LastUpdatedTime: secondsOf(stack.updatedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    EnableTerminationProtection: stack.isProtected,
    Capabilities: blueprint.capabilities,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Tags: [...blueprint.tags].map(([Key, Value]) => ({ Key, Value })),
    DriftInformation: driftInformation(stack),
  };
}

export function summaryOutput(stack: Stack): Output {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: descriptionOf(stack),
    CreationTime: stack.createdAt / SECOND_MS,
    DeletionTime: secondsOf(stack.deletedAt),
    LastUpdatedTime: secondsOf(stack.updatedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: driftInformation(stack),
  };
}

/** Of the last detection that has come to its end, whenever the question is asked. */
function driftInformation({ detection }: Stack): Output {
  if (detection === undefined) return { StackDriftStatus: 'NOT_CHECKED' };
  return {
    StackDriftStatus: detection.drifts.some(isDrifted) ? 'DRIFTED' : 'IN_SYNC',
    LastCheckTimestamp: detection.completesAt / SECOND_MS,
  };
}

function descriptionOf({ blueprint: { source } }: Stack): unknown {
  return typeof source === 'object' && source !== null && 'Description' in source
    ? source['Description']
    : undefined;
}

function parameterOutputs(parameters: ReadonlyMap<string, ParameterValue>): readonly Output[] {
  return [...parameters].map(([key, { value, resolved, isHidden }]) => ({
    ParameterKey: key,
    ParameterValue: isHidden ? HIDDEN : value,
    ResolvedValue: isHidden || resolved === value ? undefined : resolved,
  }));
}

export function resourceOutput(stack: Stack, resource: StackResource): Output {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    Timestamp: resource.updatedAt / SECOND_MS,
    LastUpdatedTimestamp: resource.updatedAt / SECOND_MS,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: resourceDrift(stack, resource),
  };
}

function resourceDrift({ detection }: Stack, { logicalId }: StackResource): Output {
  const drift = detection?.drifts.find((one) => one.logicalId === logicalId);
  if (drift === undefined) return { StackResourceDriftStatus: 'NOT_CHECKED' };
  return {
    StackResourceDriftStatus: drift.status,
    LastCheckTimestamp: drift.at / SECOND_MS,
  };
}

/** The resources that a caller sees, sorted as CloudFormation sorts them. */
export function shownResources(stack: Stack): readonly StackResource[] {
  return [...stack.resources.values()]
    .filter(isCurrent)
    .toSorted((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
}

export function eventOutput(stack: Stack, event: StackEvent): Output {
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.at / SECOND_MS,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
  };
}

export function changeSetOutput(stack: Stack, changeSet: ChangeSet): Output {
  return {
    ...changeSetSummary(stack, changeSet),
    Parameters: parameterOutputs(changeSet.blueprint.parameters),
    Capabilities: changeSet.blueprint.capabilities,
    Tags: [...changeSet.blueprint.tags].map(([Key, Value]) => ({ Key, Value })),
    Changes: changeSet.changes.map((change) => ({
      Type: 'Resource',
      ResourceChange: {
        Action: change.action,
        LogicalResourceId: change.logicalId,
        PhysicalResourceId: change.physicalId,
        ResourceType: change.type,
        Replacement: change.replacement,
        Scope: change.properties.length > 0 ? ['Properties'] : [],
        Details: change.properties.map((name) => ({
          Target: {
            Attribute: 'Properties',
            Name: name,
            RequiresRecreation: change.replacement === 'True' ? 'Conditionally' : 'Never',
          },
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
        })),
      },
    })),
  };
}

export function changeSetSummary(stack: Stack, changeSet: ChangeSet): Output {
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: changeSet.description,
    CreationTime: changeSet.createdAt / SECOND_MS,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    OnStackFailure: changeSet.kind === 'CREATE' ? changeSet.onFailure : undefined,
  };
}

function secondsOf(at: number | undefined): number | undefined {
  return at === undefined ? undefined : at / SECOND_MS;
}
