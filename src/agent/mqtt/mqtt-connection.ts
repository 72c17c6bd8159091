// One connection to a broker, from opening its socket to its end: greeting, acknowledgements,
// keep-alive. It never connects again; the client beside this file does.
//
//   opening ──socket open, CONNECT sent──▶ greeting ──CONNACK accepts──▶ up
//      │                                      │                          │ close(): DISCONNECT sent
//      └───────── error, timeout, refusal, fault, silence ───────────────┴──▶ ended

import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../clock.ts';
import { describeError } from '../describe-error.ts';
import type { ProtocolFault } from './decode-packet.ts';
import { encodePacket } from './encode-packet.ts';
import { InFlight, type PublishOutcome } from './in-flight.ts';
import { openSocket, type BrokerAddress } from './open-socket.ts';
import { PacketReader } from './packet-reader.ts';
import type {
  ConnackPacket,
  ConnectPacket,
  ConnectRefusal,
  PublishPacket,
  ClientPacket,
  ServerPacket,
} from './packets.ts';

/** Why a connection is over. */
export type ConnectionEnd =
  | { readonly code: 'refused'; readonly refusal: ConnectRefusal }
  /** An error before the broker's greeting: no route, no listener, a certificate not trusted. */
  | { readonly code: 'unreachable'; readonly message: string }
  | { readonly code: 'no-greeting' }
  | { readonly code: 'lost'; readonly message: string }
  /** The peer answers neither a ping nor a publish. */
  | { readonly code: 'silent' }
  | { readonly code: 'protocol-fault'; readonly fault: ProtocolFault | 'unexpected-packet' }
  | { readonly code: 'closed' };

export interface ConnectionEvents {
  onUp(): void;
  onMessage(packet: PublishPacket): void;
  onGrant(packetId: number, isGranted: boolean): void;
  /** There is room in the window again. */
  onRoom(): void;
  /** Comes exactly once. */
  onEnd(end: ConnectionEnd): void;
}

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly isRetained: boolean;
}

/** From the opening of the socket to CONNACK, name look-up and TLS included. */
export const greetingTimeoutMs = 10_000;
/** An answer to a ping or a publish that is not there by then never comes. */
export const answerTimeoutMs = 5_000;
/** How long the socket may take to close after DISCONNECT. */
export const closeTimeoutMs = 1_000;
/** Bytes that may wait in the socket; above it there is no room. */
export const writableBytesMax = 256 * 1024;

export class MqttConnection {
  #state: 'opening' | 'greeting' | 'up' | 'ended' = 'opening';
  #socket: Socket | null = null;
  #cancelTimer: CancelTimer = () => {};
  #receivedAtMs = 0;
  #sentAtMs = 0;
  #pingSentAtMs: number | null = null;
  readonly #reader = new PacketReader();
  readonly #inFlight = new InFlight();
  readonly #connect: ConnectPacket;
  readonly #clock: Clock;
  readonly #events: ConnectionEvents;

