// Sessions that outlive their connection (MQTT: clean session 0): what each is subscribed to, and
// the messages that wait for it, within bounds. Delivery is the broker's part.

import mqemitter from 'mqemitter';
import type { Owner } from './guest.ts';
import type { BrokerLimits } from './limits.ts';

type QualityOfService = 0 | 1 | 2;

export interface StoredSubscription {
  readonly topic: string;
  readonly qos: QualityOfService;
}

/** A message or the release of one, as the broker library writes it. */
export interface QueuedPacket {
  readonly cmd: string;
  readonly topic?: string;
  readonly payload?: Buffer;
  readonly qos?: QualityOfService;
  /** The broker's own number of the message; a release has none. */
  readonly brokerCounter?: number;
  messageId?: number | undefined;
}

export interface StoredSessionsOptions {
  readonly limits: Pick<
    BrokerLimits,
    'sessionsMax' | 'queuedMessagesPerSessionMax' | 'sessionBytesMax'
  >;
  readonly isConnected: (clientId: string) => boolean;
  readonly onDropped: (reason: 'session-queue-full' | 'session-evicted') => void;
}

interface Session {
  /** Who may resume it. */
  readonly owner: Owner;
  readonly subscriptions: Map<string, StoredSubscription>;
  queue: QueuedPacket[];
}

type Finding = mqemitter.Message & { readonly found: Set<string> };
type Listener = (message: mqemitter.Message, done: () => void) => void;

export class StoredSessions {
  readonly #options: StoredSessionsOptions;
  /** In the order of their last connection, oldest first. */
  readonly #sessions = new Map<string, Session>();
  /** Finds the sessions that a topic concerns; the same matcher that delivers to connections. */
  readonly #index = mqemitter({ matchEmptyLevels: true });
  readonly #listeners = new Map<string, Listener>();
  #queuedBytes = 0;

  constructor(options: StoredSessionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#sessions.size;
  }

  /** Undefined if there is no such session. */
  ownerOf(clientId: string): Owner | undefined {
    return this.#sessions.get(clientId)?.owner;
  }

  /** What a session that comes back is subscribed to. It now counts as the newest. */
  resume(clientId: string): readonly StoredSubscription[] {
    const session = this.#sessions.get(clientId);
    if (session === undefined) return [];
    this.#sessions.delete(clientId);
    this.#sessions.set(clientId, session);
    return [...session.subscriptions.values()];
  }

  /** False if there is no room for another session: all are connected. */
  subscribe(clientId: string, owner: Owner, subscriptions: readonly StoredSubscription[]): boolean {
    const known = this.#sessions.get(clientId);
    if (known === undefined && !this.#makeRoom()) return false;
    const session = known ?? { owner, subscriptions: new Map(), queue: [] };
    this.#sessions.set(clientId, session);
    for (const { topic, qos } of subscriptions) {
      session.subscriptions.set(topic, { topic, qos });
      this.#watch(clientId, topic);
    }
    return true;
  }

  unsubscribe(clientId: string, filters: readonly string[]): void {
    const session = this.#sessions.get(clientId);
    if (session === undefined) return;
    for (const filter of filters) {
      if (session.subscriptions.delete(filter)) this.#unwatch(clientId, filter);
    }
    if (session.subscriptions.size === 0) this.discard(clientId);
  }

  discard(clientId: string): void {
    const session = this.#sessions.get(clientId);
    if (session === undefined) return;
    for (const filter of session.subscriptions.keys()) this.#unwatch(clientId, filter);
    for (const packet of session.queue) this.#queuedBytes -= bytesOf(packet);
    this.#sessions.delete(clientId);
  }

  /** The clients whose session a message to this topic waits in. */
  concernedBy(topic: string): string[] {
    const found = new Set<string>();
    const finding: Finding = { topic, found };
    this.#index.emit(finding);
    return [...found];
  }

  /** Queues a message; a session that is full drops it, as mosquitto does. */
  enqueue(clientId: string, packet: QueuedPacket): void {
    const session = this.#sessions.get(clientId);
    if (session === undefined) return;
    const { queuedMessagesPerSessionMax, sessionBytesMax } = this.#options.limits;
    const isFull =
      session.queue.length >= queuedMessagesPerSessionMax ||
      this.#queuedBytes + bytesOf(packet) > sessionBytesMax;
    if (isFull) return this.#options.onDropped('session-queue-full');
    session.queue.push(packet);
    this.#queuedBytes += bytesOf(packet);
  }

  queueOf(clientId: string): readonly QueuedPacket[] {
    return [...(this.#sessions.get(clientId)?.queue ?? [])];
  }

  /** Notes the id that a queued message is sent with, or that its release takes its place. */
  update(clientId: string, packet: QueuedPacket): void {
    const queue = this.#sessions.get(clientId)?.queue ?? [];
    if (packet.brokerCounter !== undefined) {
      const sent = queue.find((queued) => queued.brokerCounter === packet.brokerCounter);
      if (sent !== undefined) sent.messageId = packet.messageId;
      return;
    }
    const index = queue.findIndex((queued) => queued.messageId === packet.messageId);
    const released = queue[index];
    if (released === undefined) return;
    this.#queuedBytes += bytesOf(packet) - bytesOf(released);
    queue[index] = packet;
  }

  /** Takes out what the client has received; null if nothing was sent under that id. */
  acknowledge(clientId: string, messageId: number | undefined): QueuedPacket | null {
    const queue = this.#sessions.get(clientId)?.queue;
    if (queue === undefined || messageId === undefined) return null;
    const index = queue.findIndex((queued) => queued.messageId === messageId);
    const [acknowledged] = index < 0 ? [] : queue.splice(index, 1);
    if (acknowledged === undefined) return null;
    this.#queuedBytes -= bytesOf(acknowledged);
    return acknowledged;
  }

  #makeRoom(): boolean {
    if (this.#sessions.size < this.#options.limits.sessionsMax) return true;
    for (const clientId of this.#sessions.keys()) {
      if (this.#options.isConnected(clientId)) continue;
      this.discard(clientId);
      this.#options.onDropped('session-evicted');
      return true;
    }
    return false;
  }

  #watch(clientId: string, filter: string): void {
    const key = JSON.stringify([clientId, filter]);
    if (this.#listeners.has(key)) return;
    const listener: Listener = (message, done) => {
      this.#concern(clientId, filter, message);
      done();
    };
    this.#listeners.set(key, listener);
    this.#index.on(filter, listener);
  }

  #unwatch(clientId: string, filter: string): void {
    const key = JSON.stringify([clientId, filter]);
    const listener = this.#listeners.get(key);
    if (listener === undefined) return;
    this.#listeners.delete(key);
    this.#index.removeListener(filter, listener);
  }

  #concern(clientId: string, filter: string, message: mqemitter.Message): void {
    // The index forgets a listener a moment late.
    const subscription = this.#sessions.get(clientId)?.subscriptions.get(filter);
    if (subscription === undefined || subscription.qos === 0) return;
    // MQTT 3.1.1, 4.7.2: a leading wildcard does not cover topics that begin with `$`.
    if (message.topic.startsWith('$') && !filter.startsWith('$')) return;
    // `emit` above is the only caller; the emitter's own type says `any`.
    const found: Finding['found'] = message['found'];
    found.add(clientId);
  }
}

function bytesOf(packet: QueuedPacket): number {
  return (packet.topic?.length ?? 0) + (packet.payload?.length ?? 0);
}
