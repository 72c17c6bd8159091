// Signs a request for AWS, version 4 (AWS General Reference, "Create a signed AWS API request"). By
// hand, because the agent has no packages.

import { createHash, createHmac } from 'node:crypto';
import type { StaticCredentials } from '../cloudwatch/publishing.ts';

export interface UnsignedRequest {
  readonly host: string;
  readonly path: string;
  readonly body: string;
  /** In lower case. Signed, all of them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SigningScope {
  readonly region: string;
  readonly service: string;
  /** Milliseconds since 1970; AWS allows five minutes to either side. */
  readonly at: number;
}

const algorithm = 'AWS4-HMAC-SHA256';

/** The headers to send: those given, the host, the time, and the signature over all of it. */
export function signRequest(
  { host, path, body, headers }: UnsignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: StaticCredentials,
  { region, service, at }: SigningScope,
): Readonly<Record<string, string>> {
  const stamp = `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const day = stamp.slice(0, 8);
  const sent: Record<string, string> = {
    ...headers,
    host,
    'x-amz-date': stamp,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(sent).toSorted();
  const signedNames = names.join(';');
  const canonical = [
    'POST',
    path,
    '',
    ...names.map((name) => `${name}:${(sent[name] ?? '').trim()}`),
    '',
    signedNames,
    hashText(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = [algorithm, stamp, scope, hashText(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (derived, part) => createHmac('sha256', derived).update(part).digest(),
    `AWS4${secretAccessKey}`,
  );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  const credential = `${accessKeyId}/${scope}`;
  return {
    ...sent,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${signedNames}, Signature=${signature}`,
  };
}

function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
