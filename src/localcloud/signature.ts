// AWS Signature Version 4 on the server's side: the form always, the truth when credentials are
// known (AWS documentation, "Create a signed AWS API request").

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Fault } from '../cloud/fault.ts';
import type { EpochMs } from '../cloud/time.ts';
import type { Keyring } from './keyring.ts';
import type { WireRequest } from './protocol.ts';

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** AWS refuses signatures older or newer than this. */
const CLOCK_SKEW_MAX_MS = 5 * 60_000;

/**
 * Returns why the request is not let in. A strict keyring lets in only true signatures by a key it
 * knows, not older than five minutes of wall time; any other every well-formed one.
 */
export function signatureFault(
  request: WireRequest,
  keyring: Keyring,
  times: { readonly wallNow: EpochMs; readonly modelNow: EpochMs },
): Fault | undefined {
  const header = request.headers['authorization'];
  if (header === undefined) {
    const message = 'Request is missing Authentication Token';
    return { code: 'MissingAuthenticationToken', message, status: 403 };
  }
  const authorization = parseAuthorization(header);
  const timestamp = request.headers['x-amz-date'];
  if (authorization === undefined || timestamp === undefined) return incomplete(header);
  if (!keyring.isStrict) return undefined;
  const secret = keyring.findSecret(authorization.accessKeyId, times.modelNow);
  if (secret === undefined) return unknownKey(authorization.service);
  return untrue(request, { authorization, timestamp, secret, wallNow: times.wallNow });
}

function incomplete(header: string): Fault {
  const message =
    'Authorization header requires Credential, SignedHeaders and Signature parameters, and a ' +
    `date in 'X-Amz-Date'. Authorization=${header.slice(0, 200)}`;
  return { code: 'IncompleteSignature', message, status: 400 };
}

function unknownKey(service: string): Fault {
  if (service === 'ec2') return ec2Refusal();
  const message = 'The security token included in the request is invalid.';
  return { code: 'InvalidClientTokenId', message, status: 403 };
}

function ec2Refusal(): Fault {
  const message = 'AWS was not able to validate the provided access credentials';
  return { code: 'AuthFailure', message, status: 401 };
}

function untrue(
  request: WireRequest,
  claim: {
    readonly authorization: Authorization;
    readonly timestamp: string;
    readonly secret: string;
    readonly wallNow: EpochMs;
  },
): Fault | undefined {
  const { authorization, timestamp, wallNow } = claim;
  const signedAt = parseTimestamp(timestamp);
  if (signedAt === undefined) return incomplete(timestamp);
  const fault = (message: string): Fault =>
    authorization.service === 'ec2'
      ? ec2Refusal()
      : { code: 'SignatureDoesNotMatch', message, status: 403 };
  if (Math.abs(wallNow - signedAt) > CLOCK_SKEW_MAX_MS) {
    return fault(`Signature expired: ${timestamp} is not within 5 minutes of the server's time`);
  }
  const expected = Buffer.from(sign(request, authorization, timestamp, claim.secret));
  const given = Buffer.from(authorization.signature);
  if (expected.length === given.length && timingSafeEqual(expected, given)) return undefined;
  return fault(
    'The request signature we calculated does not match the signature you provided. Check your ' +
      'AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/u;

function parseAuthorization(header: string): Authorization | undefined {
  const match = AUTHORIZATION.exec(header);
  if (match === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', headers = '', signature = ''] =
    match;
  return { accessKeyId, date, region, service, signedHeaders: headers.split(';'), signature };
}

/** Returns the time of `20260102T030405Z`. */
function parseTimestamp(timestamp: string): EpochMs | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(timestamp);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function sign(
  request: WireRequest,
  { date, region, service, signedHeaders }: Authorization,
  timestamp: string,
  secret: string,
): string {
  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${canonicalHeader(request.headers[name])}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac('sha256', key).update(toSign).digest('hex');
}

function canonicalHeader(value: string | undefined): string {
  return (value ?? '').trim().replaceAll(/ +/gu, ' ');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('&');
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
