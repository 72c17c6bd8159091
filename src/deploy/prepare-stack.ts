// Whether a stack can be changed, and the ways out for one that is stuck.
//
//   none ─────────────────────────────▶ make it
//   at rest, ours ────────────────────▶ change it
//   UPDATE_ROLLBACK_FAILED ── asked ──▶ continue the rollback, then change it
//   CREATE_FAILED, ROLLBACK_…, DELETE_FAILED ── asked ──▶ delete it, then make it
//   somebody else's, or at work ──────▶ refused

import type { Stack } from '@aws-sdk/client-cloudformation';
import { DeployError } from './deploy-error.ts';
import { eventIds, followStack } from './follow-stack.ts';
import { explainRootCause, findRootCause } from './root-cause.ts';
import { templateTag } from './stack-client.ts';
import type { Surroundings } from './surroundings.ts';

/** The stack to change; null if there is none. Refuses one that is not ours, or cannot be changed. */
export async function prepareStack(
  stackName: string,
  template: string,
  around: Surroundings,
): Promise<Stack | null> {
  const stack = await around.client.find(stackName);
  if (stack === null) return null;
  refuseStranger(stack, template);
  const status = stack.StackStatus ?? '';
  const id = stack.StackId ?? stackName;
  if (status === 'REVIEW_IN_PROGRESS') return stack;
  if (status.endsWith('_IN_PROGRESS')) {
    throw new DeployError(
      `${stackName} is at work (${status}); follow it with: foretide deploy status ${template} --name ${stackName}`,
    );
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    return await continueRollback(stack, id, around);
  }
  if (/^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED)$/u.test(status)) {
    const question = `${stackName} is stuck (${status}) and can only be deleted. Delete what is left of it and begin anew?`;
    if (!(await around.confirm(question))) {
      throw new DeployError(describeStuck(stackName, template, status));
    }
    await removeStuck(id, around);
    return null;
  }
  return stack;
}

async function continueRollback(stack: Stack, id: string, around: Surroundings): Promise<Stack> {
  const question = `${stack.StackName} is stuck on its way back (UPDATE_ROLLBACK_FAILED). Continue the rollback?`;
  if (!(await around.confirm(question))) {
    throw new DeployError(
      `${stack.StackName} cannot be changed while its rollback is stuck; mend what failed and answer yes here`,
    );
  }
  const seen = await eventIds(around.client, id);
  await around.client.continueRollback(id);
  const view = around.createView(0);
  const followed = await followStack({ client: around.client, stackId: id, view, seen });
  if (followed.stack.StackStatus === 'UPDATE_ROLLBACK_COMPLETE') return followed.stack;
  const cause = findRootCause(followed.events);
  throw new DeployError(
    `the rollback is stuck again: ${cause === null ? followed.stack.StackStatus : explainRootCause(cause)}`,
  );
}

async function removeStuck(stackId: string, { client, createView }: Surroundings): Promise<void> {
  const seen = await eventIds(client, stackId);
  await client.remove(stackId);
  const { events, stack } = await followStack({ client, stackId, view: createView(0), seen });
  if (stack.StackStatus === 'DELETE_COMPLETE') return;
  const cause = findRootCause(events);
  throw new DeployError(
    `what is left of it cannot be deleted: ${cause === null ? stack.StackStatus : explainRootCause(cause)}`,
  );
}

/** Never touches a stack that it has not made. */
export function refuseStranger(stack: Stack, templateName: string): void {
  const made = stack.Tags?.find(({ Key }) => Key === templateTag)?.Value;
  if (made === templateName) return;
  throw new DeployError(
    made === undefined
      ? `there is a stack ${stack.StackName} that foretide deploy has not made; choose another --name`
      : `the stack ${stack.StackName} was made from ${made}, not ${templateName}; choose another --name`,
  );
}

function describeStuck(stackName: string, template: string, status: string): string {
  return `${stackName} is stuck (${status}); foretide deploy down ${template} --name ${stackName} removes it`;
}
