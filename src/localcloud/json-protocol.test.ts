// The JSON protocols on the bytes: what is decoded, what is refused and how, what is sent back.

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuse, succeed } from '../cloud/fault.ts';
import {
  BODY_BYTES_MAX,
  decodeJsonRequest,
  dialectOf,
  encodeJsonResponse,
  isJsonRequest,
} from './json-protocol.ts';
import type { Headers } from './json-protocol.ts';
import { callOperation } from './polling.ts';

const headers: Headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'AmazonSQS.SendMessage',
  'x-amzn-query-mode': 'true',
};
const bytes = (text: string) => new TextEncoder().encode(text);

function decode(body: Uint8Array | string, extra: Headers = {}) {
  const encoded = typeof body === 'string' ? bytes(body) : body;
  return decodeJsonRequest({ ...headers, ...extra }, encoded);
}

describe('a request', () => {
  it('is known by its content type', () => {
    expect(isJsonRequest(headers)).toBe(true);
    expect(isJsonRequest({ 'content-type': 'application/x-amz-json-1.1; charset=utf-8' })).toBe(
      true,
    );
    expect(isJsonRequest({ 'content-type': 'application/json' })).toBe(false);
    expect(isJsonRequest({})).toBe(false);
  });

  it('is decoded whatever its JSON is, compressed or not', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (input, isZipped) => {
        const text = JSON.stringify(input);
        const body = isZipped ? gzipSync(text) : bytes(text);
        const decoded = decode(body, isZipped ? { 'content-encoding': 'gzip' } : {});
        expect(decoded).toEqual(
          succeed({
            targetPrefix: 'AmazonSQS',
            operation: 'SendMessage',
            input: JSON.parse(text) as unknown,
          }),
        );
      }),
    );
  });

  it('without a body has no input', () => {
    expect(decode('')).toMatchObject({ ok: true, value: { input: {} } });
  });

  const unreadable = { code: 'SerializationException', status: 400 };
  const unknownOperation = { code: 'UnknownOperationException', status: 400 };
  const tooLarge = { code: 'RequestEntityTooLarge', status: 413 };
  it.each<[string, Uint8Array | string, Headers, { code: string; status: number }]>([
    ['that is no JSON', '{"a":', {}, unreadable],
    ['that is a list', '[]', {}, unreadable],
    ['that is null', 'null', {}, unreadable],
    ['that is no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, unreadable],
    ['that is nested a million deep', '['.repeat(1_000_000), {}, unreadable],
    ['that is not the gzip it says', '{}', { 'content-encoding': 'gzip' }, unreadable],
    ['of an unknown encoding', '{}', { 'content-encoding': 'br' }, unreadable],
    ['without a target', '{}', { 'x-amz-target': undefined }, unknownOperation],
    ['with half a target', '{}', { 'x-amz-target': 'AmazonSQS' }, unknownOperation],
    ['of 10 MiB', new Uint8Array(BODY_BYTES_MAX + 1), {}, tooLarge],
    [
      'that swells past 10 MiB',
      gzipSync(new Uint8Array(BODY_BYTES_MAX + 1)),
      { 'content-encoding': 'gzip' },
      tooLarge,
    ],
    [
      'of PutMetricData past 1 MB',
      new Uint8Array(1_000_001),
      { 'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData' },
      tooLarge,
    ],
  ])('%s is refused', (_name, body, extra, fault) => {
    expect(decode(body, extra)).toMatchObject({ ok: false, fault });
  });

  it('never throws, whatever the bytes are', () => {
    const encodings = fc.constantFrom(undefined, 'gzip', 'identity');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), encodings, (body, encoding) => {
        expect(() => decode(body, { 'content-encoding': encoding })).not.toThrow();
      }),
    );
  });
});

describe('a response', () => {
  it('carries the output and the request id in the dialect of the request', () => {
    const response = encodeJsonResponse(
      succeed({ a: 1, b: undefined }),
      dialectOf(headers),
      'id-1',
    );
    expect(response).toEqual({
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'id-1' },
      body: '{"a":1}',
    });
  });

  it('writes numbers that JSON has no sign for as texts', () => {
    const { body } = encodeJsonResponse(
      succeed({ v: [Number.NaN, -Infinity] }),
      dialectOf(headers),
      'id',
    );
    expect(body).toBe('{"v":["NaN","-Infinity"]}');
  });

  it('carries a fault with its code, and the Query code for those who ask for it', () => {
    const fault = {
      code: 'QueueDoesNotExist',
      queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
      message: 'The specified queue does not exist.',
      status: 400,
    };
    const {
      status,
      headers: sent,
      body,
    } = encodeJsonResponse({ ok: false, fault }, dialectOf(headers), 'id');
    expect(status).toBe(400);
    expect(sent['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(JSON.parse(body)).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('blames itself for faults of its own, and says nothing of Query codes unasked', () => {
    const outcome = refuse('InternalFailure', 'x', 500);
    const asked = encodeJsonResponse(outcome, dialectOf(headers), 'id');
    expect(asked.headers['x-amzn-query-error']).toBe('InternalFailure;Receiver');
    const dialect = dialectOf({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameter',
    });
    const unasked = encodeJsonResponse(outcome, dialect, 'id');
    expect(unasked.headers).toEqual({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': 'id',
    });
    expect(JSON.parse(unasked.body)).toEqual({ __type: 'InternalFailure', message: 'x' });
  });
});

describe('calls', () => {
  it('of unknown operations are refused as AWS refuses them', async () => {
    const outcome = await callOperation(
      { signingName: 'x', operations: new Map() },
      {
        operation: 'constructor',
        input: {},
        context: { now: 0, requestId: 'id', region: 'r', accountId: 'a' },
        signal: new AbortController().signal,
      },
      { now: () => 0, waitUntil: () => Promise.resolve() },
    );
    expect(outcome).toMatchObject({ fault: { code: 'UnknownOperationException', status: 400 } });
  });
});
