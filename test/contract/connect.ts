// Scenarios' access to a cloud: SDK clients on an endpoint, names, and what is left behind.

import { AutoScalingClient, DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { ContractClients, ContractCloud } from './scenario.ts';

export interface Connection {
  readonly endpoint: string;
  readonly region: string;
  /** Absent: wherever the SDK finds some. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly zones: readonly string[];
  readonly imageId: string;
  /** Makes names unlike those of other runs. */
  readonly runName: string;
  readonly pass: (ms: number) => Promise<void>;
  readonly now: () => number;
}

export interface ConnectedCloud extends ContractCloud {
  /** Deletes the groups whose names have been handed out, and undoes the rest. */
  cleanUp(): Promise<void>;
  /** The names of the operations that were called since this was last asked, sorted. */
  takeOperations(): readonly string[];
  /** Deletes the launch template, too. */
  close(): Promise<void>;
}

/** A call that hangs fails here; the SDK does so only if it is told to throw. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Creates the launch template that scenarios use and returns their cloud. */
export async function connect(connection: Connection): Promise<ConnectedCloud> {
  const { endpoint, region, credentials, runName } = connection;
  const settings = {
    endpoint,
    region,
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
  const operations = new Set<string>();
  const clients = createClients(settings, (name) => operations.add(name));
  const { autoScaling, ec2 } = clients;
  const templateName = `${runName}-template`;
  const created = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: templateName,
      LaunchTemplateData: { ImageId: connection.imageId, InstanceType: 't3.micro' },
    }),
  );
  // The cloud's clock need not agree with ours, least of all when it runs faster.
  const cloudAhead =
    (created.LaunchTemplate?.CreateTime?.getTime() ?? Number.NaN) - connection.now();
  const undos: (() => Promise<unknown>)[] = [];
  let nextNumber = 1;
  return {
    ...clients,
    zones: connection.zones,
    templateName,
    imageId: connection.imageId,
    newName(purpose) {
      const name = `${runName}-${purpose}-${nextNumber}`;
      nextNumber += 1;
      if (purpose === 'group') {
        const deletion = { AutoScalingGroupName: name, ForceDelete: true };
        undos.push(() => autoScaling.send(new DeleteAutoScalingGroupCommand(deletion)));
      }
      return name;
    },
    undoLater: (undo) => void undos.push(undo),
    pass: connection.pass,
    now: () => connection.now() + (Number.isFinite(cloudAhead) ? cloudAhead : 0),
    cleanUp: () => runLatestFirst(undos),
    takeOperations() {
      const taken = [...operations].toSorted();
      operations.clear();
      return taken;
    },
    async close() {
      await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: templateName }));
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** What all clients are made with. */
interface Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly requestTimeout: number;
    readonly connectionTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** The clients of all services; the name of each call's operation is told. */
function createClients(settings: Settings, note: (operation: string) => void): ContractClients {
  const clients = {
    autoScaling: new AutoScalingClient(settings),
    cloudFormation: new CloudFormationClient(settings),
    cloudWatch: new CloudWatchClient(settings),
    ec2: new EC2Client(settings),
    events: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    logs: new CloudWatchLogsClient(settings),
    sqs: new SQSClient(settings),
    ssm: new SSMClient(settings),
    sts: new STSClient(settings),
  };
  for (const { middlewareStack } of Object.values(clients)) {
    // Every stack takes it: it reads nothing of what a service's calls differ in.
    (middlewareStack as EC2Client['middlewareStack']).add((next, context) => (call) => {
      if (context.commandName !== undefined) note(context.commandName.replace(/Command$/u, ''));
      return next(call);
    });
  }
  return clients;
}

/** Every one is tried; the first that fails for another reason than having no work is thrown. */
async function runLatestFirst(undos: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const undo of undos.splice(0).toReversed()) {
    await undo().catch((error: unknown) => {
      if (!isGoneAlready(error)) failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

/** Most scenarios delete what they have made, or were refused it. */
function isGoneAlready(error: unknown): boolean {
  return (
    error instanceof Error &&
    /not found|pending delete|not ?exist|cannot be found|NoSuch|NotFound/u.test(
      `${error.name} ${error.message}`,
    )
  );
}
