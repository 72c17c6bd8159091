// One connection to the broker and what has become known about it, and how a refusal is told.

import type { Ledger, RefusalReason } from './ledger.ts';
import type { Principal, Rights } from './rights.ts';

export interface Visitor {
  readonly address: string;
  readonly mayBeAnonymous: boolean;
  /** What its CONNECT packet asked for. */
  request: ConnectRequest | null;
  /** Null until let in. */
  guest: Guest | null;
  hasLeft: boolean;
}

interface ConnectRequest {
  /** Made up here if the client chose none. */
  readonly clientId: string;
  readonly isIdUsable: boolean;
  readonly willTopic: string | null;
}

export interface Guest {
  readonly clientId: string;
  /** The user name that it logged in with; null for an anonymous client. */
  readonly owner: Owner;
  readonly principal: Principal;
  readonly rights: Rights;
  /** Filters it was granted and has not given up. */
  readonly granted: Set<string>;
}

/** Whose a client id or a session is. Anonymous clients share theirs. */
export type Owner = string | null;

/** MQTT 3.1.1, table 3.1: the answer to a CONNECT. */
export const returnCodes = {
  identifierRejected: 2,
  unavailable: 3,
  badLogin: 4,
  notAuthorized: 5,
} as const;

export type ReturnCode = (typeof returnCodes)[keyof typeof returnCodes];

/** A refusal that has been counted and said; the broker library ends the connection with it. */
export class CountedRefusalError extends Error {
  readonly returnCode: ReturnCode;

  constructor(message: string, returnCode: ReturnCode) {
    super(message);
    this.name = 'CountedRefusalError';
    this.returnCode = returnCode;
  }
}

export interface Refusal {
  readonly reason: RefusalReason;
  readonly what: string;
  readonly returnCode?: ReturnCode;
}

/** Counts a refusal, says it, and returns it as an error. */
export function refuseVisitor(
  ledger: Ledger,
  visitor: Visitor,
  { reason, what, returnCode }: Refusal,
): CountedRefusalError {
  const clientId = visitor.request?.clientId ?? '';
  const who = clientId === '' ? visitor.address : `${quote(clientId)} at ${visitor.address}`;
  ledger.refuse(reason, `${who}: ${what}`);
  return new CountedRefusalError(what, returnCode ?? returnCodes.notAuthorized);
}

const quotedLengthMax = 200;

/** What a stranger chose, safe to print: escaped and short. */
export function quote(text: string): string {
  const isLong = text.length > quotedLengthMax;
  return JSON.stringify(isLong ? `${text.slice(0, quotedLengthMax)}…` : text);
}
