// Where and as whom AWS is reached by one command: region, endpoint, account. Clients are made when
// they are first needed, because each of AWS's packages takes its time to load.

import type { STSClientConfig } from '@aws-sdk/client-sts';
import { defaultAwsLimits } from '../aws/limits.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { DeployError, explainAwsError } from './deploy-error.ts';

export interface SessionOptions {
  readonly region?: string;
  readonly endpoint?: string;
}

export type SessionSettings = ReturnType<typeof clientSettings>;

export interface Session {
  readonly settings: SessionSettings;
  readonly accountId: string;
  readonly region: string;
  /** The ARN of whoever asks. */
  readonly caller: string;
}

/** Tries of one call: a deployment of minutes should not end with one lost answer. */
const attemptsMax = 5;

export function sessionSettings({ endpoint, region }: SessionOptions): SessionSettings {
  const credentials = localCredentials(endpoint);
  const connection = {
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== null && { credentials }),
  };
  const isLocal = credentials !== null;
  const named = region ?? (isLocal ? (process.env['AWS_REGION'] ?? 'us-east-1') : null);
  const access = { region: named, roleArn: null };
  return clientSettings(access, connection, { ...defaultAwsLimits, attemptsMax });
}

/** Asks AWS who is asking, which needs no right at all, and fails with the next step. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const settings = sessionSettings(options);
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(settings satisfies STSClientConfig);
  try {
    const region = await client.config.region();
    const { Account: accountId, Arn: caller } = await client.send(new GetCallerIdentityCommand({}));
    if (accountId === undefined || caller === undefined) {
      throw new DeployError('AWS does not say which account this is');
    }
    return { settings: { ...settings, region }, accountId, region, caller };
  } catch (error) {
    throw error instanceof DeployError ? error : explainAwsError(error, 'AWS');
  } finally {
    client.destroy();
  }
}

/** A local cloud takes any: nobody needs to set some for it. */
function localCredentials(endpoint: string | undefined) {
  const { AWS_ACCESS_KEY_ID: key, AWS_PROFILE: profile } = process.env;
  if (endpoint === undefined || key !== undefined || profile !== undefined) return null;
  const isLoopback = /^https?:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/u.test(endpoint);
  return isLoopback ? { accessKeyId: 'local', secretAccessKey: 'local' } : null;
}
