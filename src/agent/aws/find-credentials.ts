// Whose name the agent calls AWS in: the environment's, the instance's role, or at last the keys that
// the configuration holds. A role's credentials are renewed before they end.

import { describeError } from '../describe-error.ts';
import type { Environment } from '../arguments.ts';
import { fetchText, fetchToken, fetchValue } from '../instance-metadata.ts';
import type { Publishing, StaticCredentials } from '../cloudwatch/publishing.ts';

export interface Access {
  readonly credentials: StaticCredentials;
  readonly region: string;
  readonly source: 'environment' | 'instance role' | 'configuration';
  /** Milliseconds since 1970; null: they do not end. */
  readonly endsAt: number | null;
}

export type AccessOutcome =
  | { readonly ok: true; readonly access: Access }
  | { readonly ok: false; readonly message: string };

export interface AccessOptions {
  readonly publishing: Pick<Publishing, 'credentials' | 'region'>;
  /** What is to be called, for the advice. */
  readonly action: string;
  readonly environment: Environment;
  readonly endpoint: string;
  readonly isMetadataDisabled: boolean;
}

const rolePath = 'iam/security-credentials/';

/** Never rejects. */
export async function findAccess(options: AccessOptions): Promise<AccessOutcome> {
  const { environment, publishing } = options;
  const ofRole = fromEnvironment(environment) === null ? await askRole(options) : null;
  const found = fromEnvironment(environment) ?? ofRole?.found ?? fromConfig(publishing);
  const region =
    publishing.region ??
    environment['AWS_REGION'] ??
    environment['AWS_DEFAULT_REGION'] ??
    ofRole?.region ??
    null;
  if (found === null) {
    const reason = ofRole?.problem ?? 'the instance metadata is disabled here';
    const cure = `attach a role that may call ${options.action}`;
    return { ok: false, message: `no credentials: ${reason}; ${cure}` };
  }
  if (region === null) {
    return { ok: false, message: 'no region: give credentials.region, or AWS_REGION' };
  }
  return { ok: true, access: { ...found, region } };
}

type Found = Omit<Access, 'region'>;

function fromEnvironment(environment: Environment): Found | null {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'] ?? '';
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'] ?? '';
  const sessionToken = environment['AWS_SESSION_TOKEN'] ?? '';
  if (accessKeyId === '' || secretAccessKey === '') return null;
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== '' && { sessionToken }),
  };
  return { credentials, source: 'environment', endsAt: null };
}

function fromConfig({ credentials }: AccessOptions['publishing']): Found | null {
  return credentials === null ? null : { credentials, source: 'configuration', endsAt: null };
}

interface RoleAnswer {
  readonly found: Found | null;
  readonly region: string | null;
  readonly problem: string | null;
}

async function askRole({
  endpoint,
  isMetadataDisabled,
}: AccessOptions): Promise<RoleAnswer | null> {
  if (isMetadataDisabled) return null;
  try {
    const token = await fetchToken(endpoint);
    const region = await fetchValue(endpoint, token, 'placement/region');
    const role = await fetchValue(endpoint, token, rolePath);
    if (role === null) return { found: null, region, problem: 'the instance has no role' };
    const text = await fetchText(endpoint, token, `${rolePath}${role}`);
    const found = parseRole(text ?? '');
    return { found, region, problem: found === null ? `the role ${role} has no keys` : null };
  } catch (error) {
    return { found: null, region: null, problem: describeError(error) };
  }
}

/** IAM user guide, "Retrieve security credentials from instance metadata". */
function parseRole(text: string): Found | null {
  try {
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = JSON.parse(text) as Readonly<
      Record<string, unknown>
    >;
    if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') return null;
    const endsAt = typeof Expiration === 'string' ? Date.parse(Expiration) : Number.NaN;
    return {
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(typeof Token === 'string' && { sessionToken: Token }),
      },
      source: 'instance role',
      endsAt: Number.isFinite(endsAt) ? endsAt : null,
    };
  } catch {
    return null;
  }
}
