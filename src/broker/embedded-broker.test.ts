import { afterEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedForTest,
  login,
  makeCredentials,
  startEmbedded,
} from '../../test/brokers/embedded.ts';
import { until } from '../../test/brokers/raw-client.ts';
import { decisionTopic, instanceTopic, instanceTopicFilter } from '../wire/topics.ts';
import type { BrokerOptions } from './broker-options.ts';

const credentials = await makeCredentials();
const report = instanceTopic('report', 'web', 'i-1');
const command = instanceTopic('command', 'web', 'i-1');
const open: EmbeddedForTest[] = [];

async function start(overrides: Partial<BrokerOptions> = {}): Promise<EmbeddedForTest> {
  const embedded = await startEmbedded(overrides);
  open.push(embedded);
  return embedded;
}

/** Loopback, and a login all the same. */
function startLocked(): Promise<EmbeddedForTest> {
  const listener = { host: '127.0.0.1', port: 0, tls: null, isLoginRequired: true };
  return start({ listeners: [listener], credentials });
}

afterEach(async () => {
  for (const embedded of open.splice(0)) await embedded.close();
});

describe('an anonymous client on loopback', () => {
  it('publishes load, reports and statuses, and sees what others publish', async () => {
    const { broker, join } = await start();
    const watcher = await join({ clientId: 'watcher' });
    await watcher.subscribe('#');
    const publisher = await join({ clientId: 'publisher' });
    for (const topic of ['ec2/load', report, instanceTopic('status', 'api', 'i-7')]) {
      publisher.publish(topic, '37.5,100');
      const message = { topic, payload: '37.5,100', isRetained: false };
      expect(await watcher.nextMessage()).toEqual(message);
    }
    expect(broker.counters()).toMatchObject({ clientsConnected: 2, messagesIn: 3 });
    expect(broker.counters().bytesIn).toBeGreaterThan(100);
  });

  it.each([command, decisionTopic('web'), 'foretide/v1/web/controller', 'ec2/other', '$SYS/x'])(
    'is cut off when it publishes to %s',
    async (topic) => {
      const { join, lines, refused } = await start();
      const client = await join();
      client.publish(topic, 'x', { qos: 1 });
      await client.closed();
      expect(client.received).toEqual([]);
      expect(refused()).toEqual({ 'publish-not-allowed': 1 });
      expect(lines.join()).toContain(
        `"raw" at 127.0.0.1: publish to ${JSON.stringify(topic)}, allo`,
      );
    },
  );

  it('needs a login where one is required, and cannot be taken for granted', async () => {
    const locked = await startLocked();
    expect(await locked.open().connect()).toBe(4);
    const mixed = await start({ credentials });
    expect(await mixed.open().connect()).toBe(0);
    expect(await mixed.open().connect({ clientId: 'b', username: 'nobody' })).toBe(4);
    expect(locked.refused()).toEqual({ 'bad-login': 1 });
  });
});

describe('an agent', () => {
  it('reports for its own instance, and receives commands to it', async () => {
    const { join } = await startLocked();
    const agent = await join({ clientId: 'i-1', ...login('agent-1') });
    const controller = await join({ clientId: 'c', ...login('foretide') });
    expect(await agent.subscribe(command, 1)).toEqual([1]);
    await controller.subscribe(instanceTopicFilter('report'));
    agent.publish(report, '{}');
    expect(await controller.nextMessage()).toMatchObject({ topic: report });
    controller.publish(command, '{"command":"drain"}');
    expect(await agent.nextMessage()).toMatchObject({ topic: command });
  });

  it('is refused every other subscription, and goes on', async () => {
    const { join, refused } = await startLocked();
    const agent = await join({ clientId: 'i-1', ...login('agent-1') });
    const others = ['#', instanceTopicFilter('command'), report, 'ec2/load', '$SYS/#'];
    expect(await agent.subscribe([...others, command])).toEqual([128, 128, 128, 128, 128, 0]);
    expect(refused()).toEqual({ 'subscribe-not-allowed': 5 });
    expect(agent.isClosed).toBe(false);
  });

  it('is cut off when it reports for another instance', async () => {
    const { join, refused } = await startLocked();
    const agent = await join({ clientId: 'i-1', ...login('agent-1') });
    agent.publish(instanceTopic('report', 'web', 'i-2'), '{}');
    await agent.closed();
    expect(refused()).toEqual({ 'publish-not-allowed': 1 });
  });

  it('is not let in with a last will for another instance', async () => {
    const { open: connect, join, refused } = await startLocked();
    const topic = instanceTopic('status', 'web', 'i-2');
    const will = { topic, payload: Buffer.from('{"state":"lost"}'), qos: 1, retain: true } as const;
    expect(await connect().connect({ clientId: 'i-1', will, ...login('agent-1') })).toBe(5);
    expect(refused()).toEqual({ 'will-not-allowed': 1 });
    const own = { ...will, topic: instanceTopic('status', 'web', 'i-1') };
    await join({ clientId: 'i-1', will: own, ...login('agent-1') });
  });

  it('with a secret of its group is the instance that its user name says', async () => {
    const { join } = await startLocked();
    const agent = await join({ clientId: 'x', ...login('web/i-9', 'web/*') });
    agent.publish(instanceTopic('report', 'web', 'i-9'), '{}', { qos: 1 });
    expect((await agent.next('puback'))?.cmd).toBe('puback');
    agent.publish(instanceTopic('report', 'web', 'i-8'), '{}', { qos: 1 });
    await agent.closed();
  });

  it('cannot take the connection or the session of another user', async () => {
    const { open: connect, join, refused } = await startLocked();
    const victim = await join({ clientId: 'i-1', clean: false, ...login('agent-1') });
    await victim.subscribe(command, 1);
    const thief = { clientId: 'i-1', clean: false, ...login('web/i-9', 'web/*') };
    expect(await connect().connect(thief)).toBe(2);
    victim.end();
    const again = await until('the victim has left', () => victim.isClosed).then(() =>
      connect().connect(thief),
    );
    expect(again).toBe(2);
    expect(refused()).toEqual({ 'client-id-of-another': 2 });
    await join({ clientId: 'i-1', clean: false, ...login('agent-1') });
  });
});

