// The SDK's clients: one for each region and role, made when first needed. Region, profile,
// credentials and `AWS_ENDPOINT_URL` come from the SDK's own standard chain.

import { AutoScalingClient, type AutoScalingClientConfig } from '@aws-sdk/client-auto-scaling';

import type { TargetAddress } from '../controller/ports/scaling-target.ts';
import { createGate, type Gate } from './gate.ts';
import type { AwsLimits } from './limits.ts';

/** What takes the place of the standard chain; a member left out stays with it. */
export type AwsConnection = Pick<AutoScalingClientConfig, 'credentials' | 'endpoint' | 'profile'>;

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
  const { region, roleArn } = address;
  const { callsWaitingMax: waitingMax } = limits;
  const base: AutoScalingClientConfig = {
    ...connection,
    ...(region !== null && { region }),
    // All of our calls may be repeated: a description changes nothing, a desired capacity is absolute,
    // and an instance that is ended already is refused. Still only a few times: what hangs should be
    // reported, not hidden.
    maxAttempts: limits.attemptsMax,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: limits.connectionTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      // The request time-out ends when the headers arrive; this one covers a body that stalls.
      socketTimeout: limits.requestTimeoutMs,
      // Without it the SDK only warns, and a hung call waits for ever.
      throwOnRequestTimeout: true,
    },
  };
  const client = new AutoScalingClient(
    roleArn === null ? base : { ...base, credentials: assumeRole(roleArn, connection, limits) },
  );
  return {
    client,
    describeGate: createGate({ insideMax: limits.describesAtOnceMax, waitingMax }),
    changeGate: createGate({ insideMax: limits.changesAtOnceMax, waitingMax }),
  };
}

type CredentialProvider = Extract<
  NonNullable<AutoScalingClientConfig['credentials']>,
  (...input: never[]) => unknown
>;

/** The SDK caches what this yields and asks again shortly before it expires. */
function assumeRole(
  roleArn: string,
  connection: AwsConnection,
  limits: AwsLimits,
): CredentialProvider {
  let provider: CredentialProvider | null = null;
  return async (identityProperties) => {
    if (provider === null) {
      // Loaded only here: few groups assume a role, and the import brings the STS client.
      const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
      // Time-outs and, unless given, region and credentials are those of the calling client.
      provider ??= fromTemporaryCredentials({
        params: { RoleArn: roleArn, RoleSessionName: 'foretide' },
        clientConfig: { ...connection, maxAttempts: limits.attemptsMax },
      });
    }
    return await provider(identityProperties);
  };
}
