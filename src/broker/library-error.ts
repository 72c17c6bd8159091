// What the broker library's errors about a connection mean, in our words.

import { RefusedConnectionError } from '../mqtt/framed-connection.ts';
import { CountedRefusalError } from './guest.ts';
import { type RefusalReason, refusalReasons } from './ledger.ts';

/** Null: nothing was refused (the client hung up), or it has been counted already. */
export function refusalOf(error: Error & { readonly code?: unknown }): RefusalReason | null {
  if (error instanceof CountedRefusalError) return null;
  if (error instanceof RefusedConnectionError) {
    return refusalReasons.find((reason) => reason === error.reason) ?? 'malformed-packet';
  }
  // Errors of the network and of TLS have codes, the library's own have none.
  if (typeof error.code === 'string') return null;
  if (error.message.startsWith('maxInflightInbound exceeded')) return 'too-many-in-flight';
  switch (error.message) {
    case 'connect did not arrive in time':
      return 'connect-timeout';
    case 'keep alive timeout':
      return 'keep-alive-timeout';
    case 'identifier rejected':
      return 'bad-client-id';
    case 'connection closed':
      return null;
    case 'unacceptable protocol version':
      // Counted when the CONNECT was read.
      return null;
    case 'too many sessions':
      // Counted when the session was refused.
      return null;
    default:
      return 'malformed-packet';
  }
}
