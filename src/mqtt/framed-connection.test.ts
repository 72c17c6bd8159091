import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, describe, expect, it } from 'vitest';
import {
  FramedConnection,
  type FramedConnectionOptions,
  RefusedConnectionError,
} from './framed-connection.ts';
import { QueueAccount } from './queue-account.ts';

const ping = mqttPacket.generate({ cmd: 'pingreq' });
const queuedBytesMax = 256 * 1024;
const open: { server: Server; sockets: Socket[] }[] = [];

afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

interface Pair {
  readonly connection: FramedConnection<'too-long'>;
  readonly peer: Socket;
  readonly account: QueueAccount;
  /** Settles when the connection has ended: with the reason, if it was refused. */
  readonly ended: Promise<string | null>;
}

async function openPair(
  overrides: Partial<FramedConnectionOptions<'too-long'>> = {},
): Promise<Pair> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const accepted = once(server, 'connection');
  const peer = connect(address.port, '127.0.0.1').on('error', () => {});
  const [socket] = (await accepted) as [Socket];
  open.push({ server, sockets: [peer, socket] });
  const account = new QueueAccount(1024 * 1024);
  const connection = new FramedConnection<'too-long'>(socket, {
    judge: (_, bytes) =>
      bytes > 100_000 ? { kind: 'refuse', reason: 'too-long' } : { kind: 'pass' },
    packetTimeoutMs: 5_000,
    queuedBytesMax,
    queueAccount: account,
    ...overrides,
  });
  let reason: string | null = null;
  connection.on('error', (error) => {
    reason = error instanceof RefusedConnectionError ? error.reason : error.message;
  });
  const ended = new Promise<string | null>((resolve) => {
    connection.on('close', () => resolve(reason));
  });
  return { connection, peer, account, ended };
}

describe('framed connection', () => {
  it('carries packets both ways and ends when the peer ends', async () => {
    const { connection, peer, ended } = await openPair();
    connection.on('data', (bytes: Buffer) => connection.write(bytes));
    peer.write(Buffer.concat([ping, ping]));
    const [echo] = (await once(peer, 'data')) as [Buffer];
    expect(echo).toEqual(Buffer.concat([ping, ping]));
    peer.end();
    expect(await ended).toBeNull();
  });

  it('ends on the header of a 190 MB packet, with nothing of it kept', async () => {
    const { connection, peer, ended } = await openPair();
    peer.write(Buffer.from([0x30, 0x80, 0xe6, 0xcc, 0x5a]));
    expect(await ended).toBe('too-long');
    expect(connection.readableLength).toBe(0);
    expect(connection.bytesRead).toBe(5);
  });

  it('ends when a packet is not completed in time, however its bytes trickle', async () => {
    const { peer, ended } = await openPair({ packetTimeoutMs: 60 });
    const trickle = setInterval(() => peer.write(Buffer.from([0x80])), 20);
    expect(await ended).toBe('stalled-packet');
    clearInterval(trickle);
  });

  it('stays open while packets end in time, though each chunk ends inside another', async () => {
    const { connection, peer } = await openPair({ packetTimeoutMs: 1000 });
    let received = 0;
    connection.on('data', (bytes: Buffer) => (received += bytes.length));
    const straddling = Buffer.from([0x00, 0xc0]);
    peer.write(Buffer.from([0xc0]));
    for (let step = 0; step < 120; step += 1) {
      peer.write(straddling);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(connection.destroyed).toBe(false);
    expect(received).toBeGreaterThanOrEqual(200);
  });

  it('ends when the peer does not read what is sent to it', async () => {
    const { connection, peer, account, ended } = await openPair();
    peer.pause();
    let mostQueued = 0;
    while (!connection.destroyed) {
      connection.write(Buffer.alloc(16 * 1024));
      mostQueued = Math.max(mostQueued, account.bytes);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toBe('slow-consumer');
    expect(mostQueued).toBeLessThanOrEqual(queuedBytesMax);
    expect(account.bytes).toBe(0);
  });

  it('ends when all have too much waiting and it holds most of that', async () => {
    const account = new QueueAccount(100_000);
    const greedy = await openPair({ queueAccount: account });
    const modest = await openPair({ queueAccount: account });
    greedy.connection.cork();
    greedy.connection.write(Buffer.alloc(90_000));
    modest.connection.cork();
    modest.connection.write(Buffer.alloc(20_000));
    expect(await greedy.ended).toBe('slow-consumer');
    expect(account.bytes).toBe(20_000);
    modest.peer.resume();
    modest.connection.uncork();
    while (account.bytes > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(modest.connection.destroyed).toBe(false);
  });
});
