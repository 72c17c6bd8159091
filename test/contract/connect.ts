// Scenarios' access to a cloud: SDK clients on an endpoint, names, and what is left behind.

import { AutoScalingClient, DeleteAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import type { ContractCloud } from './scenario.ts';

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
  /** Deletes the groups whose names have been handed out. */
  cleanUp(): Promise<void>;
  /** The names of the operations that were called since this was last asked, sorted. */
  takeOperations(): readonly string[];
  close(): void;
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
  const autoScaling = new AutoScalingClient(settings);
  const ec2 = new EC2Client(settings);
  const sts = new STSClient(settings);
  const operations = new Set<string>();
  const note = (commandName: string | undefined): void => {
    if (commandName !== undefined) operations.add(commandName.replace(/Command$/u, ''));
  };
  autoScaling.middlewareStack.add((next, context) => (call) => {
    note(context.commandName);
    return next(call);
  });
  ec2.middlewareStack.add((next, context) => (call) => {
    note(context.commandName);
    return next(call);
  });
  sts.middlewareStack.add((next, context) => (call) => {
    note(context.commandName);
    return next(call);
  });
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
  const groupNames = new Set<string>();
  let nextNumber = 1;
  return {
    autoScaling,
    ec2,
    sts,
    zones: connection.zones,
    templateName,
    imageId: connection.imageId,
    newName(purpose) {
      const name = `${runName}-${purpose}-${nextNumber}`;
      nextNumber += 1;
      if (purpose === 'group') groupNames.add(name);
      return name;
    },
    pass: connection.pass,
    now: () => connection.now() + (Number.isFinite(cloudAhead) ? cloudAhead : 0),
    async cleanUp() {
      for (const name of groupNames) {
        await autoScaling
          .send(
            new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }),
          )
          .catch(ignoreMissingGroup);
      }
      groupNames.clear();
    },
    takeOperations() {
      const taken = [...operations].toSorted();
      operations.clear();
      return taken;
    },
    close() {
      for (const client of [autoScaling, ec2, sts]) client.destroy();
    },
  };
}

/** Most scenarios delete their groups, or were refused one. */
function ignoreMissingGroup(error: unknown): void {
  const isMissing = error instanceof Error && /not found|pending delete/u.test(error.message);
  if (!isMissing) throw error;
}
