// What the broker refused, dropped and carried, counted by reason, and the sparse lines about it:
// a stranger must not be able to fill the log.

import type { Log, LogLevel } from '../controller/ports/log.ts';

/** Why a connection, a login, a subscription or a publish was refused. */
export const refusalReasons = [
  'too-many-connections',
  'too-many-pending',
  'tls-failed',
  'connect-timeout',
  'keep-alive-timeout',
  'oversized-connect',
  'oversized-packet',
  'not-a-connect',
  'second-connect',
  'unexpected-packet',
  'malformed-packet',
  'stalled-packet',
  'slow-consumer',
  'too-many-in-flight',
  'protocol-version',
  'bad-client-id',
  'client-id-of-another',
  'too-many-take-overs',
  'bad-login',
  'too-many-failed-logins',
  'too-many-logins-waiting',
  'will-not-allowed',
  'publish-not-allowed',
  'subscribe-not-allowed',
  'shared-subscription',
  'too-many-subscriptions',
  'too-many-sessions',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

/** What was accepted and then not kept. */
const dropReasons = ['session-queue-full', 'session-evicted', 'retained-evicted'] as const;

export type DropReason = (typeof dropReasons)[number];

/** Counts since the start, except those that say "now". For `/metrics`. */
export interface BrokerCounters {
  /** Open now, those still to be let in included. */
  readonly connectionsOpen: number;
  /** Let in and open now. */
  readonly clientsConnected: number;
  readonly connectionsAccepted: number;
  readonly refused: Readonly<Record<RefusalReason, number>>;
  /** Publishes of clients that were allowed; in-process ones not included. */
  readonly messagesIn: number;
  readonly bytesIn: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Now: what waits to be read by clients. */
  readonly queuedBytes: number;
  readonly retainedMessages: number;
  readonly sessions: number;
}

/** One line for each reason in this time, with the number since the last one. */
const repeatAfterMs = 60_000;

interface Silence {
  since: number;
  suppressed: number;
}

const levels: Partial<Record<RefusalReason, LogLevel>> = {
  'keep-alive-timeout': 'info',
  'too-many-connections': 'error',
};

export class Ledger {
  readonly refused: Record<RefusalReason, number>;
  readonly dropped: Record<DropReason, number>;
  messagesIn = 0;
  connectionsAccepted = 0;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #silences = new Map<RefusalReason, Silence>();

  /** `now`: monotonic milliseconds. */
  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
    this.refused = countAll(refusalReasons);
    this.dropped = countAll(dropReasons);
  }

  /** Counts a refusal and says it, unless the same reason was said within the last minute. */
  refuse(reason: RefusalReason, what: string): void {
    this.refused[reason] += 1;
    const silence = this.#silences.get(reason);
    const now = this.#now();
    if (silence !== undefined && now - silence.since < repeatAfterMs) {
      silence.suppressed += 1;
      return;
    }
    this.#silences.set(reason, { since: now, suppressed: 0 });
    const more = silence === undefined ? 0 : silence.suppressed;
    const since = more === 0 ? '' : ` (${more} more since this was last said)`;
    this.#log.write(levels[reason] ?? 'warn', `broker: ${what}${since}`, { reason });
  }
}

function countAll<Name extends string>(names: readonly Name[]): Record<Name, number> {
  // Every name is put in below; `fromEntries` cannot say so.
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
