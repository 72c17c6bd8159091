import { afterEach, describe, expect, it } from 'vitest';
import { type EmbeddedForTest, startEmbedded } from '../../test/brokers/embedded.ts';
import { connectPacket, RawClient, until } from '../../test/brokers/raw-client.ts';
import { instanceTopic, instanceTopicFilter } from '../wire/topics.ts';
import mqttPacket from 'mqtt-packet';
import type { BrokerLimits } from './limits.ts';

const report = instanceTopic('report', 'web', 'i-1');
const status = instanceTopic('status', 'web', 'i-1');
const open: EmbeddedForTest[] = [];

async function start(limits: Partial<BrokerLimits> = {}): Promise<EmbeddedForTest> {
  const embedded = await startEmbedded({ limits });
  open.push(embedded);
  return embedded;
}

/** The fixed header of a packet that claims to be this long. */
function header(firstByte: number, remainingBytes: number): Buffer {
  const digits: number[] = [];
  for (let rest = remainingBytes; ; rest = Math.floor(rest / 128)) {
    digits.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Buffer.from([firstByte, ...digits]);
  }
}

afterEach(async () => {
  for (const embedded of open.splice(0)) await embedded.close();
});

describe('a connection is ended', () => {
  const megabytes190 = 190 * 1024 * 1024;
  const connect = mqttPacket.generate(connectPacket());
  const cases: [string, Buffer, string][] = [
    ['announces a CONNECT of 190 MB', header(0x10, megabytes190), 'oversized-connect'],
    ['announces a CONNECT just too long', header(0x10, 4097), 'oversized-connect'],
    ['publishes before it connects', header(0x30, 10), 'not-a-connect'],
    ['speaks HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'not-a-connect'],
    ['announces a length of five bytes', Buffer.alloc(6, 0xff), 'malformed-packet'],
    ['connects twice', Buffer.concat([connect, connect]), 'second-connect'],
    ['announces 190 MB', Buffer.concat([connect, header(0x30, megabytes190)]), 'oversized-packet'],
    ['sends what brokers send', Buffer.concat([connect, header(0x20, 2)]), 'unexpected-packet'],
    ['sends a CONNECT of nonsense', Buffer.from([0x10, 2, 0, 0]), 'malformed-packet'],
    [
      'subscribes to nothing',
      Buffer.concat([connect, Buffer.from([0x82, 2, 0, 1])]),
      'malformed-packet',
    ],
    [
      'publishes to a wildcard',
      Buffer.concat([connect, Buffer.from([0x30, 4, 0, 1, 0x23, 0x78])]),
      'malformed-packet',
    ],
  ];
  it.each(cases)('that %s', async (_, bytes, reason) => {
    const { open: connectRaw, refused } = await start();
    const client = connectRaw();
    client.send(bytes);
    await client.closed();
    expect(refused()).toEqual({ [reason]: 1 });
  });

  it('that is cut short within a packet, without being counted as anything', async () => {
    const { broker, open: connectRaw, refused } = await start();
    for (let length = 1; length < connect.length; length += 1) {
      const client = connectRaw();
      client.send(connect.subarray(0, length));
      client.socket.end();
      await client.closed();
    }
    await until('all have ended', () => broker.counters().connectionsOpen === 0);
    expect(refused()).toEqual({});
  });

  it('that sends its CONNECT too slowly, while others come in', async () => {
    const { open: connectRaw, refused, join } = await start({ connectTimeoutMs: 150 });
    const slow = connectRaw();
    let sent = 0;
    const trickle = setInterval(() => slow.send(connect.subarray(sent, (sent += 1))), 20);
    const silent = connectRaw();
    expect((await join()).isClosed).toBe(false);
    await Promise.all([slow.closed(), silent.closed()]);
    clearInterval(trickle);
    expect(refused()).toEqual({ 'connect-timeout': 2 });
  });

  it('that begins a packet and does not end it', async () => {
    const { join, refused } = await start({ packetTimeoutMs: 60 });
    const client = await join();
    client.send(header(0x30, 1000));
    await client.closed();
    expect(refused()).toEqual({ 'stalled-packet': 1 });
  });

  it('that is silent for longer than it promised', async () => {
    const { join, refused } = await start();
    const client = await join({ keepalive: 1 });
    await client.closed();
    expect(refused()).toEqual({ 'keep-alive-timeout': 1 });
  });

  it('that leaves too many deliveries half done', async () => {
    const { join, refused } = await start({ inflightPerClientMax: 3 });
    const client = await join();
    for (let messageId = 1; messageId <= 4; messageId += 1) {
      client.publish(report, 'x', { qos: 2, messageId });
    }
    await client.closed();
    expect(refused()).toEqual({ 'too-many-in-flight': 1 });
  });
});

describe('a CONNECT is answered with a refusal', () => {
  it('when it speaks MQTT 5', async () => {
    const { open: connectRaw, refused } = await start();
    const client = connectRaw();
    expect(await client.connect({ protocolVersion: 5 })).toBe(1);
    await client.closed();
    expect(refused()).toEqual({ 'protocol-version': 1 });
  });

  it('when its client id is too long, or missing where a session is asked for', async () => {
    const { open: connectRaw, refused } = await start();
    expect(await connectRaw().connect({ clientId: 'x'.repeat(257) })).toBe(2);
    const nameless = connectRaw();
    nameless.send(Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, 0, 0, 60, 0, 0]));
    expect(await nameless.next('connack')).toMatchObject({ returnCode: 2 });
    const old = { protocolId: 'MQIsdp', protocolVersion: 3 } as const;
    expect(await connectRaw().connect({ ...old, clientId: 'x'.repeat(24) })).toBe(2);
    expect(await connectRaw().connect({ clientId: '', clean: true })).toBe(0);
    expect(refused()).toEqual({ 'bad-client-id': 3 });
  });

  it('when two clients keep ending each other, until they give it a rest', async () => {
    const { open: connectRaw, join, refused, lines } = await start({ takeOversMax: 3 });
    const answers: number[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      answers.push(await connectRaw().connect({ clientId: 'twin' }));
    }
    expect(answers.filter((answer) => answer === 0)).toHaveLength(4);
    expect(answers.slice(4).every((answer) => answer === 3)).toBe(true);
    expect(refused()).toEqual({ 'too-many-take-overs': 16 });
    expect(lines.filter((line) => line.includes('"twin"'))).toHaveLength(1);
    await join({ clientId: 'another' });
  });
});

