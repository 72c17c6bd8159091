// An MQTT connection written by hand, for tests that send what no client would.

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import mqttPacket, { type IConnectPacket, type Packet } from 'mqtt-packet';

export interface RawClientOptions {
  readonly port: number;
  readonly host?: string;
  /** PEM of the authority to trust; given: over TLS. */
  readonly authority?: string;
}

/** How long a packet that a test waits for may take. */
const patienceMs = 5_000;

export class RawClient {
  readonly socket: Socket;
  /** What has arrived and has not been asked for. */
  readonly received: Packet[] = [];
  readonly #closed: Promise<void>;
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(options: RawClientOptions) {
    const { port, host = '127.0.0.1', authority } = options;
    this.socket =
      authority === undefined
        ? connect({ port, host })
        : connectTls({ port, host, ca: authority, servername: 'localhost' });
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on('packet', (packet) => {
      this.received.push(packet);
      this.#wake();
    });
    this.socket.on('data', (chunk: Buffer) => parser.parse(chunk));
    this.socket.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      });
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Settles when the other side (or this one) has ended the connection. */
  closed(): Promise<void> {
    return within('the end of the connection', this.#closed);
  }

  send(packet: Packet | Buffer): void {
    this.socket.write(Buffer.isBuffer(packet) ? packet : mqttPacket.generate(packet));
  }

  /** Sends a CONNECT and resolves with the return code; -1 if the connection ended without one. */
  async connect(packet: Partial<IConnectPacket> = {}): Promise<number> {
    this.send(connectPacket(packet));
    const answer = await this.next('connack');
    return answer?.cmd === 'connack' ? (answer.returnCode ?? -1) : -1;
  }

  /** Resolves with the granted qualities of service, 128 for refused ones. */
  async subscribe(filters: string | readonly string[], qos: 0 | 1 = 0): Promise<unknown> {
    const topics = typeof filters === 'string' ? [filters] : filters;
    const subscriptions = topics.map((topic) => ({ topic, qos }));
    this.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    const answer = await this.next('suback');
    return answer?.cmd === 'suback' ? answer.granted : null;
  }

  publish(
    topic: string,
    payload: string | Buffer,
    options: {
      readonly qos?: 0 | 1 | 2;
      readonly retain?: boolean;
      readonly messageId?: number;
    } = {},
  ): void {
    const { qos = 0, retain = false, messageId = 1 } = options;
    this.send({ cmd: 'publish', topic, payload, qos, retain, messageId, dup: false });
  }

  /** The next packet of that kind, dropping others; null if the connection ends first. */
  next(kind: Packet['cmd']): Promise<Packet | null> {
    return within(`a ${kind}`, this.#take(kind));
  }

  /** Topic and payload of the next publish. */
  async nextMessage(): Promise<{ topic: string; payload: string; isRetained: boolean } | null> {
    const packet = await this.next('publish');
    if (packet?.cmd !== 'publish') return null;
    const { topic, payload, retain } = packet;
    return { topic, payload: payload.toString(), isRetained: retain };
  }

  end(): void {
    this.socket.destroy();
  }

  async #take(kind: Packet['cmd']): Promise<Packet | null> {
    for (;;) {
      const index = this.received.findIndex((packet) => packet.cmd === kind);
      const packet = this.received.splice(0, index + 1).at(-1);
      if (index >= 0 && packet !== undefined) return packet;
      if (this.#isClosed) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

export function connectPacket(packet: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: 'raw',
    clean: true,
    keepalive: 60,
    ...packet,
  };
}

/** Settles with the promise, or fails with what was waited for. */
export function within<T>(what: string, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`waited ${patienceMs} ms for ${what}`)),
      patienceMs,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${patienceMs} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
