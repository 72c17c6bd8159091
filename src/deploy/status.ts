// `deploy status`: what a stack is, has and gives, and what somebody has changed about it.

import { findEdits, findHandEdits } from './find-edits.ts';
import type { HandEdits } from './hand-edits.ts';
import { refuseStranger } from './prepare-stack.ts';
import { findRootCause, type RootCause } from './root-cause.ts';
import type { Surroundings } from './surroundings.ts';
import type { Template } from './template-library.ts';

export interface DeploymentStatus {
  readonly stackName: string;
  readonly status: string;
  readonly reason: string | null;
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId: string;
    readonly status: string;
  }[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly edits: readonly string[];
  /** Of its resources; null where nobody looked. */
  readonly byHand: HandEdits | null;
  /** Only of a stack that has failed. */
  readonly cause: RootCause | null;
}

/** Null if there is no such stack. */
export async function readStatus(
  stackName: string,
  template: Template,
  around: Pick<Surroundings, 'client' | 'looksForEdits' | 'manifestPath'>,
): Promise<DeploymentStatus | null> {
  const stack = await around.client.find(stackName);
  if (stack === null) return null;
  refuseStranger(stack, template.name);
  const id = stack.StackId ?? stackName;
  const resources = await around.client.resources(id);
  const status = stack.StackStatus ?? 'unknown';
  const hasFailed = /FAILED|ROLLBACK/u.test(status);
  return {
    stackName,
    status,
    reason: stack.StackStatusReason ?? null,
    resources: resources.map((one) => ({
      logicalId: one.LogicalResourceId ?? '',
      type: one.ResourceType ?? '',
      physicalId: one.PhysicalResourceId ?? '',
      status: one.ResourceStatus ?? '',
    })),
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
        OutputKey ?? '',
        OutputValue ?? '',
      ]),
    ),
    edits: await findEdits(stack, around),
    byHand: await findHandEdits(stack, template, around),
    cause: hasFailed ? findRootCause(await around.client.events(id)) : null,
  };
}
