// A network connection that carries MQTT packets and nothing else: bytes go through a packet framer
// on their way in, and what waits to go out is bounded. Knows neither a broker nor a client.

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { QueueAccount, SlowReader } from './queue-account.ts';
import { type FramingRefusal, PacketFramer, type PacketJudge } from './packet-framer.ts';

export interface FramedConnectionOptions<Reason extends string> {
  readonly judge: PacketJudge<Reason>;
  /** A packet that has begun must be complete within this time. */
  readonly packetTimeoutMs: number;
  /** Most bytes that may wait for the other side to read them. */
  readonly queuedBytesMax: number;
  /** Bounds the same over all connections that share the account. */
  readonly queueAccount: QueueAccount;
}

/** The other end, as it was while connected. */
export interface Peer {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
}

export type ConnectionRefusal = FramingRefusal | 'stalled-packet' | 'slow-consumer';

/** Why a connection was ended from this side; the error that its stream is destroyed with. */
export class RefusedConnectionError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = 'RefusedConnectionError';
    this.reason = reason;
  }
}

type WriteCallback = (error?: Error | null) => void;

/** As much as one read from the network yields. */
const readableBytesMax = 64 * 1024;

export class FramedConnection<Reason extends string> extends Duplex implements SlowReader {
  readonly peer: Peer;
  readonly #socket: Socket;
  readonly #framer: PacketFramer<Reason>;
  readonly #options: FramedConnectionOptions<Reason>;
  #packetTimer: NodeJS.Timeout | null = null;
  #bytesRead = 0;

  constructor(socket: Socket, options: FramedConnectionOptions<Reason>) {
    // The high-water mark is the bound itself: a writer is never asked to wait for a slow reader
    // (the broker would make publishers wait with it); beyond the bound the connection ends.
    super({
      allowHalfOpen: false,
      readableHighWaterMark: readableBytesMax,
      writableHighWaterMark: options.queuedBytesMax,
    });
    this.peer = { remoteAddress: socket.remoteAddress, remotePort: socket.remotePort };
    this.#socket = socket;
    this.#options = options;
    this.#framer = new PacketFramer(options.judge);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Bytes that came in from the network so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  override write(
    chunk: unknown,
    encodingOrCallback?: BufferEncoding | WriteCallback,
    callback?: WriteCallback,
  ): boolean {
    const isTakingMore =
      typeof encodingOrCallback === 'function'
        ? super.write(chunk, encodingOrCallback)
        : super.write(chunk, encodingOrCallback ?? 'utf8', callback);
    if (!isTakingMore) this.endAsSlow();
    this.#account();
    return isTakingMore;
  }

  endAsSlow(): void {
    this.#refuse('slow-consumer');
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.#socket.write(chunk, (error) => this.#written(callback, error));
  }

  /** One write for many small packets: measured faster than corking the socket. */
  override _writev(chunks: { chunk: Buffer }[], callback: WriteCallback): void {
    const joined = Buffer.concat(chunks.map(({ chunk }) => chunk));
    this.#socket.write(joined, (error) => this.#written(callback, error));
  }

  override _final(callback: WriteCallback): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    this.#disarm();
    this.#options.queueAccount.note(this, 0);
    this.#socket.destroy();
    callback(error);
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return;
    this.#bytesRead += chunk.length;
    const framed = this.#framer.take(chunk);
    if (framed.refusal !== null) return this.#refuse(framed.refusal);
    if (!framed.isMidPacket || framed.hasEndedPacket) this.#disarm();
    if (framed.isMidPacket) this.#arm();
    for (const bytes of framed.passed) {
      if (!this.push(bytes)) this.#socket.pause();
    }
  }

  #written(callback: WriteCallback, error: Error | null | undefined): void {
    callback(error);
    this.#account();
  }

  #account(): void {
    if (!this.destroyed) this.#options.queueAccount.note(this, this.writableLength);
  }

  /** Runs from a packet's first byte; more bytes of the same packet do not put it off. */
  #arm(): void {
    this.#packetTimer ??= setTimeout(() => {
      this.#packetTimer = null;
      // Not this sender's fault: reading stopped on this side.
      if (this.#socket.isPaused()) this.#arm();
      else this.#refuse('stalled-packet');
    }, this.#options.packetTimeoutMs).unref();
  }

  #disarm(): void {
    if (this.#packetTimer === null) return;
    clearTimeout(this.#packetTimer);
    this.#packetTimer = null;
  }

  #refuse(reason: Reason | ConnectionRefusal): void {
    this.destroy(new RefusedConnectionError(reason));
  }
}
