// What a server has handed out and signs with: sessions of assumed roles, the key of instance
// identity documents, the seal of metadata tokens. Data only: who makes and checks them is outside,
// for there is no chance and no cipher here. Kept with the account, so that a restored cloud goes on
// letting in whom it has let in before.

import type { EpochMs } from '../time.ts';

export interface IssuedSession {
  readonly secret: string;
  readonly expiresAt: EpochMs;
}

export interface IssuedSecrets {
  /** By access key id, the oldest first. */
  readonly sessions: Map<string, IssuedSession>;
  /** PEM (PKCS #8); absent until a document is signed. */
  identityKey: string | undefined;
  /** Absent until a token is asked for. */
  metadataSeal: string | undefined;
}

export function createIssuedSecrets(): IssuedSecrets {
  return { sessions: new Map(), identityKey: undefined, metadataSeal: undefined };
}
