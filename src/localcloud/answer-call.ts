// One request to one answer: protocol, signature, throttle, faults on purpose, service. No I/O
// but the delays that were asked for.

import type { Fault, Outcome } from '../cloud/fault.ts';
import type { EpochMs } from '../cloud/time.ts';
import type { InjectedFault } from './fault-control.ts';
import type { Keyring } from './keyring.ts';
import type { PollClock } from './polling.ts';
import { callOperation } from './polling.ts';
import type { Protocol, WireCall, WireRequest, WireResponse } from './protocol.ts';
import type { Service } from './service.ts';
import { signatureFault } from './signature.ts';
import { throttlingFault } from './throttle.ts';

/** What the calls of one server have in common. */
export interface Switchboard {
  readonly protocols: readonly Protocol[];
  /** By signing name. */
  readonly services: ReadonlyMap<string, Service>;
  readonly keyring: Keyring;
  readonly region: string;
  readonly accountId: string;
  /** Brings the model to the present, and says when that is. */
  readonly advance: () => EpochMs;
  readonly throttle: (call: WireCall, now: EpochMs) => Fault | undefined;
  readonly takeFault: (operation: string) => InjectedFault | undefined;
  readonly wait: (wallMs: number) => Promise<void>;
  /** The models' time, for calls that wait: `now` brings them to the present. */
  readonly pollClock: PollClock;
}

/** Who waits for the answer. */
export interface Caller {
  readonly requestId: string;
  /** Aborted when the connection has ended. */
  readonly gone: AbortSignal;
}

/** Resolves with the answer, or `undefined` if the caller shall never get one. */
export async function answerCall(
  board: Switchboard,
  request: WireRequest,
  caller: Caller,
): Promise<WireResponse | undefined> {
  const { requestId } = caller;
  const protocol = board.protocols.find((candidate) => candidate.accepts(request));
  if (protocol === undefined) return unreadable(requestId);
  const refuseWith = (fault: Fault): WireResponse =>
    protocol.encodeFault(request, fault, requestId);
  const times = { wallNow: Date.now(), modelNow: board.advance() };
  const intruder = signatureFault(request, board.keyring, times);
  if (intruder !== undefined) return refuseWith(intruder);
  const decoded = protocol.decode(request);
  if (!decoded.ok) return refuseWith(decoded.fault);
  const call = decoded.value;
  const answer = async (): Promise<WireResponse> => {
    const outcome = await perform(board, protocol, call, caller);
    return outcome.ok
      ? protocol.encodeOutput(request, call, outcome.value, requestId)
      : refuseWith(outcome.fault);
  };
  const injected = board.takeFault(call.operation);
  if (injected === undefined) return answer();
  return meetFault(board, injected, call, { answer, refuseWith });
}

/** Takes effect at once: what is awaited are the answers of calls that wait. */
async function perform(
  board: Switchboard,
  protocol: Protocol,
  call: WireCall,
  { requestId, gone }: Caller,
): Promise<Outcome<Readonly<Record<string, unknown>>>> {
  const service = board.services.get(call.signingName);
  if (service?.operations.has(call.operation) !== true) {
    return { ok: false, fault: protocol.unknownOperation(call) };
  }
  const now = board.advance();
  const throttled = board.throttle(call, now);
  if (throttled !== undefined) return { ok: false, fault: throttled };
  const { region, accountId } = board;
  const context = { now, requestId, region, accountId };
  const { operation, input } = call;
  const polled = { operation, input, context, signal: gone };
  return callOperation(service, polled, board.pollClock);
}

async function meetFault(
  board: Switchboard,
  injected: InjectedFault,
  call: WireCall,
  act: {
    readonly answer: () => Promise<WireResponse>;
    readonly refuseWith: (fault: Fault) => WireResponse;
  },
): Promise<WireResponse | undefined> {
  switch (injected.kind) {
    case 'throttle':
      return act.refuseWith(throttlingFault(call.signingName));
    case 'error':
      if (injected.when === 'after') await act.answer();
      return act.refuseWith(injected.fault);
    case 'hang':
      if (injected.when === 'after') await act.answer();
      return undefined;
    case 'delay': {
      if (injected.when !== 'after') {
        await board.wait(injected.ms);
        return act.answer();
      }
      const answer = await act.answer();
      await board.wait(injected.ms);
      return answer;
    }
    default:
      return injected satisfies never;
  }
}

/** Neither a form nor a JSON call: what AWS's front ends answer to a plain GET or a strange type. */
function unreadable(requestId: string): WireResponse {
  return {
    status: 404,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: '<UnknownOperationException/>\n',
  };
}
