// Whose signatures are true: the credentials the server was started with, and those of sessions
// that AssumeRole has handed out since.

import type { IssuedSession } from '../cloud/account/issued-secrets.ts';
import type { EpochMs } from '../cloud/time.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Keyring {
  /** Whether signatures are checked for truth at all. */
  readonly isStrict: boolean;
  /** Returns the secret of a key that is known and has not expired. */
  findSecret(accessKeyId: string, now: EpochMs): string | undefined;
  addSession(credentials: Credentials, expiresAt: EpochMs): void;
}

/** More sessions than any run has; the oldest go first. */
const SESSIONS_MAX = 10_000;

/** Returns a keyring; without `credentials` every well-formed signature is let in. */
export function createKeyring(
  credentials: readonly Credentials[] | undefined,
  sessions: Map<string, IssuedSession>,
): Keyring {
  const lasting = new Map(
    (credentials ?? []).map(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey]),
  );
  return {
    isStrict: credentials !== undefined,
    findSecret(accessKeyId, now) {
      const session = sessions.get(accessKeyId);
      if (session !== undefined) return session.expiresAt > now ? session.secret : undefined;
      return lasting.get(accessKeyId);
    },
    addSession({ accessKeyId, secretAccessKey }, expiresAt) {
      sessions.set(accessKeyId, { secret: secretAccessKey, expiresAt });
      const [oldest] = sessions.keys();
      if (sessions.size > SESSIONS_MAX && oldest !== undefined) sessions.delete(oldest);
    },
  };
}
