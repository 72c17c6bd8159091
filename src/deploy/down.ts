// `deploy down`: removes a stack that `deploy up` has made, by its id, and proves that nothing of it is
// left. What stays is named, with what to do about it.

import type { Stack, StackResource } from '@aws-sdk/client-cloudformation';
import { DeployError, explainAwsError } from './deploy-error.ts';
import { findHandEdits } from './find-edits.ts';
import { eventIds, followStack } from './follow-stack.ts';
import { describeHandEdits } from './hand-edits.ts';
import { readManifest, removeManifest, type Manifest } from './manifest.ts';
import { refuseStranger } from './prepare-stack.ts';
import { proveGone, type MadeThing, type Proof } from './prove-gone.ts';
import { explainRootCause, findRootCause } from './root-cause.ts';
import type { Surroundings } from './surroundings.ts';
import type { Template } from './template-library.ts';

export type DownOutcome =
  | { readonly kind: 'removed'; readonly resourceCount: number; readonly proof: Proof }
  | { readonly kind: 'absent' | 'declined' };

export interface DownRequest {
  readonly template: Template;
  readonly stackName: string;
}

export async function deployDown(request: DownRequest, around: Surroundings): Promise<DownOutcome> {
  const manifest = readManifest(around.manifestPath);
  if (manifest !== null) refuseForeignManifest(manifest, request, around);
  const stack = await findStack(request, manifest, around);
  if (stack === null) return await confirmAbsence(manifest, around);
  refuseStranger(stack, request.template.name);
  const stackId = stack.StackId ?? request.stackName;
  if (stack.EnableTerminationProtection === true) {
    throw new DeployError(
      `${request.stackName} is protected against deletion, and nothing was done; lift it with "aws ` +
        `cloudformation update-termination-protection --no-enable-termination-protection --stack-name ` +
        `${request.stackName}" and try again`,
    );
  }
  const before = (await around.client.resources(stackId)).filter(isThere);
  around.say(describeWhatGoes(request.stackName, before));
  const byHand = await findHandEdits(stack, request.template, around);
  // What is to be done about them is done: they go.
  if (byHand !== null) around.say(describeHandEdits(byHand, { showsNext: false }));
  const { accountId, region } = around.session;
  if (!(await around.confirm(`Delete all of it in account ${accountId}, ${region}?`))) {
    around.say('nothing was done\n');
    return { kind: 'declined' };
  }
  await removeStack(stackId, before.length, around);
  const things = collectThings(await around.client.resources(stackId), manifest);
  const proof = await prove(things, around);
  removeManifest(around.manifestPath);
  return { kind: 'removed', resourceCount: things.length, proof };
}

async function removeStack(stackId: string, count: number, around: Surroundings): Promise<void> {
  const { client } = around;
  const seen = await eventIds(client, stackId);
  await client.remove(stackId);
  const view = around.createView(count);
  const { events, stack } = await followStack({ client, stackId, view, seen });
  if (stack.StackStatus === 'DELETE_COMPLETE') return;
  const cause = findRootCause(events);
  const left = (await client.resources(stackId)).filter(isThere);
  const why =
    cause === null ? (stack.StackStatusReason ?? 'no reason given') : explainRootCause(cause);
  throw new DeployError(`${why}\nstill there: ${describeThings(left)}`);
}

/** By the manifest's id where there is one: a stack of the same name may be a later one. */
async function findStack(
  { stackName }: DownRequest,
  manifest: Manifest | null,
  { client }: Surroundings,
): Promise<Stack | null> {
  const stack = await client.find(manifest?.stackId ?? stackName);
  if (stack === null || stack.StackStatus === 'DELETE_COMPLETE') return null;
  return stack;
}

/** Gone already, by somebody's hand: what the manifest names is asked for all the same. */
async function confirmAbsence(
  manifest: Manifest | null,
  around: Surroundings,
): Promise<DownOutcome> {
  if (manifest === null) return { kind: 'absent' };
  const proof = await prove(manifest.resources, around);
  removeManifest(around.manifestPath);
  return { kind: 'removed', resourceCount: manifest.resources.length, proof };
}

async function prove(things: readonly MadeThing[], { session }: Surroundings): Promise<Proof> {
  let proof: Proof;
  try {
    proof = await proveGone(session.settings, things);
  } catch (error) {
    throw explainAwsError(error, 'the stack is gone, and what it had made cannot be looked for');
  }
  if (proof.left.length === 0) return proof;
  const left = proof.left.map(({ logicalId, physicalId }) => `${logicalId} ${physicalId}`);
  throw new DeployError(
    `the stack is gone, and this is still there: ${left.join(', ')}; it was kept on purpose ` +
      '(DeletionPolicy) or is still ending: delete it by hand, or ask again in a minute',
  );
}

function refuseForeignManifest(
  manifest: Manifest,
  { stackName, template }: DownRequest,
  { manifestPath, session }: Surroundings,
): void {
  const { accountId, region } = session;
  if (manifest.accountId !== accountId || manifest.region !== region) {
    throw new DeployError(
      `${manifest.stackName} was deployed to account ${manifest.accountId} in ${manifest.region}, and ` +
        `this is account ${accountId} in ${region}; change the profile or --region`,
    );
  }
  if (manifest.stackName !== stackName || manifest.template !== template.name) {
    throw new DeployError(
      `${manifestPath} is the manifest of ${manifest.template} ${manifest.stackName}, not of ${template.name} ${stackName}`,
    );
  }
}

function collectThings(
  resources: readonly StackResource[],
  manifest: Manifest | null,
): readonly MadeThing[] {
  const things = [
    ...resources.map((one) => ({
      logicalId: one.LogicalResourceId ?? '',
      type: one.ResourceType ?? '',
      physicalId: one.PhysicalResourceId ?? '',
    })),
    ...(manifest?.resources ?? []),
  ];
  return [...new Map(things.map((one) => [`${one.type} ${one.physicalId}`, one])).values()];
}

function describeWhatGoes(stackName: string, resources: readonly StackResource[]): string {
  const lines = resources.map(
    (one) => `  ${one.LogicalResourceId} (${one.ResourceType}) ${one.PhysicalResourceId ?? ''}`,
  );
  return `${stackName} has ${resources.length} resources:\n${lines.join('\n')}\n`;
}

function describeThings(resources: readonly StackResource[]): string {
  const names = resources.map((one) =>
    `${one.LogicalResourceId} ${one.PhysicalResourceId ?? ''}`.trim(),
  );
  return names.length === 0 ? 'nothing' : names.join(', ');
}

function isThere({ ResourceStatus }: StackResource): boolean {
  return ResourceStatus !== 'DELETE_COMPLETE';
}
