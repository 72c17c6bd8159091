// The calls of CloudFormation that a deployment needs, each with what it was for in its failure.

import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ContinueUpdateRollbackCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  type DescribeChangeSetCommandOutput,
  type Stack,
  type StackEvent,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import { DeployError, explainAwsError, isAbsent } from './deploy-error.ts';
import { detectDrift, type FoundDrift } from './detect-drift.ts';
import type { Session } from './session.ts';

/** The tag that says which template a stack was made from by `foretide deploy`. */
export const templateTag = 'foretide:template';

export interface ChangeSetRequest {
  readonly stackName: string;
  readonly changeSetName: string;
  readonly isNew: boolean;
  readonly body: string;
  readonly template: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export type ChangeSetAnswer = DescribeChangeSetCommandOutput;

/** Pages of events that are read at most, 100 events each. */
const pagesMax = 100;

export interface StackClient {
  /** By name, or by id also when it is gone; null if there is none. */
  find(nameOrId: string): Promise<Stack | null>;
  /** All that AWS knows of it, deleted ones too, if asked by id. */
  resources(nameOrId: string): Promise<readonly StackResource[]>;
  /** The oldest first. */
  events(nameOrId: string): Promise<readonly StackEvent[]>;
  templateBody(nameOrId: string): Promise<string>;
  /** What was changed past the stack; takes seconds to minutes. Never fails. */
  drift(stackId: string): Promise<FoundDrift>;
  createChangeSet(
    request: ChangeSetRequest,
  ): Promise<{ readonly id: string; readonly stackId: string }>;
  changeSet(id: string): Promise<ChangeSetAnswer>;
  execute(changeSetId: string): Promise<void>;
  dropChangeSet(changeSetId: string): Promise<void>;
  remove(stackId: string): Promise<void>;
  continueRollback(stackId: string): Promise<void>;
  close(): void;
}

export function createStackClient({ settings }: Session): StackClient {
  const client = new CloudFormationClient(settings);
  const of = (StackName: string) => ({ StackName });
  return {
    async find(nameOrId) {
      try {
        const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand(of(nameOrId)));
        return stack ?? null;
      } catch (error) {
        if (isAbsent(error)) return null;
        throw explainAwsError(error, `the stack ${nameOrId} cannot be described`);
      }
    },
    resources: (nameOrId) =>
      named('its resources cannot be listed', async () => {
        const answer = await client.send(new DescribeStackResourcesCommand(of(nameOrId)));
        return answer.StackResources ?? [];
      }),
    events: (nameOrId) => named('its events cannot be read', () => readEvents(client, nameOrId)),
    templateBody: (nameOrId) =>
      named('its template cannot be read', async () => {
        const answer = await client.send(new GetTemplateCommand(of(nameOrId)));
        return answer.TemplateBody ?? '';
      }),
    drift: (stackId) => detectDrift(client, stackId),
    createChangeSet: (request) =>
      named('the change set cannot be made', () => createChangeSet(client, request)),
    changeSet: (id) =>
      named('the change set cannot be read', async () => {
        return await client.send(new DescribeChangeSetCommand({ ChangeSetName: id }));
      }),
    execute: (id) =>
      named('the change set cannot be executed', async () => {
        await client.send(new ExecuteChangeSetCommand({ ChangeSetName: id }));
      }),
    dropChangeSet: (id) =>
      named('the change set cannot be deleted', async () => {
        await client.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
      }),
    remove: (stackId) =>
      named('the stack cannot be deleted', async () => {
        await client.send(new DeleteStackCommand(of(stackId)));
      }),
    continueRollback: (stackId) =>
      named('its rollback cannot be continued', async () => {
        await client.send(new ContinueUpdateRollbackCommand(of(stackId)));
      }),
    close: () => client.destroy(),
  };
}

async function named<T>(doing: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof DeployError ? error : explainAwsError(error, doing);
  }
}

async function readEvents(
  client: CloudFormationClient,
  nameOrId: string,
): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const answer = await client.send(
      new DescribeStackEventsCommand({
        StackName: nameOrId,
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    events.push(...(answer.StackEvents ?? []));
    token = answer.NextToken;
    if (token === undefined) break;
  }
  return events.toReversed();
}

async function createChangeSet(client: CloudFormationClient, request: ChangeSetRequest) {
  const { body, changeSetName, isNew, parameters, stackName, template } = request;
  const answer = await client.send(
    new CreateChangeSetCommand({
      StackName: stackName,
      ChangeSetName: changeSetName,
      ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
      TemplateBody: body,
      Capabilities: ['CAPABILITY_IAM'],
      Parameters: [...parameters].map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: [{ Key: templateTag, Value: template }],
    }),
  );
  const { Id: id, StackId: stackId } = answer;
  if (id === undefined || stackId === undefined) throw new DeployError('AWS gave it no id');
  return { id, stackId };
}