describe('other roles', () => {
  it('reader reads everything and publishes nothing', async () => {
    const { join } = await startLocked();
    const reader = await join({ clientId: 'r', ...login('grafana') });
    expect(await reader.subscribe(['#', '$SYS/#'])).toEqual([0, 0]);
    reader.publish('ec2/load', '1,1');
    await reader.closed();
  });

  it('load publishes the load topics and sees them', async () => {
    const { join } = await startLocked();
    const devices = await join({ clientId: 'd', ...login('devices') });
    expect(await devices.subscribe(['ec2/load', '#'])).toEqual([0, 128]);
    devices.publish('ec2/load', '1,1');
    expect(await devices.nextMessage()).toMatchObject({ payload: '1,1' });
    devices.publish(report, '{}');
    await devices.closed();
  });
});

describe('what is kept', () => {
  it('reaches those who come later, once, and not as news', async () => {
    const { join } = await start();
    const status = instanceTopic('status', 'web', 'i-1');
    const agent = await join({ clientId: 'agent' });
    agent.publish(status, '{"state":"online"}', { retain: true, qos: 1 });
    await agent.next('puback');
    const late = await join({ clientId: 'late' });
    await late.subscribe([instanceTopicFilter('status'), status]);
    const message = { topic: status, payload: '{"state":"online"}', isRetained: true };
    expect(await late.nextMessage()).toEqual(message);
    agent.publish(status, 'news', { retain: true });
    expect(await late.nextMessage()).toMatchObject({ payload: 'news', isRetained: false });
  });

  it('is the last will of a client that vanished, not of one that said goodbye', async () => {
    const { broker, join } = await start();
    const topic = instanceTopic('status', 'web', 'i-1');
    const will = { topic, payload: Buffer.from('lost'), qos: 1, retain: true } as const;
    const watcher = await join({ clientId: 'watcher' });
    await watcher.subscribe('#');
    const polite = await join({ clientId: 'polite', will });
    polite.send({ cmd: 'disconnect' });
    await polite.closed();
    const rude = await join({ clientId: 'rude', will: { ...will, payload: Buffer.from('rude') } });
    rude.end();
    expect(await watcher.nextMessage()).toMatchObject({ topic, payload: 'rude' });
    expect(broker.counters().retainedMessages).toBe(1);
  });

  it('for a session waits until its client is back', async () => {
    const { broker, join } = await start();
    const session = { clientId: 'session', clean: false };
    const first = await join(session);
    expect(await first.subscribe(['foretide/v1/web/#', '$share/a/b'], 1)).toEqual([1, 128]);
    first.send({ cmd: 'disconnect' });
    await first.closed();
    const publisher = await join({ clientId: 'publisher' });
    for (const payload of ['one', 'two']) publisher.publish(report, payload, { qos: 1 });
    await publisher.next('puback');
    await publisher.next('puback');
    expect(broker.counters().sessions).toBe(1);
    const second = await join(session);
    for (const payload of ['one', 'two']) {
      const packet = await second.next('publish');
      if (packet?.cmd !== 'publish') throw new Error('no message');
      expect(packet.payload.toString()).toBe(payload);
      second.send({ cmd: 'puback', ...(packet.messageId && { messageId: packet.messageId }) });
    }
    second.end();
    const third = await join(session);
    publisher.publish(report, 'three', { qos: 1 });
    expect(await third.nextMessage()).toMatchObject({ payload: 'three' });
  });

  it('is delivered once at quality of service 2', async () => {
    const { join } = await start();
    const watcher = await join({ clientId: 'watcher' });
    await watcher.subscribe('#');
    const publisher = await join({ clientId: 'publisher' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      publisher.publish(report, 'once', { qos: 2, messageId: 9 });
      await publisher.next('pubrec');
    }
    publisher.send({ cmd: 'pubrel', messageId: 9 });
    await publisher.next('pubcomp');
    publisher.publish(report, 'next', { qos: 2, messageId: 9 });
    expect(await watcher.nextMessage()).toMatchObject({ payload: 'once' });
    expect(await watcher.nextMessage()).toMatchObject({ payload: 'next' });
  });
});

describe('the end', () => {
  it('closes every connection and gives the address back', async () => {
    const first = await start();
    const client = await first.join();
    const silent = first.open();
    await until('both are in', () => first.broker.counters().connectionsOpen === 2);
    await first.close();
    await Promise.all([client.closed(), silent.closed()]);
    const listener = { host: '127.0.0.1', port: first.port, tls: null };
    const second = await start({ listeners: [listener] });
    expect(await second.open().connect()).toBe(0);
  });
});
