// What has been sent and waits for the broker's acknowledgement, by packet id. Bounded.

import { packetIdMax } from './packets.ts';

/** What became of a message. Only the first two mean that the broker may have it for good. */
export type PublishOutcome =
  | 'acknowledged'
  | 'sent'
  | 'not-connected'
  | 'no-room'
  /** Sent, but the connection ended before the answer: the broker may or may not have it. */
  | 'connection-lost';

/** Messages that may wait for their acknowledgement at once. Brokers allow 20 or more. */
export const inFlightMax = 16;

interface Waiting {
  readonly sentAtMs: number;
  readonly settle: (outcome: PublishOutcome) => void;
}

export class InFlight {
  #lastPacketId = 0;
  /** In order of sending. */
  readonly #waiting = new Map<number, Waiting>();

  get hasRoom(): boolean {
    return this.#waiting.size < inFlightMax;
  }

  /** When the one that waits longest was sent, or null if none waits. */
  get oldestSentAtMs(): number | null {
    for (const { sentAtMs } of this.#waiting.values()) return sentAtMs;
    return null;
  }

  /** Takes a free packet id for it. Ends: far fewer wait than there are ids. */
  add(sentAtMs: number, settle: (outcome: PublishOutcome) => void): number {
    do {
      this.#lastPacketId = (this.#lastPacketId % packetIdMax) + 1;
    } while (this.#waiting.has(this.#lastPacketId));
    this.#waiting.set(this.#lastPacketId, { sentAtMs, settle });
    return this.#lastPacketId;
  }

  /** False for an id that does not wait: a second acknowledgement is no fault. */
  settle(packetId: number, outcome: PublishOutcome): boolean {
    const waiting = this.#waiting.get(packetId);
    if (waiting === undefined) return false;
    this.#waiting.delete(packetId);
    waiting.settle(outcome);
    return true;
  }

  settleAll(outcome: PublishOutcome): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { settle } of all) settle(outcome);
  }
}