describe('subscriptions', () => {
  it('that are shared are refused one by one, and said once', async () => {
    const { join, refused, lines } = await start();
    const client = await join();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await client.subscribe(['$share/balancers/ec2/load', 'ec2/load'])).toEqual([128, 0]);
    }
    expect(refused()).toEqual({ 'shared-subscription': 3 });
    expect(lines.filter((line) => line.includes('$share/'))).toHaveLength(1);
  });

  it('are bounded for each client, also within one packet and in a session', async () => {
    const { join, refused } = await start({ subscriptionsPerClientMax: 2 });
    for (const clean of [true, false]) {
      const client = await join({ clientId: `clean ${clean}`, clean });
      expect(await client.subscribe(['a', 'b', 'c', 'a'])).toEqual([0, 0, 128]);
      client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] });
      await client.next('unsuback');
      expect(await client.subscribe(['c', 'd'])).toEqual([0, 128]);
    }
    expect(refused()).toEqual({ 'too-many-subscriptions': 4 });
  });

  it('and topics are bounded in length and depth', async () => {
    const { join, refused } = await start({ topicLengthMax: 50, topicLevelsMax: 8 });
    const client = await join();
    expect(await client.subscribe('x'.repeat(51))).toEqual([128]);
    client.publish('a/'.repeat(8), 'x');
    await client.closed();
    expect(refused()).toEqual({ 'subscribe-not-allowed': 1, 'malformed-packet': 1 });
  });
});