  constructor(address: BrokerAddress, connect: ConnectPacket, clock: Clock, on: ConnectionEvents) {
    this.#connect = connect;
    this.#clock = clock;
    this.#events = on;
    this.#cancelTimer = clock.after(greetingTimeoutMs, () => this.#end({ code: 'no-greeting' }));
    openSocket(address, {
      adopt: (socket, openEvent) => {
        socket.once(openEvent, () => this.#greet());
        this.#adopt(socket);
      },
      onBytes: (bytes) => this.#read(bytes),
    }).catch((error: unknown) => {
      this.#end({ code: 'unreachable', message: describeError(error) });
    });
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** Whether a message may be published now. */
  get hasRoom(): boolean {
    return this.isUp && this.#inFlight.hasRoom && this.#waitingBytes() < writableBytesMax;
  }

  /** Never rejects. With quality of service 0, `sent` means handed to the system, no more. */
  publish(message: Message): Promise<PublishOutcome> {
    if (!this.isUp) return Promise.resolve('not-connected');
    if (!this.hasRoom) return Promise.resolve('no-room');
    const { topic, payload, qos, isRetained } = message;
    if (qos === 0) {
      this.#send({ kind: 'publish', topic, payload, isRetained, delivery: { qos } });
      return Promise.resolve('sent');
    }
    return new Promise((settle) => {
      const packetId = this.#inFlight.add(this.#clock.monotonicMs(), settle);
      const delivery = { qos, packetId, isDuplicate: false };
      this.#send({ kind: 'publish', topic, payload, isRetained, delivery });
    });
  }

  /** Asks for messages; `onGrant` says under the returned id whether the broker sends them. */
  subscribe(topicFilter: string): number {
    const packetId = this.#inFlight.add(this.#clock.monotonicMs(), () => {});
    this.#send({ kind: 'subscribe', packetId, topicFilter, qos: 1 });
    return packetId;
  }

  /** Says good-bye, so that the broker does not publish the last will. */
  close(): Promise<void> {
    const socket = this.#socket;
    const isGreeted = this.#state === 'up';
    if (isGreeted) this.#send({ kind: 'disconnect' });
    this.#settle({ code: 'closed' });
    if (socket === null || !isGreeted) {
      socket?.destroy();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = this.#clock.after(closeTimeoutMs, () => socket.destroy());
      socket.once('close', () => {
        cancel();
        resolve();
      });
      socket.end();
    });
  }

  #adopt(socket: Socket): void {
    if (this.#state === 'ended') {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    this.#socket = socket;
    socket.on('drain', () => this.#events.onRoom());
    socket.on('error', (error) => this.#endBySocket(describeError(error)));
    socket.on('close', () => this.#endBySocket('the broker closed the connection'));
  }

  #greet(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'greeting';
    this.#send(this.#connect);
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'ended') return;
    this.#receivedAtMs = this.#clock.monotonicMs();
    this.#pingSentAtMs = null;
    const fault = this.#reader.read(bytes, (packet) => this.#take(packet));
    if (fault !== null) this.#end({ code: 'protocol-fault', fault });
  }

  #take(packet: ServerPacket): void {
    if (this.#state === 'ended') return;
    const isGreeting = packet.kind === 'connack';
    if (isGreeting !== (this.#state === 'greeting')) {
      this.#end({ code: 'protocol-fault', fault: 'unexpected-packet' });
      return;
    }
    switch (packet.kind) {
      case 'connack':
        this.#takeGreeting(packet);
        return;
      case 'puback':
        if (this.#inFlight.settle(packet.packetId, 'acknowledged')) this.#events.onRoom();
        return;
      case 'suback':
        this.#inFlight.settle(packet.packetId, 'acknowledged');
        this.#events.onGrant(packet.packetId, !packet.grants.includes('refused'));
        return;
      case 'publish':
        // Acknowledged before it is acted on: a command that ends the agent must not come again.
        if (packet.delivery.qos === 1) {
          this.#send({ kind: 'puback', packetId: packet.delivery.packetId });
        }
        this.#events.onMessage(packet);
        return;
      case 'pingresp':
        return;
    }
  }

  #takeGreeting(packet: ConnackPacket): void {
    if (packet.refusal !== null) {
      this.#end({ code: 'refused', refusal: packet.refusal });
      return;
    }
    this.#state = 'up';
    this.#cancelTimer();
    this.#watch();
    this.#events.onUp();
  }

  /** Pings a peer that one side has not heard of for half the keep-alive time; ends a dead one. */
  #watch(): void {
    const keepAliveMs = this.#connect.keepAliveSeconds * 1_000;
    const nowMs = this.#clock.monotonicMs();
    const waitsSinceMs = Math.min(
      this.#pingSentAtMs ?? Number.POSITIVE_INFINITY,
      this.#inFlight.oldestSentAtMs ?? Number.POSITIVE_INFINITY,
    );
    if (nowMs - waitsSinceMs >= answerTimeoutMs) {
      this.#end({ code: 'silent' });
      return;
    }
    const quietSinceMs = Math.min(this.#receivedAtMs, this.#sentAtMs);
    if (this.#pingSentAtMs === null && nowMs - quietSinceMs >= keepAliveMs / 2) {
      this.#send({ kind: 'pingreq' });
      this.#pingSentAtMs = nowMs;
    }
    const pingInMs = keepAliveMs / 2 - (nowMs - quietSinceMs);
    const isPinging = this.#pingSentAtMs !== null;
    const delayMs = isPinging ? answerTimeoutMs : Math.min(pingInMs, answerTimeoutMs);
    this.#cancelTimer = this.#clock.after(Math.max(1, delayMs), () => this.#watch());
  }

  #waitingBytes(): number {
    return this.#socket?.writableLength ?? 0;
  }

  #send(packet: ClientPacket): void {
    this.#sentAtMs = this.#clock.monotonicMs();
    this.#socket?.write(encodePacket(packet));
  }

  #endBySocket(message: string): void {
    const isGreeted = this.#state === 'up';
    this.#end(isGreeted ? { code: 'lost', message } : { code: 'unreachable', message });
  }

  #end(end: ConnectionEnd): void {
    if (this.#state === 'ended') return;
    this.#settle(end);
    this.#socket?.destroy();
  }

  #settle(end: ConnectionEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#cancelTimer();
    this.#inFlight.settleAll('connection-lost');
    this.#events.onEnd(end);
  }
}
