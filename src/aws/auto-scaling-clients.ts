// The SDK's clients: one for each region and role, made when first needed. Region, profile,
// credentials and `AWS_ENDPOINT_URL` come from the SDK's own standard chain.

import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';

import type { TargetAddress } from '../controller/ports/scaling-target.ts';
import { clientSettings, type AwsConnection } from './client-settings.ts';
import { createGate, type Gate } from './gate.ts';
import type { AwsLimits } from './limits.ts';

/** A client with gates of its own, since AWS throttles reading and changing apart. */
export interface AutoScalingConnection {
  readonly client: AutoScalingClient;
  readonly describeGate: Gate;
  readonly changeGate: Gate;
}

export interface AutoScalingClients {
  get(address: TargetAddress): AutoScalingConnection;
  close(): void;
}

/** Groups under one key are reached by the same client. */
export function clientKey(address: TargetAddress): string {
  return JSON.stringify([address.region, address.roleArn]);
}

/** Beyond `clientsMax` the one unused for longest is closed; what it was at ends as unknown. */
export function createAutoScalingClients(
  connection: AwsConnection,
  limits: AwsLimits,
): AutoScalingClients {
  const connections = new Map<string, AutoScalingConnection>();

  function get(address: TargetAddress): AutoScalingConnection {
    const key = clientKey(address);
    const existing = connections.get(key);
    const found = existing ?? connect(address, connection, limits);
    // Last in a Map's order is used last.
    connections.delete(key);
    connections.set(key, found);
    const [oldestKey] = connections.keys();
    if (connections.size > limits.clientsMax && oldestKey !== undefined) {
      connections.get(oldestKey)?.client.destroy();
      connections.delete(oldestKey);
    }
    return found;
  }

  function close(): void {
    for (const { client } of connections.values()) client.destroy();
    connections.clear();
  }

  return { get, close };
}

function connect(
  address: TargetAddress,
  connection: AwsConnection,
  limits: AwsLimits,
): AutoScalingConnection {
  const { callsWaitingMax: waitingMax } = limits;
  return {
    client: new AutoScalingClient(clientSettings(address, connection, limits)),
    describeGate: createGate({ insideMax: limits.describesAtOnceMax, waitingMax }),
    changeGate: createGate({ insideMax: limits.changesAtOnceMax, waitingMax }),
  };
}
