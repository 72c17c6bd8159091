// The JSON protocols as the server's adapter: what comes from json-protocol.ts, in its own shapes.

import { succeed } from '../cloud/fault.ts';
import type { Fault, Outcome } from '../cloud/fault.ts';
import {
  decodeJsonRequest,
  dialectOf,
  encodeJsonResponse,
  isJsonRequest,
  JSON_TARGETS,
  refuseUnknownOperation,
  UNKNOWN_OPERATION,
} from './json-protocol.ts';
import type { Protocol, WireCall, WireRequest } from './protocol.ts';

/** Every service of JSON 1.0 and 1.1; a call names its service in `x-amz-target`. */
export function createJsonProtocol(): Protocol {
  return {
    accepts: (request) => request.method === 'POST' && isJsonRequest(request.headers),
    decode,
    encodeOutput: (request, _call, output, requestId) =>
      encodeJsonResponse(succeed(output), dialectOf(request.headers), requestId),
    encodeFault: (request, fault, requestId) =>
      encodeJsonResponse(
        { ok: false, fault: inJsonWords(fault) },
        dialectOf(request.headers),
        requestId,
      ),
    unknownOperation: () => UNKNOWN_OPERATION,
  };
}

function decode(request: WireRequest): Outcome<WireCall> {
  const decoded = decodeJsonRequest(request.headers, request.body);
  if (!decoded.ok) return decoded;
  const { targetPrefix, operation, input } = decoded.value;
  const signingName = JSON_TARGETS.get(targetPrefix)?.signingName;
  return signingName === undefined
    ? refuseUnknownOperation()
    : succeed({ signingName, operation, input });
}

/**
 * What the front end refuses has a name of its own in each protocol family ("Common error types",
 * API references of both).
 */
const JSON_NAMES: ReadonlyMap<string, string> = new Map([
  ['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  ['IncompleteSignature', 'IncompleteSignatureException'],
  ['InvalidClientTokenId', 'UnrecognizedClientException'],
  ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  ['Throttling', 'ThrottlingException'],
]);

function inJsonWords(fault: Fault): Fault {
  const code = JSON_NAMES.get(fault.code);
  return code === undefined ? fault : { ...fault, code, queryCode: fault.code, status: 400 };
}
