// AWS Query and its EC2 dialect: forms in, XML out. Which service is meant follows from the
// `Version` parameter, as every API has its own date.

import { refuse, succeed } from '../cloud/fault.ts';
import type { Fault, Outcome } from '../cloud/fault.ts';
import { readForm } from './form.ts';
import type { Protocol, WireCall, WireRequest, WireResponse } from './protocol.ts';
import { escapeXml, writeXml } from './xml.ts';
import type { FlatMember, XmlStyle } from './xml.ts';

export interface QueryDialect extends XmlStyle {
  readonly signingName: string;
  readonly version: string;
  readonly namespace: string;
  readonly kind: 'query' | 'ec2';
  /** For a service whose operations know types: its input out of a form, which has none. */
  readonly readInput?: (input: Input, operation: string, path: string) => Input;
  readonly flatMembersOf?: (operation: string) => ReadonlyMap<string, FlatMember>;
}

type Input = Readonly<Record<string, unknown>>;

/** The version that a request gets which names none: errors must have some shape. */
const FALLBACK_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09';

const FALLBACK_DIALECT: QueryDialect = {
  signingName: '',
  version: '',
  namespace: FALLBACK_NAMESPACE,
  kind: 'query',
  itemName: 'member',
  timeNames: new Set(),
};

/** Returns the protocol for those dialects. */
export function createQueryProtocol(dialects: readonly QueryDialect[]): Protocol {
  const dialectOf = (version: string | undefined): QueryDialect | undefined =>
    dialects.find((dialect) => dialect.version === version);
  return {
    accepts: (request) =>
      request.headers['x-amz-target'] === undefined && formOf(request) !== undefined,
    decode: (request) => decode(request, dialectOf),
    encodeOutput(_request, call, output, requestId) {
      const dialect = dialects.find((known) => known.signingName === call.signingName);
      return encodeOutput(dialect ?? FALLBACK_DIALECT, { call, output, requestId });
    },
    encodeFault(request, fault, requestId) {
      const version = new URLSearchParams(formOf(request) ?? '').get('Version') ?? undefined;
      return encodeFault(dialectOf(version) ?? FALLBACK_DIALECT, fault, requestId);
    },
    unknownOperation(call) {
      const version = dialects.find((known) => known.signingName === call.signingName)?.version;
      return noSuchOperation(call.operation, version ?? '');
    },
  };
}

/** The parameters of a request: a form's body, or the query string of a GET. */
function formOf(request: WireRequest): string | undefined {
  const contentType = request.headers['content-type'] ?? '';
  if (request.method === 'GET') {
    return request.query.includes('Action=') ? request.query : undefined;
  }
  if (request.method !== 'POST') return undefined;
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return undefined;
  return new TextDecoder().decode(request.body);
}

function decode(
  request: WireRequest,
  dialectOf: (version: string | undefined) => QueryDialect | undefined,
): Outcome<WireCall> {
  const read = readForm(formOf(request) ?? '');
  if (!read.ok) return read;
  const { Action: action, Version: version, ...input } = read.value;
  if (typeof action !== 'string' || action === '') {
    return refuse('MissingAction', 'Missing Action: the request names no operation.');
  }
  const dialect = dialectOf(typeof version === 'string' ? version : undefined);
  if (dialect === undefined) {
    const named = typeof version === 'string' ? version : 'NO_VERSION_SPECIFIED';
    return { ok: false, fault: noSuchOperation(action, named) };
  }
  const typed = dialect.readInput?.(input, action, request.path) ?? input;
  return succeed({ signingName: dialect.signingName, operation: action, input: typed });
}

function noSuchOperation(operation: string, version: string): Fault {
  const message = `Could not find operation ${operation} for version ${version}`;
  return { code: 'InvalidAction', message, status: 400 };
}

function encodeOutput(
  dialect: QueryDialect,
  answer: {
    readonly call: WireCall;
    readonly output: Readonly<Record<string, unknown>>;
    readonly requestId: string;
  },
): WireResponse {
  const { operation } = answer.call;
  const flatMembers = dialect.flatMembersOf?.(operation);
  const style = flatMembers === undefined ? dialect : { ...dialect, flatMembers };
  const content = writeXml(answer.output, style);
  const requestId = escapeXml(answer.requestId);
  const inner =
    dialect.kind === 'ec2'
      ? `<requestId>${requestId}</requestId>${content}`
      : `<${operation}Result>${content}</${operation}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  const body = `<${operation}Response xmlns="${dialect.namespace}">${inner}</${operation}Response>`;
  return respond(200, body, answer.requestId);
}

function encodeFault(dialect: QueryDialect, fault: Fault, requestId: string): WireResponse {
  const code = `<Code>${escapeXml(fault.queryCode ?? fault.code)}</Code>`;
  const message = `<Message>${escapeXml(fault.message)}</Message>`;
  const type = `<Type>${fault.status >= 500 ? 'Receiver' : 'Sender'}</Type>`;
  const id = escapeXml(requestId);
  const body =
    dialect.kind === 'ec2'
      ? '<?xml version="1.0" encoding="UTF-8"?>\n' +
        `<Response><Errors><Error>${code}${message}</Error></Errors>` +
        `<RequestID>${id}</RequestID></Response>`
      : `<ErrorResponse xmlns="${dialect.namespace}">` +
        `<Error>${type}${code}${message}</Error><RequestId>${id}</RequestId></ErrorResponse>`;
  return respond(fault.status, body, requestId);
}

function respond(status: number, body: string, requestId: string): WireResponse {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  return { status, headers, body };
}
