// Who this instance is: told by flags, or looked up in the instance metadata of EC2, version 2.
// Source: "Use the Instance Metadata Service", Amazon EC2 User Guide.

import { nameLengthMax } from '../wire/topics.ts';
import { describeError } from './describe-error.ts';

export interface InstanceIdentity {
  readonly group: string;
  readonly instance: string;
  readonly zone?: string;
  readonly instanceType?: string;
  readonly lifeCycle?: string;
}

export interface GivenIdentity {
  readonly group?: string;
  readonly instance?: string;
}

export interface MetadataService {
  readonly endpoint: string;
  /** `AWS_EC2_METADATA_DISABLED=true`: it must not be asked. */
  readonly isDisabled: boolean;
}

export type IdentityOutcome =
  | { readonly ok: true; readonly identity: InstanceIdentity }
  /** One line that says what to give. */
  | { readonly ok: false; readonly message: string };

export const metadataEndpointDefault = 'http://169.254.169.254';
export const metadataTimeoutMs = 1_000;
/** The network of an instance may come up a moment after the agent. */
export const metadataAttemptsMax = 3;
const metadataBytesMax = 16 * 1024;
const tokenTtlSeconds = '60';

const advice = 'give --group and --instance (or FORETIDE_GROUP and FORETIDE_INSTANCE)';

/** Asks the metadata only when the group or the instance was not given. Never rejects. */
export async function resolveIdentity(
  given: GivenIdentity,
  metadata: MetadataService,
): Promise<IdentityOutcome> {
  const { group, instance } = given;
  if (group !== undefined && instance !== undefined) return checkNames({ group, instance });
  if (metadata.isDisabled) {
    return { ok: false, message: `instance metadata is disabled here: ${advice}` };
  }
  try {
    return await lookUp(given, metadata.endpoint);
  } catch (error) {
    const reason = `no instance metadata at ${metadata.endpoint} (${describeError(error)})`;
    return { ok: false, message: `${reason}: ${advice}` };
  }
}

async function lookUp(given: GivenIdentity, endpoint: string): Promise<IdentityOutcome> {
  const token = await fetchToken(endpoint);
  const [instance, zone, instanceType, lifeCycle, group] = await Promise.all([
    given.instance ?? fetchValue(endpoint, token, 'instance-id'),
    fetchValue(endpoint, token, 'placement/availability-zone'),
    fetchValue(endpoint, token, 'instance-type'),
    fetchValue(endpoint, token, 'instance-life-cycle'),
    given.group ?? fetchValue(endpoint, token, 'tags/instance/aws:autoscaling:groupName'),
  ]);
  if (instance === null) {
    return { ok: false, message: 'instance metadata has no instance-id: give --instance' };
  }
  if (group === null) {
    const reason = 'instance metadata does not tell the group';
    const cure = 'allow tags in instance metadata, or give --group (or FORETIDE_GROUP)';
    return { ok: false, message: `${reason}: ${cure}` };
  }
  return checkNames({
    group,
    instance,
    ...(zone !== null && { zone }),
    ...(instanceType !== null && { instanceType }),
    ...(lifeCycle !== null && { lifeCycle }),
  });
}

function checkNames(identity: InstanceIdentity): IdentityOutcome {
  for (const part of ['group', 'instance'] as const) {
    const { length } = identity[part];
    if (length > 0 && length <= nameLengthMax) continue;
    const message = `the ${part} has ${length} characters: 1 to ${nameLengthMax} are allowed`;
    return { ok: false, message };
  }
  return { ok: true, identity };
}

async function fetchToken(endpoint: string): Promise<string> {
  const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': tokenTtlSeconds };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await request('PUT', `${endpoint}/latest/api/token`, headers);
      if (answer.status === 200) return answer.body;
      throw new Error(`a token was refused with HTTP status ${answer.status}`);
    } catch (error) {
      if (attempt >= metadataAttemptsMax) throw error;
    }
  }
}

/** Null when the metadata does not have it (404), or has something that is no value of one line. */
async function fetchValue(endpoint: string, token: string, path: string): Promise<string | null> {
  const url = `${endpoint}/latest/meta-data/${path}`;
  const answer = await request('GET', url, { 'X-aws-ec2-metadata-token': token });
  if (answer.status === 404) return null;
  if (answer.status !== 200) {
    throw new Error(`${path} was refused with HTTP status ${answer.status}`);
  }
  const value = answer.body.trim();
  return value === '' || value.includes('\n') ? null : value;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function request(
  method: 'GET' | 'PUT',
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const http = await import('node:http');
  return new Promise((resolve, reject) => {
    // Without an agent of its own Node.js keeps the connection, and the process, alive.
    const call = http.request(url, { method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > metadataBytesMax) call.destroy(new Error('an answer without an end'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    const timeout = setTimeout(() => {
      call.destroy(new Error(`no answer within ${metadataTimeoutMs} ms`));
    }, metadataTimeoutMs);
    call.on('close', () => clearTimeout(timeout));
    call.on('error', reject);
    call.end();
  });
}
