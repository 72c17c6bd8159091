// The instance metadata service, version 2: a token first, then the texts. Version 1 (without a
// token) is refused with 401, as on instances that require tokens.

import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { IssuedSecrets } from '../../cloud/account/issued-secrets.ts';
import type { World } from '../../cloud/world.ts';
import type { WireRequest, WireResponse } from '../protocol.ts';
import { listDirectory, metadataOf } from './instance-metadata.ts';

export interface MetadataService {
  /** Answers a request whose path starts with `/latest`. */
  answer(instanceId: string, request: WireRequest, wallNow: number): WireResponse;
  /** PEM of the key that signs identity documents (RSA, SHA-256), made on first use. */
  identityPublicKey(): string;
}

const TOKEN_PATH = '/latest/api/token';
const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';

/** "The token can be valid for 1 second to 6 hours": EC2 user guide. */
const TTL_MAX_SECONDS = 21_600;

export function createMetadataService(world: World, secrets: IssuedSecrets): MetadataService {
  let key: KeyObject | undefined;
  const signingKey = (): KeyObject => {
    key ??= createPrivateKey((secrets.identityKey ??= newIdentityKey()));
    return key;
  };
  const sign = (document: string): string =>
    createSign('sha256').update(document).sign(signingKey(), 'base64');
  return {
    identityPublicKey: () =>
      createPublicKey(signingKey()).export({ type: 'spki', format: 'pem' }).toString(),
    answer(instanceId, request, wallNow) {
      const instance = world.instances.get(instanceId);
      const isUp = instance?.machine === 'running' || instance?.machine === 'shutting-down';
      if (instance === undefined || !isUp) return plain(404, 'Not Found');
      const secret = (secrets.metadataSeal ??= randomBytes(32).toString('base64'));
      if (request.method === 'PUT') return grantToken(secret, instanceId, request, wallNow);
      if (request.method !== 'GET') return plain(405, 'Method Not Allowed');
      const token = request.headers[TOKEN_HEADER] ?? '';
      if (!isValidToken(secret, instanceId, token, wallNow)) return plain(401, 'Unauthorized');
      return read(request.path, () =>
        metadataOf(world, instance, request.path.endsWith('/signature') ? sign : () => ''),
      );
    },
  };
}

/** Half a second of work that most runs never need. */
function newIdentityKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function grantToken(
  secret: string,
  instanceId: string,
  request: WireRequest,
  wallNow: number,
): WireResponse {
  if (request.path !== TOKEN_PATH) return plain(405, 'Method Not Allowed');
  // "PUT requests with an X-Forwarded-For header are rejected": EC2 user guide.
  if (request.headers['x-forwarded-for'] !== undefined) return plain(403, 'Forbidden');
  const given = request.headers[TTL_HEADER] ?? '';
  const ttl = /^\d{1,6}$/u.test(given) ? Number(given) : 0;
  if (ttl < 1 || ttl > TTL_MAX_SECONDS) return plain(400, 'Bad Request');
  const expiresAt = wallNow + ttl * 1000;
  const token = `${expiresAt}.${seal(secret, instanceId, expiresAt)}`;
  const answer = plain(200, token);
  return { ...answer, headers: { ...answer.headers, [TTL_HEADER]: String(ttl) } };
}

/** Tokens carry their own proof, so that none has to be remembered. */
function isValidToken(secret: string, instanceId: string, token: string, wallNow: number): boolean {
  const [expiry = '', proof = ''] = token.split('.');
  const expiresAt = Number(expiry);
  if (!Number.isSafeInteger(expiresAt) || expiresAt <= wallNow) return false;
  const expected = Buffer.from(seal(secret, instanceId, expiresAt));
  const given = Buffer.from(proof);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function seal(secret: string, instanceId: string, expiresAt: number): string {
  return createHmac('sha256', secret).update(`${instanceId}/${expiresAt}`).digest('base64url');
}

function read(path: string, texts: () => ReadonlyMap<string, string>): WireResponse {
  const [, root, ...below] = path.split('/').map(decodeOrKeep);
  if (root !== 'latest') return plain(404, 'Not Found');
  const name = below.join('/');
  const known = texts();
  const text = known.get(name);
  if (text !== undefined) return plain(200, text);
  const names = listDirectory(known.keys(), name.replace(/\/+$/u, ''));
  return names === undefined ? plain(404, 'Not Found') : plain(200, names.join('\n'));
}

function decodeOrKeep(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not an escape after all; such a path simply names nothing.
    return part;
  }
}

function plain(status: number, body: string): WireResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