describe('what clients leave behind', () => {
  it('is bounded in retained messages', async () => {
    const { broker, join } = await start({ retainedMessagesMax: 10 });
    const client = await join();
    for (let index = 0; index < 30; index += 1) {
      client.publish(instanceTopic('status', 'web', `i-${index}`), 'x', { retain: true, qos: 1 });
    }
    await until('20 have given way', () => broker.counters().dropped['retained-evicted'] === 20);
    expect(broker.counters()).toMatchObject({ retainedMessages: 10 });
  });

  it('is bounded in sessions and in what waits for them', async () => {
    const limits = { sessionsMax: 5, queuedMessagesPerSessionMax: 10 };
    const { broker, join, refused, open: connectRaw } = await start(limits);
    for (let index = 0; index < 12; index += 1) {
      const client = await join({ clientId: `c-${index}`, clean: false });
      await client.subscribe(instanceTopicFilter('report'), 1);
      client.end();
      await until('it has left', () => broker.counters().clientsConnected === 0);
    }
    const publisher = await join({ clientId: 'publisher' });
    for (let index = 0; index < 20; index += 1) publisher.publish(report, 'x', { qos: 1 });
    for (let index = 0; index < 20; index += 1) await publisher.next('puback');
    await until('all are queued', () => broker.counters().dropped['session-queue-full'] === 50);
    expect(broker.counters()).toMatchObject({ sessions: 5 });
    expect(broker.counters().dropped['session-evicted']).toBe(7);
    for (let index = 20; index < 26; index += 1) {
      const client = connectRaw();
      await client.connect({ clientId: `c-${index}`, clean: false });
      client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 1 }] });
      await Promise.race([client.next('suback'), client.closed()]);
    }
    expect(refused()).toEqual({ 'too-many-sessions': 1 });
  });
});

describe('a crowd', () => {
  it('of silent connections is bounded, and gives way to those who speak', async () => {
    const limits = { pendingConnectionsMax: 20, connectTimeoutMs: 60_000 };
    const { broker, open: connectRaw, join, refused } = await start(limits);
    const silent = Array.from({ length: 40 }, connectRaw);
    await until('half are turned away', () => silent.filter((each) => each.isClosed).length === 20);
    expect(broker.counters().connectionsOpen).toBe(20);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await join()).isClosed).toBe(false);
    expect(refused()).toEqual({ 'too-many-pending': 21 });
  });

  it('of clients is bounded', async () => {
    const { broker, open: connectRaw, join, refused } = await start({ connectionsMax: 10 });
    const clients = await Promise.all(
      Array.from({ length: 10 }, (_, index) => join({ clientId: `c-${index}` })),
    );
    expect(await connectRaw().connect()).toBe(-1);
    clients[0]?.end();
    await until('one has left', () => broker.counters().connectionsOpen === 9);
    await join({ clientId: 'next' });
    expect(refused()).toEqual({ 'too-many-connections': 1 });
  });

  it('that announces 190 MB each leaves nothing in memory', async () => {
    const { port, refused } = await start();
    const before = process.memoryUsage();
    const announced = Buffer.concat([header(0x10, 190 * 1024 * 1024), Buffer.alloc(16 * 1024)]);
    for (let round = 0; round < 10; round += 1) {
      const crowd = Array.from({ length: 100 }, () => new RawClient({ port }));
      for (const client of crowd) client.send(announced);
      await Promise.all(crowd.map((client) => client.closed()));
    }
    expect(refused()).toEqual({ 'oversized-connect': 1_000 });
    const after = process.memoryUsage();
    // What was sent is 16 MB, what was announced 190 GB.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(32 * 1024 * 1024);
    expect(after.rss - before.rss).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('a subscriber that does not read', () => {
  it('is cut off at its bound, and holds nobody up', async () => {
    const limits = { queuedBytesPerClientMax: 512 * 1024 };
    const { broker, join, refused } = await start(limits);
    const stuck = await join({ clientId: 'stuck' });
    await stuck.subscribe(instanceTopicFilter('report'));
    stuck.socket.pause();
    const watcher = await join({ clientId: 'watcher' });
    await watcher.subscribe(instanceTopicFilter('status'));
    const publisher = await join({ clientId: 'publisher' });
    const payload = Buffer.alloc(15 * 1024, 0x20);
    let mostQueued = 0;
    for (let round = 0; refused()['slow-consumer'] === undefined; round += 1) {
      for (let index = 0; index < 20; index += 1) publisher.publish(report, payload);
      publisher.publish(status, `round ${round}`);
      expect(await watcher.nextMessage()).toMatchObject({ payload: `round ${round}` });
      mostQueued = Math.max(mostQueued, broker.counters().queuedBytes);
    }
    expect(refused()).toEqual({ 'slow-consumer': 1 });
    expect(mostQueued).toBeLessThan(2 * limits.queuedBytesPerClientMax);
    expect(broker.counters()).toMatchObject({ clientsConnected: 2, queuedBytes: 0 });
  });
});
