// What the broker library wants to have stored, kept in memory within bounds. The library's own
// store has none: retained messages, sessions and their queues grow with whatever clients send.
// The names and the promises are the library's (aedes-persistence); `Client` is its connection.

import { Readable } from 'node:stream';
import type { Client } from 'aedes';
import type { BrokerLimits } from './limits.ts';
import type { DropReason } from './ledger.ts';
import type { Owner } from './guest.ts';
import { type RetainedMessage, RetainedMessages } from './retained-messages.ts';
import { type QueuedPacket, StoredSessions, type StoredSubscription } from './stored-sessions.ts';

/** What the store must know of those who are connected. */
export interface ConnectedClients {
  isConnected(clientId: string): boolean;
  /** Under whose name a connected client came in. */
  ownerOf(clientId: string): Owner;
  /** Whether a subscription was granted. The library hands over refused ones as well. */
  isGranted(clientId: string, filter: string): boolean;
}

export interface BrokerMemoryOptions {
  readonly limits: BrokerLimits;
  readonly clients: ConnectedClients;
  readonly onDropped: (reason: DropReason) => void;
  readonly onTooManySessions: (clientId: string) => void;
}

type ClientName = Pick<Client, 'id'>;
type PublishedPacket = QueuedPacket & RetainedMessage;
type Concerned = StoredSubscription & { readonly clientId: string };

export class BrokerMemory {
  readonly retained: RetainedMessages;
  readonly sessions: StoredSessions;
  readonly #options: BrokerMemoryOptions;
  /** Client id → the QoS 2 messages it has begun; the library bounds them for each client. */
  readonly #begun = new Map<string, Set<number>>();

  constructor(options: BrokerMemoryOptions) {
    this.#options = options;
    this.retained = new RetainedMessages(options.limits, () =>
      options.onDropped('retained-evicted'),
    );
    this.sessions = new StoredSessions({
      limits: options.limits,
      isConnected: (clientId) => options.clients.isConnected(clientId),
      onDropped: options.onDropped,
    });
  }

  async setup(): Promise<void> {}

  // Retained messages.

  async storeRetained(packet: RetainedMessage): Promise<void> {
    const { topic, payload, qos } = packet;
    this.retained.keep({ topic, payload, qos });
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    const messages = this.retained.matching(filters);
    return Readable.from(messages.map((message) => ({ ...message, cmd: 'publish', retain: true })));
  }

  // Sessions.

  async subscriptionsByClient(client: ClientName): Promise<readonly StoredSubscription[]> {
    return this.sessions.resume(client.id);
  }

  async cleanSubscriptions(client: ClientName): Promise<void> {
    this.sessions.discard(client.id);
  }

  async addSubscriptions(
    client: ClientName,
    subscriptions: readonly StoredSubscription[],
  ): Promise<void> {
    const { clients, onTooManySessions } = this.#options;
    const granted = subscriptions.filter(({ topic }) => clients.isGranted(client.id, topic));
    if (this.sessions.subscribe(client.id, clients.ownerOf(client.id), granted)) return;
    onTooManySessions(client.id);
    throw new Error('too many sessions');
  }

  async removeSubscriptions(client: ClientName, filters: readonly string[]): Promise<void> {
    this.sessions.unsubscribe(client.id, filters);
  }

  async subscriptionsByTopic(topic: string): Promise<readonly Concerned[]> {
    return this.sessions.concernedBy(topic).map((clientId) => ({ clientId, topic, qos: 1 }));
  }

  // What waits for a session.

  async outgoingEnqueue(concerned: { clientId: string }, packet: PublishedPacket): Promise<void> {
    await this.outgoingEnqueueCombi([concerned], packet);
  }

  async outgoingEnqueueCombi(
    concerned: readonly { clientId: string }[],
    packet: PublishedPacket,
  ): Promise<void> {
    if (concerned.length === 0) return;
    const payload = Buffer.from(packet.payload);
    for (const { clientId } of concerned) {
      this.sessions.enqueue(clientId, { ...packet, payload, messageId: undefined });
    }
  }

  outgoingStream(client: ClientName): Readable {
    return Readable.from(this.sessions.queueOf(client.id));
  }

  /** The library ends connections whose message is not found: here it may just have been dropped. */
  async outgoingUpdate(client: ClientName, packet: QueuedPacket): Promise<void> {
    this.sessions.update(client.id, packet);
  }

  async outgoingClearMessageId(
    client: ClientName,
    packet: QueuedPacket,
  ): Promise<QueuedPacket | undefined> {
    return this.sessions.acknowledge(client.id, packet.messageId) ?? undefined;
  }

  // QoS 2 messages on their way in: only their ids, the library delivers them at once.

  async incomingStorePacket(client: ClientName, packet: { messageId: number }): Promise<void> {
    const begun = this.#begun.get(client.id) ?? new Set<number>();
    this.#begun.set(client.id, begun.add(packet.messageId));
  }

  async incomingGetPacket(
    client: ClientName,
    packet: { messageId: number },
  ): Promise<{ messageId: number }> {
    const hasBegun = this.#begun.get(client.id)?.has(packet.messageId) ?? false;
    if (!hasBegun) throw new Error('no such packet');
    return { messageId: packet.messageId };
  }

  async incomingDelPacket(client: ClientName, packet: { messageId: number }): Promise<void> {
    const begun = this.#begun.get(client.id);
    if (begun?.delete(packet.messageId) !== true) throw new Error('no such packet');
    if (begun.size === 0) this.#begun.delete(client.id);
  }

  async cleanIncoming(client: ClientName): Promise<void> {
    this.#begun.delete(client.id);
  }

  // Last wills are kept with their connection; storing them serves brokers that share a store.

  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([]);
  }
}
