// What working on a stack needs to know, and how it tells what happened.

import { drawHex, drawUuid, randomStream } from '../random.ts';
import type { EpochMs } from '../time.ts';
import type { CloudFormation } from './cloudformation.ts';
import { listExports } from './cloudformation.ts';
import type { Scope } from './evaluate.ts';
import type { Json } from './json.ts';
import { memberOf } from './json.ts';
import type { ResourceProvisioner, ResourceRequest } from './provisioner.ts';
import type { Blueprint, ResourceStatus, Stack, StackResource, StackStatus } from './stack.ts';
import type { Template } from './template.ts';
import { readTemplate } from './template.ts';

/** One stack at one moment. */
export interface Work {
  readonly cloudFormation: CloudFormation;
  readonly provisioner: ResourceProvisioner;
  readonly stack: Stack;
  readonly now: EpochMs;
}

const STACK_TYPE = 'AWS::CloudFormation::Stack';
/** A bound on memory; AWS keeps 90 days. */
const EVENTS_MAX = 10_000;

export function setStackStatus(work: Work, status: StackStatus, reason?: string): void {
  const { stack } = work;
  stack.status = status;
  stack.statusReason = reason;
  tell(work, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: STACK_TYPE,
    status,
    reason,
    properties: undefined,
  });
}

export function setResourceStatus(
  work: Work,
  resource: StackResource,
  status: ResourceStatus,
  reason?: string,
): void {
  resource.status = status;
  resource.statusReason = reason;
  resource.updatedAt = work.now;
  const { logicalId, physicalId = '', type, properties } = resource;
  tell(work, {
    logicalId,
    physicalId,
    type,
    status,
    reason,
    properties: JSON.stringify(properties),
  });
}

function tell(work: Work, event: Omit<Stack['events'][number], 'id' | 'at'>): void {
  const { stack, now, cloudFormation } = work;
  const number = takeNumber(stack);
  const stream = randomStream(cloudFormation.options.seed, `stack-event/${stack.id}`, number);
  stack.events.push({ ...event, id: drawUuid(stream), at: now });
  if (stack.events.length > EVENTS_MAX) stack.events.shift();
}

export function takeNumber(stack: Stack): number {
  stack.nextNumber += 1;
  return stack.nextNumber;
}

/** The template of a stack; it was read when it came, so it cannot be refused now. */
export function templateOf(blueprint: Blueprint): Template {
  const read = readTemplate(blueprint.source);
  if (!read.ok) throw new Error(`a stack has the template "${read.fault.message}"`);
  return read.value;
}

export function requestFor(work: Work, resource: StackResource): ResourceRequest {
  const { stack, now, cloudFormation } = work;
  const label = `physical-id/${stack.id}/${resource.logicalId}`;
  const stream = randomStream(cloudFormation.options.seed, label, stack.nextNumber);
  return {
    type: resource.type,
    logicalId: resource.logicalId,
    properties: resource.properties,
    stackName: stack.name,
    stackId: stack.id,
    suffix: drawHex(stream, 12).toUpperCase(),
    tags: stack.blueprint.tags,
    now,
  };
}

/** What names mean in the stack as it is now. */
export function scopeOf(
  cloudFormation: CloudFormation,
  stack: Pick<Stack, 'id' | 'name' | 'resources'>,
  blueprint: Blueprint,
  template: Template,
): Scope {
  const { region, accountId, zones } = cloudFormation.options;
  const pseudo = new Map<string, Json>([
    ['AWS::Region', region],
    ['AWS::AccountId', accountId],
    ['AWS::StackName', stack.name],
    ['AWS::StackId', stack.id],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    ['AWS::NotificationARNs', []],
  ]);
  return {
    conditions: template.conditions,
    mappings: template.mappings,
    zones,
    ref(name) {
      const parameter = blueprint.parameters.get(name);
      if (parameter === undefined) return pseudo.get(name) ?? stack.resources.get(name)?.physicalId;
      return parameter.isList
        ? parameter.resolved.split(',').map((item) => item.trim())
        : parameter.resolved;
    },
    attribute: (logicalId, name) => memberOf(stack.resources.get(logicalId)?.attributes, name),
    importValue: (name) =>
      listExports(cloudFormation).find((known) => known.name === name)?.output.value,
  };
}
