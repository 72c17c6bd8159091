// AWS's JSON 1.0 and 1.1 protocols: from headers and body to a named operation with its input, and
// from an outcome back to a response. No sockets and no services.

import { gunzipSync } from 'node:zlib';
import { refuse, succeed } from '../cloud/fault.ts';
import type { Fault, Outcome } from '../cloud/fault.ts';

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface JsonRequest {
  /** For example `AmazonSQS`. */
  readonly targetPrefix: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface JsonResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a client wants to be answered. */
export interface JsonDialect {
  readonly version: '1.0' | '1.1';
  /** The client came from the Query protocol and wants that protocol's error codes, too. */
  readonly isQueryMode: boolean;
  /** What stands before the `#` of an error's `__type`; empty for services that send none. */
  readonly errorNamespace: string;
}

interface JsonTarget {
  /** The service name of AWS's request signatures. */
  readonly signingName: string;
  readonly errorNamespace: string;
}

/** The services of this protocol by the first part of `x-amz-target`. */
export const JSON_TARGETS: ReadonlyMap<string, JsonTarget> = new Map([
  ['AmazonSQS', { signingName: 'sqs', errorNamespace: 'com.amazonaws.sqs' }],
  [
    'GraniteServiceVersion20100801',
    { signingName: 'monitoring', errorNamespace: 'com.amazonaws.cloudwatch' },
  ],
  ['AmazonSSM', { signingName: 'ssm', errorNamespace: '' }],
  ['Logs_20140328', { signingName: 'logs', errorNamespace: '' }],
  ['AWSEvents', { signingName: 'events', errorNamespace: '' }],
]);

/** No body is longer, compressed or not: 1 MiB of message text, every character escaped. */
export const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** "Each PutMetricData request is limited to 1 MB in size for HTTP POST requests". */
const PUT_METRIC_DATA_BYTES_MAX = 1_000_000;

const CONTENT_TYPE = /^application\/x-amz-json-(1\.[01])\s*(?:;.*)?$/i;
const TARGET = /^([A-Za-z0-9_]+)\.([A-Za-z0-9]+)$/;

/** Whether a request speaks this protocol at all. */
export function isJsonRequest(headers: Headers): boolean {
  return CONTENT_TYPE.test(headers['content-type'] ?? '');
}

/** The dialect of a request, 1.0 for one that speaks none. */
export function dialectOf(headers: Headers): JsonDialect {
  const version = CONTENT_TYPE.exec(headers['content-type'] ?? '')?.[1] === '1.1' ? '1.1' : '1.0';
  const prefix = TARGET.exec(headers['x-amz-target'] ?? '')?.[1] ?? '';
  const errorNamespace = JSON_TARGETS.get(prefix)?.errorNamespace ?? '';
  return { version, isQueryMode: headers['x-amzn-query-mode'] === 'true', errorNamespace };
}

/** The request, or why it is none. The service and its operation need not exist. */
export function decodeJsonRequest(headers: Headers, body: Uint8Array): Outcome<JsonRequest> {
  const [, targetPrefix, operation] = TARGET.exec(headers['x-amz-target'] ?? '') ?? [];
  if (targetPrefix === undefined || operation === undefined) return refuseUnknownOperation();
  const bytesMax = operation === 'PutMetricData' ? PUT_METRIC_DATA_BYTES_MAX : BODY_BYTES_MAX;
  if (body.byteLength > bytesMax) return refuseTooLarge(bytesMax);
  const plain = decompress(headers['content-encoding'], body);
  if (!plain.ok) return plain;
  const input = parseObject(plain.value);
  return input.ok ? succeed({ targetPrefix, operation, input: input.value }) : input;
}

/** What AWS answers to a target or an operation that it does not know. */
export function refuseUnknownOperation(): Outcome<never> {
  return { ok: false, fault: UNKNOWN_OPERATION };
}

export const UNKNOWN_OPERATION: Fault = {
  code: 'UnknownOperationException',
  message: 'The requested operation is not recognized.',
  status: 400,
};

function refuseTooLarge(bytesMax: number): Outcome<never> {
  const sentence = `Request size exceeded ${bytesMax} bytes`;
  return refuse('RequestEntityTooLarge', sentence, 413);
}

function refuseSerialization(message: string): Outcome<never> {
  return refuse('SerializationException', message);
}

function decompress(encoding: string | undefined, body: Uint8Array): Outcome<Uint8Array> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return succeed(body);
  if (encoding !== 'gzip') {
    return refuseSerialization(`Content-Encoding '${encoding}' found; gzip is allowed`);
  }
  try {
    return succeed(gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX }));
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    return isTooLarge ? refuseTooLarge(BODY_BYTES_MAX) : refuseSerialization('Body is not gzip');
  }
}

function parseObject(bytes: Uint8Array): Outcome<Readonly<Record<string, unknown>>> {
  if (bytes.byteLength === 0) return succeed({});
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return succeed(value);
    return refuseSerialization('Start of structure or map found where not expected.');
  } catch {
    return refuseSerialization('The request body is not valid JSON in UTF-8.');
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The response; members that are `undefined` are left out of its body. */
export function encodeJsonResponse(
  outcome: Outcome<Readonly<Record<string, unknown>>>,
  dialect: JsonDialect,
  requestId: string,
): JsonResponse {
  const headers = {
    'content-type': `application/x-amz-json-${dialect.version}`,
    'x-amzn-requestid': requestId,
  };
  if (outcome.ok) return { status: 200, headers, body: stringify(outcome.value) };
  const { fault } = outcome;
  const prefix = dialect.errorNamespace === '' ? '' : `${dialect.errorNamespace}#`;
  const body = stringify({ __type: `${prefix}${fault.code}`, message: fault.message });
  if (!dialect.isQueryMode) return { status: fault.status, headers, body };
  const queryHeaders = { ...headers, 'x-amzn-query-error': queryErrorOf(fault) };
  return { status: fault.status, headers: queryHeaders, body };
}

/** For example `AWS.SimpleQueueService.NonExistentQueue;Sender`. */
function queryErrorOf(fault: Fault): string {
  const blamed = fault.status >= 500 ? 'Receiver' : 'Sender';
  return `${fault.queryCode ?? fault.code};${blamed}`;
}

/** Numbers that JSON has no sign for are sent as texts (Smithy, AWS JSON 1.0 protocol). */
function stringify(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'number' && !Number.isFinite(member) ? String(member) : member,
  );
}
