// A way into the embedded broker for code in the same process: no network, no packets, and the
// rights of the controller.

import type { Aedes, AedesPublishPacket } from 'aedes';
import { isGeneratedClientId } from './client-id.ts';
import type { RetainedMessage, RetainedMessages } from './retained-messages.ts';

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** Null: published in this process, or by a client without an id of its own choice. */
  readonly clientId: string | null;
}

type Deliver = Parameters<Aedes['subscribe']>[1];

export class InProcessConnection {
  readonly #aedes: Aedes;
  readonly #retained: RetainedMessages;
  readonly #onEnded: () => void;
  readonly #subscriptions = new Map<string, Deliver>();
  readonly #endListeners: (() => void)[] = [];
  #isOpen = true;
  #publishesUnderWay = 0;

  constructor(aedes: Aedes, retained: RetainedMessages, onEnded: () => void) {
    this.#aedes = aedes;
    this.#retained = retained;
    this.#onEnded = onEnded;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Messages that have been handed over and not reached everybody yet. */
  get publishesUnderWay(): number {
    return this.#publishesUnderWay;
  }

  /** Called once, when the broker closes or `end` is called. */
  onEnd(listener: () => void): void {
    this.#endListeners.push(listener);
  }

  /** From now on; `retainedUnder` tells what was kept from before. Each message comes once. */
  subscribe(filters: readonly string[], receive: (message: BrokerMessage) => void): void {
    let last: AedesPublishPacket | null = null;
    const deliver: Deliver = (packet, done) => {
      // The broker calls for one message under all its filters before it turns to the next; and it
      // forgets a subscriber a moment late.
      if (packet !== last && this.#isOpen) {
        last = packet;
        receive(messageOf(packet));
      }
      done();
    };
    for (const filter of filters) {
      if (this.#subscriptions.has(filter)) continue;
      this.#subscriptions.set(filter, deliver);
      this.#aedes.subscribe(filter, deliver, () => {});
    }
  }

  retainedUnder(filters: readonly string[]): readonly RetainedMessage[] {
    return this.#retained.matching(filters);
  }

  /** Subscribers get it at the quality of service they asked for, at most once acknowledged. */
  publish(topic: string, payload: string, isRetained: boolean): void {
    this.#publishesUnderWay += 1;
    const packet = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload, 'utf8'),
      qos: 1,
      retain: isRetained,
      dup: false,
    } as const;
    this.#aedes.publish(packet, () => (this.#publishesUnderWay -= 1));
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const [filter, deliver] of this.#subscriptions) {
      this.#aedes.unsubscribe(filter, deliver, () => {});
    }
    this.#subscriptions.clear();
    for (const listener of this.#endListeners) listener();
    this.#onEnded();
  }
}

function messageOf(packet: AedesPublishPacket): BrokerMessage {
  // The library sets the publisher's id and leaves it out of its types.
  const { clientId } = packet as { clientId?: string };
  const { topic, payload } = packet;
  return {
    topic,
    payload: typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload,
    clientId: clientId === undefined || isGeneratedClientId(clientId) ? null : clientId,
  };
}
