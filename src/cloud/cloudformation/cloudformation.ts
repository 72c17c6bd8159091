// All stacks of one account and region. Their time is stack-timeline.ts.

import type { ResourceProvisioner } from './provisioner.ts';
import type { Stack, StackOutput } from './stack.ts';

export interface CloudFormationOptions {
  readonly region: string;
  readonly accountId: string;
  readonly seed: number;
  readonly zones: readonly string[];
}

export interface CloudFormation {
  readonly options: CloudFormationOptions;
  /** By id, the oldest first; deleted ones are kept for 90 days by AWS, here up to a bound. */
  readonly stacks: Map<string, Stack>;
  /** Attached once there are services to make resources with; until then no stack moves. */
  provisioner: ResourceProvisioner | undefined;
  nextNumber: number;
}

/** Plain data, but for the provisioner. */
export type CloudFormationState = Pick<CloudFormation, 'stacks' | 'nextNumber'>;

export function createCloudFormation(
  options: CloudFormationOptions,
  state?: CloudFormationState,
): CloudFormation {
  const { stacks = new Map(), nextNumber = 1 } = state ?? {};
  return { options, stacks, nextNumber, provisioner: undefined };
}

/** The stack of that name, or of that id if it is deleted. */
export function findStack({ stacks }: CloudFormation, nameOrId: string): Stack | undefined {
  const byId = stacks.get(nameOrId);
  if (byId !== undefined) return byId;
  for (const stack of stacks.values()) {
    if (stack.name === nameOrId && stack.deletedAt === undefined) return stack;
  }
  return undefined;
}

export interface StackExport {
  readonly name: string;
  readonly stack: Stack;
  readonly output: StackOutput;
}

export function listExports({ stacks }: CloudFormation): readonly StackExport[] {
  return [...stacks.values()].flatMap((stack) =>
    stack.deletedAt === undefined
      ? stack.outputs.flatMap((output) =>
          output.exportName === undefined ? [] : [{ name: output.exportName, stack, output }],
        )
      : [],
  );
}
