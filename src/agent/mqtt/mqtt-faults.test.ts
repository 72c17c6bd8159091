// The client against peers that misbehave: real sockets, scripted answers, time turned by hand.

import { createServer, type Server, type Socket } from 'node:net';
import { generate, parser, type Packet } from 'mqtt-packet';
import { afterEach, expect, test, vi } from 'vitest';
import { findFreePort } from '../../../test/brokers/mosquitto.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { inFlightMax } from './in-flight.ts';
import { MqttClient } from './mqtt-client.ts';
import { answerTimeoutMs, greetingTimeoutMs, type ConnectionEnd } from './mqtt-connection.ts';
import { incomingBytesMax } from './packets.ts';
import { stableAfterMs } from './reconnect-delay.ts';

const connack = generate({ cmd: 'connack', returnCode: 0, sessionPresent: false });
const message = { topic: 't', payload: Buffer.from('x'), qos: 1 as const, isRetained: false };
const keepAliveSeconds = 10;

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

function until(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 5_000, interval: 2 });
}

/** A peer that answers as told, and remembers what it was sent. */
async function startPeer(answer: (packet: Packet, socket: Socket) => void) {
  const packets: Packet[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const reader = parser({ protocolVersion: 4 });
    reader.on('packet', (packet) => {
      packets.push(packet);
      answer(packet, socket);
    });
    socket.on('data', (chunk: Buffer) => reader.parse(chunk));
  });
  const port = await findFreePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, packets, sockets };
}

function startClient(port: number, topicFilters: readonly string[] = ['commands']) {
  const clock = new ManualClock();
  const told = {
    upCount: 0,
    roomCount: 0,
    messageCount: 0,
    ends: [] as ConnectionEnd[],
    retriesMs: [] as number[],
    refusedFilters: [] as string[],
  };
  const client = new MqttClient(
    {
      broker: { host: '127.0.0.1', port, tls: null },
      clientId: 'tested',
      keepAliveSeconds,
      topicFilters,
    },
    { clock, random: () => 0.5 },
    {
      onUp: () => (told.upCount += 1),
      onDown: (end, retryInMs) => {
        told.ends.push(end);
        told.retriesMs.push(retryInMs);
      },
      onMessage: () => (told.messageCount += 1),
      onRoom: () => (told.roomCount += 1),
      onSubscriptionRefused: (topicFilter) => told.refusedFilters.push(topicFilter),
    },
  );
  opened.push(() => {
    const closing = client.close();
    clock.advance(greetingTimeoutMs);
    return closing;
  });
  client.start();
  return { client, clock, told };
}

/** Greets and grants; acknowledges nothing. */
function greetOnly(packet: Packet, socket: Socket): void {
  if (packet.cmd === 'connect') socket.write(connack);
  if (packet.cmd === 'subscribe') {
    socket.write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1] }));
  }
}

test('a peer that never greets is given up', async () => {
  const peer = await startPeer(() => {});
  const { clock, told } = startClient(peer.port);
  await until(() => expect(peer.packets).toHaveLength(1));
  clock.advance(greetingTimeoutMs - 1);
  expect(told.ends).toEqual([]);
  clock.advance(1);
  expect(told.ends).toEqual([{ code: 'no-greeting' }]);
});

test.each([
  [1, 'unacceptable-protocol-version'],
  [2, 'identifier-rejected'],
  [3, 'server-unavailable'],
  [4, 'bad-credentials'],
  [5, 'not-authorized'],
])('refusal %i is told as %s', async (returnCode, refusal) => {
  const refused = generate({ cmd: 'connack', returnCode, sessionPresent: false });
  const peer = await startPeer((_packet, socket) => void socket.end(refused));
  const { told } = startClient(peer.port);
  await until(() => expect(told.ends).toEqual([{ code: 'refused', refusal }]));
});

test('nobody listening is told in the words of the system', async () => {
  const { told } = startClient(await findFreePort());
  await until(() => expect(told.ends).toHaveLength(1));
  const [end] = told.ends;
  expect(end?.code === 'unreachable' && end.message).toMatch(/ECONNREFUSED 127\.0\.0\.1/);
});

test.each([
  ['bytes that are no MQTT', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'bad-flags'],
  ['a message before the greeting', generate({ cmd: 'pingresp' }), 'unexpected-packet'],
  ['two greetings', Buffer.concat([connack, connack]), 'unexpected-packet'],
])('%s end the connection', async (_what, bytes, fault) => {
  const peer = await startPeer((_packet, socket) => void socket.write(bytes));
  const { told } = startClient(peer.port);
  await until(() => expect(told.ends).toEqual([{ code: 'protocol-fault', fault }]));
});

test('a message above the bound ends the connection at its header', async () => {
  const peer = await startPeer((packet, socket) => {
    greetOnly(packet, socket);
    if (packet.cmd !== 'subscribe') return;
    const payload = Buffer.alloc(incomingBytesMax);
    const dup = false;
    const huge = generate({ cmd: 'publish', topic: 'c', payload, qos: 0, retain: false, dup });
    socket.write(huge.subarray(0, 8));
  });
  const { told } = startClient(peer.port);
  await until(() => expect(told.ends).toEqual([{ code: 'protocol-fault', fault: 'oversized' }]));
});

