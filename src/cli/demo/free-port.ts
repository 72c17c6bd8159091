// Finds a port to listen on: the one that people expect, or any other that is free.

import { createServer } from 'node:net';

/** Adds a line to `notices` where the wanted port is taken. */
export async function findFreePort(
  wanted: number,
  purpose: string,
  notices: string[],
): Promise<number> {
  if ((await tryListening(wanted)) !== null) return wanted;
  const port = await takeAnyPort();
  notices.push(`port ${wanted} is taken, so ${purpose} is on ${port}`);
  return port;
}

export async function takeAnyPort(): Promise<number> {
  const port = await tryListening(0);
  if (port === null) throw new Error('no port of this machine is free');
  return port;
}

/** The port that was bound for a moment; null if it could not be. */
function tryListening(port: number): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const server = createServer();
  server.once('error', () => resolve(null));
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : null;
    server.close(() => resolve(bound));
  });
  return promise;
}
