// `deploy up`: looks at what is there, shows what would change and what it costs, asks, does it, and
// follows it to its end. Whatever ends it, it says what is there then.

import type { Stack } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from './deploy-error.ts';
import { describeChanges, describeCost } from './describe-plan.ts';
import { digest, findEdits, findHandEdits } from './find-edits.ts';
import { eventIds, followStack } from './follow-stack.ts';
import { describeHandEdits } from './hand-edits.ts';
import { writeManifest } from './manifest.ts';
import { prepareStack } from './prepare-stack.ts';
import { explainRootCause, findRootCause } from './root-cause.ts';
import type { ChangeSetAnswer } from './stack-client.ts';
import type { Surroundings } from './surroundings.ts';
import { settleParameters, type Template } from './template-library.ts';

export interface UpRequest {
  readonly template: Template;
  readonly stackName: string;
  readonly given: ReadonlyMap<string, string>;
}

export type UpOutcome =
  | { readonly kind: 'deployed' | 'unchanged'; readonly stack: Stack }
  | { readonly kind: 'declined' };

/** A change set is ready within seconds, or AWS has a bad day. */
const changeSetWaitMaxMs = 120_000;
const changeSetPauseMs = 250;

export async function deployUp(request: UpRequest, around: Surroundings): Promise<UpOutcome> {
  const { client, session } = around;
  const parameters = settleParameters(request.template, request.given);
  const existing = await prepareStack(request.stackName, request.template.name, around);
  const isNew = existing === null || existing.StackStatus === 'REVIEW_IN_PROGRESS';
  if (existing !== null) await sayEdits(existing, request.template, around);
  const { id, stackId } = await client.createChangeSet({
    stackName: request.stackName,
    changeSetName: `foretide-${Date.now()}`,
    isNew,
    body: request.template.body,
    template: request.template.name,
    parameters,
  });
  const withdraw = async (): Promise<void> => {
    await client.dropChangeSet(id);
    // A stack that never came to be is one that nobody would find later.
    if (isNew) await client.remove(stackId);
  };
  const changeSet = await waitForChangeSet(around, id);
  if (changeSet.Status === 'FAILED') {
    await withdraw();
    if (
      existing !== null &&
      /didn't contain changes|No updates/u.test(changeSet.StatusReason ?? '')
    ) {
      around.say(`${request.stackName} is as the template says; nothing to change\n`);
      return { kind: 'unchanged', stack: existing };
    }
    throw new DeployError(`the change set failed: ${changeSet.StatusReason ?? 'no reason given'}`);
  }
  const changes = changeSet.Changes ?? [];
  around.say(describeChanges(request.stackName, isNew, changes));
  around.say(describeCost(request.template, parameters));
  const { accountId, region } = session;
  const isAgreed = await around
    .confirm(`Go ahead in account ${accountId}, ${region}?`)
    .catch(async (error: unknown) => {
      await withdraw();
      throw error;
    });
  if (!isAgreed) {
    await withdraw();
    around.say('nothing was done\n');
    return { kind: 'declined' };
  }
  try {
    note({ request, parameters, stackId }, around, []);
  } catch (error) {
    await withdraw();
    throw error;
  }
  const seen = await eventIds(client, stackId);
  await client.execute(id);
  const view = around.createView(changes.length);
  const { events, stack } = await followStack({ client, stackId, view, seen });
  await noteResources({ request, parameters, stackId }, around);
  if (stack.StackStatus === 'CREATE_COMPLETE' || stack.StackStatus === 'UPDATE_COMPLETE') {
    return { kind: 'deployed', stack };
  }
  const cause = findRootCause(events);
  const why =
    cause === null ? (stack.StackStatusReason ?? 'no reason was given') : explainRootCause(cause);
  throw new DeployError(`${why}\n${await describeAftermath(around, stack, request)}`);
}

async function sayEdits(stack: Stack, template: Template, around: Surroundings): Promise<void> {
  const edits = await findEdits(stack, around);
  if (edits.length > 0) around.say(`edited since it was deployed: ${edits.join('; ')}\n`);
  const byHand = await findHandEdits(stack, template, around);
  if (byHand !== null) around.say(describeHandEdits(byHand, { showsNext: true }));
}

async function waitForChangeSet({ client }: Surroundings, id: string): Promise<ChangeSetAnswer> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await client.changeSet(id);
    if (answer.Status === 'CREATE_COMPLETE' || answer.Status === 'FAILED') return answer;
    if (performance.now() - startedAt > changeSetWaitMaxMs) {
      throw new DeployError(
        `the change set ${id} is not ready after ${changeSetWaitMaxMs / 1000} s`,
      );
    }
    await sleep(changeSetPauseMs);
  }
}

interface Noted {
  readonly request: UpRequest;
  readonly parameters: ReadonlyMap<string, string>;
  readonly stackId: string;
}

type NotedResources = readonly { logicalId: string; type: string; physicalId: string }[];

function note(
  { parameters, request, stackId }: Noted,
  around: Surroundings,
  resources: NotedResources,
): void {
  const { accountId, region } = around.session;
  writeManifest(around.manifestPath, {
    version: 1,
    template: request.template.name,
    stackName: request.stackName,
    stackId,
    accountId,
    region,
    templateDigest: digest(request.template.body),
    parameters: Object.fromEntries(parameters),
    resources: [...resources],
  });
}

async function noteResources(noted: Noted, around: Surroundings): Promise<void> {
  const resources = await around.client.resources(noted.stackId);
  note(
    noted,
    around,
    resources.map((one) => ({
      logicalId: one.LogicalResourceId ?? '',
      type: one.ResourceType ?? '',
      physicalId: one.PhysicalResourceId ?? '',
    })),
  );
}

/** What is there after a failure. */
async function describeAftermath(
  { client }: Surroundings,
  stack: Stack,
  { stackName, template }: UpRequest,
): Promise<string> {
  const left = (await client.resources(stack.StackId ?? stackName)).filter(
    ({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE',
  );
  switch (stack.StackStatus) {
    case 'UPDATE_ROLLBACK_COMPLETE':
      return `${stackName} is as it was before`;
    case 'ROLLBACK_COMPLETE':
      return `everything was removed again; the empty stack goes with: foretide deploy down ${template.name} --name ${stackName}`;
    default:
      return (
        `${stackName} is in ${stack.StackStatus}; still there: ` +
        `${left.map((one) => `${one.LogicalResourceId} ${one.PhysicalResourceId ?? ''}`).join(', ') || 'nothing'}; ` +
        `remove it with: foretide deploy down ${template.name} --name ${stackName}`
      );
  }
}
