// Where messages wait for the tick. Receiving only puts them aside; reading them is `drain`'s work,
// so that a flood costs memory up to a bound and never time inside the broker's callback.

import type { ArrivedMessage, TelemetryReceiver } from './ports/telemetry.ts';

/** Messages that wait at most: two seconds of 50,000 a second. Further ones are dropped. */
export const inboxLengthMax = 100_000;

/** A message and when it came by the real clock, for measuring the reaction to it. */
export interface WaitingMessage {
  readonly message: ArrivedMessage;
  readonly receivedElapsedMs: number;
}

export class Inbox implements TelemetryReceiver {
  readonly #elapsedMs: () => number;
  readonly #onArrival: () => void;
  readonly #onConnection: (isConnected: boolean) => void;
  #waiting: WaitingMessage[] = [];
  /** Dropped since the last drain, because the inbox was full. */
  #dropped = 0;

  constructor(options: {
    readonly elapsedMs: () => number;
    /** Called for the first message into an empty inbox. */
    readonly onArrival: () => void;
    readonly onConnection: (isConnected: boolean) => void;
  }) {
    this.#elapsedMs = options.elapsedMs;
    this.#onArrival = options.onArrival;
    this.#onConnection = options.onConnection;
  }

  receive(message: ArrivedMessage): void {
    if (this.#waiting.length >= inboxLengthMax) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ message, receivedElapsedMs: this.#elapsedMs() });
    if (this.#waiting.length === 1) this.#onArrival();
  }

  connectionChanged(isConnected: boolean): void {
    this.#onConnection(isConnected);
  }

  /** All that waits, oldest first, and how many were dropped for want of room. */
  drain(): { readonly messages: readonly WaitingMessage[]; readonly dropped: number } {
    const drained = { messages: this.#waiting, dropped: this.#dropped };
    this.#waiting = [];
    this.#dropped = 0;
    return drained;
  }
}
