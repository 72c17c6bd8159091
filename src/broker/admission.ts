// Counts connections from the moment the network accepts them, before TLS and MQTT have cost
// anything, and turns away what is too many.

import type { Socket } from 'node:net';
import type { Peer } from '../mqtt/framed-connection.ts';
import type { BrokerLimits } from './limits.ts';

type AdmissionLimits = Pick<BrokerLimits, 'connectionsMax' | 'pendingConnectionsMax'>;

type AdmissionRefusal = 'too-many-connections' | 'too-many-pending';

export interface AdmissionOptions {
  readonly limits: AdmissionLimits;
  readonly onRefused: (reason: AdmissionRefusal, address: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

interface PendingConnection {
  readonly socket: Socket;
  readonly since: number;
}

/**
 * Clients with something to say are let in within this time. When too many are pending, one that
 * has taken longer gives way to a newcomer: silent connections must not lock the others out. If
 * all are younger, a whole fleet is coming back, and the newcomer waits for its next attempt.
 */
const patienceMs = 1_000;

export class Admission {
  readonly #options: AdmissionOptions;
  /** By remote address and port: the same before and after TLS. Oldest first. */
  readonly #pending = new Map<string, PendingConnection>();
  #openCount = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  get openCount(): number {
    return this.#openCount;
  }

  /** False: the socket has been closed. */
  admit(socket: Socket): boolean {
    const { limits, onRefused, now } = this.#options;
    const refusal =
      this.#openCount >= limits.connectionsMax
        ? 'too-many-connections'
        : this.#makeRoomForPending()
          ? null
          : 'too-many-pending';
    if (refusal !== null) {
      onRefused(refusal, socket.remoteAddress ?? '');
      socket.on('error', () => {});
      socket.destroy();
      return false;
    }
    const { remoteAddress, remotePort } = socket;
    const key = keyOf({ remoteAddress, remotePort });
    const pending = { socket, since: now() };
    this.#openCount += 1;
    this.#pending.set(key, pending);
    socket.on('close', () => {
      this.#openCount -= 1;
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    });
    return true;
  }

  /** The client behind this socket has been let in. */
  settle(peer: Peer): void {
    this.#pending.delete(keyOf(peer));
  }

  closePending(): void {
    for (const { socket } of this.#pending.values()) socket.destroy();
  }

  #makeRoomForPending(): boolean {
    const { limits, onRefused, now } = this.#options;
    if (this.#pending.size < limits.pendingConnectionsMax) return true;
    for (const [key, { socket, since }] of this.#pending) {
      if (now() - since < patienceMs) return false;
      onRefused('too-many-pending', socket.remoteAddress ?? '');
      this.#pending.delete(key);
      socket.destroy();
      return true;
    }
    return false;
  }
}

function keyOf(peer: Peer): string {
  return `${peer.remoteAddress}|${peer.remotePort}`;
}