test('pings a quiet peer, and gives up one that does not answer', async () => {
  const peer = await startPeer(greetOnly);
  const { clock, told } = startClient(peer.port, []);
  await until(() => expect(told.upCount).toBe(1));
  clock.advance((keepAliveSeconds * 1_000) / 2);
  await until(() => expect(peer.packets.map(({ cmd }) => cmd)).toContain('pingreq'));
  expect(told.ends).toEqual([]);
  clock.advance(answerTimeoutMs);
  expect(told.ends).toEqual([{ code: 'silent' }]);
});

test('a peer that answers its pings is kept, however quiet', async () => {
  // A message follows each answer, so that the test knows when the answer has been read.
  const news = { cmd: 'publish', topic: 'n', payload: 'n', qos: 0, retain: false } as const;
  const answer = Buffer.concat([generate({ cmd: 'pingresp' }), generate({ ...news, dup: false })]);
  const peer = await startPeer((packet, socket) => {
    greetOnly(packet, socket);
    if (packet.cmd === 'pingreq') socket.write(answer);
  });
  const { client, clock, told } = startClient(peer.port, []);
  await until(() => expect(told.upCount).toBe(1));
  for (let round = 1; round <= 5; round += 1) {
    clock.advance((keepAliveSeconds * 1_000) / 2);
    await until(() => expect(told.messageCount).toBe(round));
  }
  expect(client.isUp).toBe(true);
  expect(told.ends).toEqual([]);
});

test('a peer that answers pings but acknowledges nothing is given up', async () => {
  const peer = await startPeer((packet, socket) => {
    greetOnly(packet, socket);
    if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }));
  });
  const { client, clock, told } = startClient(peer.port, []);
  await until(() => expect(told.upCount).toBe(1));
  const outcome = client.publish(message);
  clock.advance(answerTimeoutMs * 2);
  await until(() => expect(told.ends).toEqual([{ code: 'silent' }]));
  expect(await outcome).toBe('connection-lost');
});

test('no more than the window is in flight, and an acknowledgement makes room', async () => {
  const publishIds: number[] = [];
  const peer = await startPeer((packet, socket) => {
    greetOnly(packet, socket);
    if (packet.cmd === 'publish') publishIds.push(packet.messageId ?? 0);
  });
  const { client, told } = startClient(peer.port, []);
  await until(() => expect(told.upCount).toBe(1));
  const outcomes = Array.from({ length: inFlightMax }, () => client.publish(message));
  expect(client.hasRoom).toBe(false);
  expect(await client.publish(message)).toBe('no-room');
  await until(() => expect(publishIds).toHaveLength(inFlightMax));
  expect(new Set(publishIds).size).toBe(inFlightMax);
  const lastId = publishIds.at(-1) ?? 0;
  for (const socket of peer.sockets) socket.write(generate({ cmd: 'puback', messageId: lastId }));
  expect(await outcomes.at(-1)).toBe('acknowledged');
  expect(client.hasRoom).toBe(true);
  expect(told.roomCount).toBe(1);
  for (const socket of peer.sockets) socket.destroy();
  expect(await outcomes[0]).toBe('connection-lost');
});

test('a subscription that the broker refuses is told', async () => {
  const peer = await startPeer((packet, socket) => {
    if (packet.cmd === 'connect') socket.write(connack);
    if (packet.cmd !== 'subscribe') return;
    const messageId = packet.messageId ?? 0;
    socket.write(generate({ cmd: 'suback', messageId, granted: [0x80] }));
  });
  const { told } = startClient(peer.port);
  await until(() => expect(told.refusedFilters).toEqual(['commands']));
});

test('waits longer after each failure, and starts anew after a connection that held', async () => {
  let isGreeting = false;
  const peer = await startPeer((packet, socket) => {
    if (isGreeting) greetOnly(packet, socket);
    else socket.destroy();
  });
  const { client, clock, told } = startClient(peer.port);
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await until(() => expect(told.ends).toHaveLength(attempt));
    if (attempt === 4) isGreeting = true;
    clock.advance(told.retriesMs.at(-1) ?? 0);
  }
  expect(told.retriesMs).toEqual([250, 500, 1_000, 2_000]);

  await until(() => expect(client.isUp).toBe(true));
  for (const socket of peer.sockets) socket.destroy();
  await until(() => expect(told.ends).toHaveLength(5));
  expect(told.retriesMs.at(-1)).toBe(4_000);

  clock.advance(4_000);
  await until(() => expect(client.isUp).toBe(true));
  clock.stall(stableAfterMs);
  for (const socket of peer.sockets) socket.destroy();
  await until(() => expect(told.ends).toHaveLength(6));
  expect(told.retriesMs.at(-1)).toBe(250);
});

test('a closed client does not come back, and leaves no timer', async () => {
  const peer = await startPeer(greetOnly);
  const { client, clock, told } = startClient(peer.port);
  await until(() => expect(told.upCount).toBe(1));
  await client.close();
  await until(() => expect(peer.packets.at(-1)?.cmd).toBe('disconnect'));
  expect(clock.timerCount).toBe(0);
  client.start();
  expect(client.isUp).toBe(false);
  expect(told.ends).toEqual([]);
});

test('closing while it waits to connect again calls that off', async () => {
  const { client, clock, told } = startClient(await findFreePort());
  await until(() => expect(told.ends).toHaveLength(1));
  await client.close();
  expect(clock.timerCount).toBe(0);
});
