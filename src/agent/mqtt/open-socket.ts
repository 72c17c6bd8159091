// Opens the socket to a broker, plain or TLS. TLS is loaded only when it is used: the module alone
// costs several megabytes.

import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';

export interface BrokerAddress {
  /** A host name or an IP address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
  /** Null for plain TCP. */
  readonly tls: TlsFiles | null;
}

/** Paths of PEM files. They are read at every connection, so that renewed ones are taken up. */
export interface TlsFiles {
  /** The authorities to trust instead of those that Node.js comes with. */
  readonly caPath?: string;
  readonly certificatePath?: string;
  readonly keyPath?: string;
}

export interface SocketEvents {
  /**
   * A socket that is connecting, and the event that will say it is open. It comes within the call
   * that made the socket, because its first error may come before any promise settles.
   */
  adopt(socket: Socket, openEvent: 'connect' | 'secureConnect'): void;
  /** What came from the broker. The bytes are overwritten by what comes next. */
  onBytes(bytes: Buffer): void;
}

/** Acknowledgements are 4 bytes long. */
const receiveBufferBytes = 4 * 1024;

/** Rejects when a PEM file cannot be read or used. */
export async function openSocket(address: BrokerAddress, on: SocketEvents): Promise<void> {
  const { host, port, tls } = address;
  // One buffer for all that comes: else Node.js takes 64 KiB for every read.
  const buffer = Buffer.alloc(receiveBufferBytes);
  const callback = (count: number): boolean => {
    on.onBytes(buffer.subarray(0, count));
    return true;
  };
  const place = { host, port, onread: { buffer, callback } };
  if (tls === null) {
    on.adopt(connect({ ...place, noDelay: true }), 'connect');
    return;
  }
  const { connect: connectTls } = await import('node:tls');
  const socket = connectTls({
    ...place,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 && { servername: host }),
    ...(tls.caPath !== undefined && { ca: readFileSync(tls.caPath) }),
    ...(tls.certificatePath !== undefined && { cert: readFileSync(tls.certificatePath) }),
    ...(tls.keyPath !== undefined && { key: readFileSync(tls.keyPath) }),
  });
  socket.setNoDelay(true);
  on.adopt(socket, 'secureConnect');
}
