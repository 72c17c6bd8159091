// What a wire protocol is to the server: it turns a request into a call and an outcome into a
// response. The server chooses the adapter, checks the signature, throttles and dispatches.

import type { Fault, Outcome } from '../cloud/fault.ts';

/** One HTTP request, read whole (its size is bounded before it comes here). */
export interface WireRequest {
  readonly method: string;
  /** The path without the query string. */
  readonly path: string;
  /** The query string without its question mark, as it was sent. */
  readonly query: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request understood: which service, which operation, with what input. */
export interface WireCall {
  /** The `signingName` of the service that is called. */
  readonly signingName: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Protocol {
  /** Whether this adapter reads the request. The first that says so gets it. */
  accepts(request: WireRequest): boolean;
  /** The call, or the fault with which a request that cannot be read is answered. */
  decode(request: WireRequest): Outcome<WireCall>;
  /** `request` tells in which dialect it is answered. */
  encodeOutput(
    request: WireRequest,
    call: WireCall,
    output: Readonly<Record<string, unknown>>,
    requestId: string,
  ): WireResponse;
  /** `request` tells dialects of one protocol apart when nothing could be decoded. */
  encodeFault(request: WireRequest, fault: Fault, requestId: string): WireResponse;
  /** What this protocol answers when the service has no such operation. */
  unknownOperation(call: WireCall): Fault;
}
