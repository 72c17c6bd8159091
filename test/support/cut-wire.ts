// A wire to a server that can be cut and mended, at an address that stays.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface CutWire {
  readonly url: string;
  /** Ends every connection, and refuses new ones until it is mended. */
  cut(): Promise<void>;
  /** To the port given, or to the one before. */
  mend(to?: number): Promise<void>;
}

export async function openWire(port: number): Promise<CutWire> {
  const sockets = new Set<Socket>();
  let server = await listen(0, port, sockets);
  const own = (server.address() as AddressInfo).port;
  const cut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${own}`,
    cut,
    mend: async (to = port) => {
      server = await listen(own, to, sockets);
    },
  };
}

function listen(own: number, port: number, sockets: Set<Socket>): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // The other end learns of it by its own socket's end.
      socket.on('error', () => socket.destroy());
    }
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(own, '127.0.0.1', () => resolve(server));
  });
}
