// Against the SDK's own signer's verdict: the local cloud checks signatures as AWS documents them (see
// test/agent/publish.test.ts). Here only what must not change.
import { expect, test } from 'vitest';
import { signRequest } from './sign-request.ts';

const request = { host: 'example.com', path: '/', body: '{}', headers: { 'x-amz-target': 'T' } };
const scope = { region: 'us-east-1', service: 'monitoring', at: Date.UTC(2026, 0, 2, 3, 4, 5) };

test('the secret key stands nowhere in what is sent', () => {
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 'hush', sessionToken: 'token' };
  const headers = signRequest(request, keys, scope);
  expect(JSON.stringify(headers)).not.toContain('hush');
  expect(headers['x-amz-date']).toBe('20260102T030405Z');
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers['authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIA\/20260102\/us-east-1\/monitoring\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/u,
  );
});

test('another body has another signature', () => {
  const keys = { accessKeyId: 'AKIA', secretAccessKey: 'hush' };
  const one = signRequest(request, keys, scope)['authorization'];
  expect(signRequest({ ...request, body: '{ }' }, keys, scope)['authorization']).not.toBe(one);
});
