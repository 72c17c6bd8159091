// Keeps one connection to a broker: connects, and connects again with jittered backoff whenever it
// ends. Holds no messages: what to send again after a loss is the outbox's business.
//
//   idle ──start()──▶ connecting ──up──▶ up
//                        ▲   │           │
//                        │   ▼ ended     ▼ ended
//                       waiting ◀────────┘        close() from any state ──▶ closed

import type { CancelTimer, Clock } from '../clock.ts';
import type { PublishOutcome } from './in-flight.ts';
import { MqttConnection, type ConnectionEnd, type Message } from './mqtt-connection.ts';
import type { BrokerAddress } from './open-socket.ts';
import type { ConnectPacket, PublishPacket, Will } from './packets.ts';
import { reconnectDelayMs, stableAfterMs } from './reconnect-delay.ts';

export interface MqttClientOptions {
  readonly broker: BrokerAddress;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly keepAliveSeconds: number;
  readonly will?: Will;
  /** Asked for at every connection, with quality of service 1. */
  readonly topicFilters: readonly string[];
}

export interface MqttClientEvents {
  /** Connected and subscribed: time to say what is to be said first. */
  onUp(): void;
  /** A connection, or an attempt at one, is over; the next attempt comes after `retryInMs`. */
  onDown(end: ConnectionEnd, retryInMs: number): void;
  onMessage(packet: PublishPacket): void;
  onRoom(): void;
  onSubscriptionRefused(topicFilter: string): void;
}

/** What a client takes from the machine. */
export interface MqttClientPorts {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export class MqttClient {
  #connection: MqttConnection | null = null;
  #isClosed = false;
  #attempt = 0;
  #upSinceMs: number | null = null;
  #cancelRetry: CancelTimer = () => {};
  readonly #subscriptions = new Map<number, string>();
  readonly #options: MqttClientOptions;
  readonly #ports: MqttClientPorts;
  readonly #events: MqttClientEvents;

  constructor(options: MqttClientOptions, ports: MqttClientPorts, events: MqttClientEvents) {
    this.#options = options;
    this.#ports = ports;
    this.#events = events;
  }

  get isUp(): boolean {
    return this.#connection?.isUp ?? false;
  }

  /** Whether a message may be published now. */
  get hasRoom(): boolean {
    return this.#connection?.hasRoom ?? false;
  }

  /** Never rejects. */
  publish(message: Message): Promise<PublishOutcome> {
    return this.#connection?.publish(message) ?? Promise.resolve('not-connected');
  }

  /** Connects, and from then on again and again. */
  start(): void {
    if (this.#isClosed || this.#connection !== null) return;
    this.#connection = new MqttConnection(
      this.#options.broker,
      greeting(this.#options),
      this.#ports.clock,
      {
        onUp: () => this.#onUp(),
        onMessage: (packet) => this.#events.onMessage(packet),
        onGrant: (packetId, isGranted) => this.#onGrant(packetId, isGranted),
        onRoom: () => this.#events.onRoom(),
        onEnd: (end) => this.#onEnd(end),
      },
    );
  }

  /** Says good-bye to the broker, so that it does not publish the last will. For good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    await this.#connection?.close();
  }

  #onUp(): void {
    this.#upSinceMs = this.#ports.clock.monotonicMs();
    this.#subscriptions.clear();
    for (const topicFilter of this.#options.topicFilters) {
      const packetId = this.#connection?.subscribe(topicFilter);
      if (packetId !== undefined) this.#subscriptions.set(packetId, topicFilter);
    }
    this.#events.onUp();
  }

  #onGrant(packetId: number, isGranted: boolean): void {
    const topicFilter = this.#subscriptions.get(packetId);
    this.#subscriptions.delete(packetId);
    if (topicFilter !== undefined && !isGranted) this.#events.onSubscriptionRefused(topicFilter);
  }

  #onEnd(end: ConnectionEnd): void {
    this.#connection = null;
    if (this.#isClosed) return;
    const upSinceMs = this.#upSinceMs;
    this.#upSinceMs = null;
    const upForMs = upSinceMs === null ? 0 : this.#ports.clock.monotonicMs() - upSinceMs;
    if (upForMs >= stableAfterMs) this.#attempt = 0;
    const delayMs = reconnectDelayMs(this.#attempt, this.#ports.random());
    this.#attempt += 1;
    this.#cancelRetry = this.#ports.clock.after(delayMs, () => this.start());
    this.#events.onDown(end, delayMs);
  }
}

function greeting(options: MqttClientOptions): ConnectPacket {
  const { clientId, keepAliveSeconds, username, password, will } = options;
  return {
    kind: 'connect',
    clientId,
    // Nothing is kept for an agent that is away: its outbox has what is unsent, and a command that
    // is hours old is no longer meant.
    isCleanSession: true,
    keepAliveSeconds,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(will !== undefined && { will }),
  };
}
