// How every client of the SDK is made here: the standard chain for region, profile, credentials and
// `AWS_ENDPOINT_URL`, bounds on time and tries, and the role to assume, if any.

import type { AutoScalingClientConfig } from '@aws-sdk/client-auto-scaling';

import type { AwsLimits } from './limits.ts';

/** What takes the place of the standard chain; a member left out stays with it. */
export type AwsConnection = Pick<AutoScalingClientConfig, 'credentials' | 'endpoint' | 'profile'>;

/** Where and as whom AWS is reached. */
export interface AwsAccess {
  /** Null takes the region of the environment or profile. */
  readonly region: string | null;
  readonly roleArn: string | null;
}

/** What the clients of all services take alike. */
type ClientSettings = AwsConnection &
  Pick<AutoScalingClientConfig, 'region' | 'maxAttempts' | 'retryMode' | 'requestHandler'>;

export function clientSettings(
  { region, roleArn }: AwsAccess,
  connection: AwsConnection,
  limits: AwsLimits,
): ClientSettings {
  return {
    ...connection,
    ...(region !== null && { region }),
    ...(roleArn !== null && { credentials: assumeRole(roleArn, connection, limits) }),
    // All of our calls may be repeated: a description changes nothing, and a desired capacity is
    // absolute, so that setting it twice is as good as once. Still only a few times: what hangs
    // should be reported, not hidden.
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
