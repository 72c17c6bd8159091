// The client against real brokers: one suite, three of them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient as ReferenceClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startAedes } from '../../../test/brokers/bare-aedes.ts';
import { makeCertificate } from '../../../test/brokers/certificate.ts';
import { startMosquitto } from '../../../test/brokers/mosquitto.ts';
import { systemClock } from '../clock.ts';
import { MqttClient, type MqttClientOptions } from './mqtt-client.ts';
import type { ConnectionEnd } from './mqtt-connection.ts';
import type { TlsFiles } from './open-socket.ts';
import type { Will } from './packets.ts';

interface RunningBroker {
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

const certificate = makeCertificate();
const folder = mkdtempSync(join(tmpdir(), 'foretide-trusted-'));
const caPath = join(folder, 'ca.pem');
writeFileSync(caPath, certificate.certificate);
afterAll(() => rmSync(folder, { recursive: true }));

const brokers: readonly {
  readonly name: string;
  readonly tls: TlsFiles | null;
  start(): Promise<RunningBroker>;
}[] = [
  { name: 'mosquitto', tls: null, start: () => startMosquitto() },
  { name: 'mosquitto over TLS', tls: { caPath }, start: () => startMosquitto({ certificate }) },
  { name: 'the library behind the embedded broker', tls: null, start: () => startAedes() },
];

/** A client and everything that it has told. */
function startClient(options: Partial<MqttClientOptions> & Pick<MqttClientOptions, 'broker'>) {
  const told = {
    upCount: 0,
    ends: [] as ConnectionEnd[],
    messages: [] as { topic: string; text: string; isRetained: boolean }[],
    refusedFilters: [] as string[],
  };
  const client = new MqttClient(
    { clientId: 'tested', keepAliveSeconds: 10, topicFilters: [], ...options },
    // No wait before connecting again: what the wait is has its own tests.
    { clock: systemClock, random: () => 0.1 },
    {
      onUp: () => (told.upCount += 1),
      onDown: (end) => told.ends.push(end),
      onMessage: ({ topic, payload, isRetained }) =>
        told.messages.push({ topic, text: Buffer.from(payload).toString(), isRetained }),
      onRoom: () => {},
      onSubscriptionRefused: (topicFilter) => told.refusedFilters.push(topicFilter),
    },
  );
  opened.push(() => client.close());
  client.start();
  return { client, told };
}

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

function until(assertion: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(assertion, { timeout: 5_000, interval: 5 });
}

describe.each(brokers)('with $name', ({ tls, start }) => {
  let running: RunningBroker;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => running.close());

  function address() {
    return { host: '127.0.0.1', port: running.port, tls };
  }

  /** Another implementation's client, to see from outside what ours does. */
  async function reference(): Promise<ReferenceClient> {
    const url = `${tls === null ? 'mqtt' : 'mqtts'}://127.0.0.1:${running.port}`;
    const client = await connectAsync(url, { rejectUnauthorized: false, reconnectPeriod: 0 });
    opened.push(() => client.endAsync(true));
    return client;
  }

  async function listenTo(topicFilter: string) {
    const observer = await reference();
    const heard: { topic: string; text: string; retain: boolean }[] = [];
    observer.on('message', (topic, payload, { retain }) => {
      heard.push({ topic, text: payload.toString(), retain });
    });
    await observer.subscribeAsync(topicFilter, { qos: 1 });
    return heard;
  }

  test.each([
    [0 as const, 'sent'],
    [1 as const, 'acknowledged'],
  ])('publishes with quality of service %i, in order', async (qos, outcome) => {
    const heard = await listenTo(`order-${qos}/#`);
    const { client, told } = startClient({ broker: address() });
    await until(() => expect(told.upCount).toBe(1));
    const texts = ['first', 'second', 'third', 'fourth'];
    const outcomes = await Promise.all(
      texts.map((text) =>
        client.publish({
          topic: `order-${qos}/${text}`,
          payload: Buffer.from(text),
          qos,
          isRetained: false,
        }),
      ),
    );
    expect(outcomes).toEqual(texts.map(() => outcome));
    await until(() => expect(heard.map(({ text }) => text)).toEqual(texts));
    expect(heard.map(({ topic }) => topic)).toEqual(texts.map((text) => `order-${qos}/${text}`));
  });

  test('a retained message is kept for those who come later', async () => {
    const { client, told } = startClient({ broker: address() });
    await until(() => expect(told.upCount).toBe(1));
    const payload = Buffer.from('kept');
    await client.publish({ topic: 'status/tested', payload, qos: 1, isRetained: true });
    const heard = await listenTo('status/tested');
    await until(() =>
      expect(heard).toEqual([{ topic: 'status/tested', text: 'kept', retain: true }]),
    );
  });

  test('receives what it has subscribed to, once each, at any size a command may have', async () => {
    const { told } = startClient({ broker: address(), topicFilters: ['to/+/tested'] });
    const sender = await reference();
    await until(() => expect(told.upCount).toBe(1));
    const texts = ['', 'short', 'x'.repeat(60_000)];
    await until(async () => {
      // Until the subscription stands, the broker drops what nobody asked for.
      await sender.publishAsync('to/a/tested', 'ready?', { qos: 1 });
      expect(told.messages.length).toBeGreaterThan(0);
    });
    for (const text of texts) await sender.publishAsync('to/b/tested', text, { qos: 1 });
    await until(() => {
      const received = told.messages.filter(({ topic }) => topic === 'to/b/tested');
      expect(received.map(({ text }) => text.length)).toEqual(texts.map(({ length }) => length));
      expect(received.every(({ text }, index) => text === texts[index])).toBe(true);
    });
  });

  const will: Will = { topic: 'will/tested', payload: 'gone', qos: 1, isRetained: true };

  test('the last will is not published after a good-bye', async () => {
    const heard = await listenTo('#');
    const { client, told } = startClient({ broker: address(), will, clientId: 'polite' });
    await until(() => expect(told.upCount).toBe(1));
    await client.close();
    const sender = await reference();
    await sender.publishAsync('end/of/test', 'later', { qos: 1 });
    await until(() => expect(heard.map(({ topic }) => topic)).toContain('end/of/test'));
    expect(heard.map(({ topic }) => topic)).not.toContain('will/tested');
  });

  test('the last will is published when a newer connection of its name takes over', async () => {
    const heard = await listenTo('will/#');
    const first = startClient({ broker: address(), will, clientId: 'twin' });
    await until(() => expect(first.told.upCount).toBe(1));
    const second = startClient({ broker: address(), clientId: 'twin' });
    await until(() => expect(heard.map(({ text }) => text)).toContain('gone'));
    await first.client.close();
    await until(() => expect(second.client.isUp).toBe(true));
  });

  test('comes back after the broker was away, subscribed again', async () => {
    const { client, told } = startClient({ broker: address(), topicFilters: ['again/tested'] });
    await until(() => expect(told.upCount).toBe(1));
    await running.stop();
    await until(() => expect(client.isUp).toBe(false));
    const message = { topic: 'a', payload: Buffer.of(), qos: 1 as const, isRetained: false };
    expect(await client.publish(message)).toBe('not-connected');
    await running.start();
    await until(() => expect(told.upCount).toBe(2));
    expect(told.ends.map(({ code }) => code)).toContain('lost');
    const sender = await reference();
    await until(async () => {
      await sender.publishAsync('again/tested', 'welcome', { qos: 1 });
      expect(told.messages.map(({ text }) => text)).toContain('welcome');
    });
  });
});

describe('with mosquitto that wants a password', () => {
  const password = 'a secret with ünïcode';
  let running: RunningBroker;
  beforeAll(async () => {
    running = await startMosquitto({ logins: [{ userName: 'agent', password }] });
  });
  afterAll(() => running.close());

  test('the right one is let in', async () => {
    const broker = { host: '127.0.0.1', port: running.port, tls: null };
    const { told } = startClient({ broker, username: 'agent', password });
    await until(() => expect(told.upCount).toBe(1));
  });

  test.each([
    ['a wrong one', { username: 'agent', password: 'guess' }],
    ['none', {}],
  ])('%s is refused, by a word', async (_what, given) => {
    const broker = { host: '127.0.0.1', port: running.port, tls: null };
    const { told } = startClient({ broker, ...given });
    await until(() => expect(told.ends.length).toBeGreaterThan(0));
    expect(told.ends[0]).toEqual({ code: 'refused', refusal: 'not-authorized' });
  });
});

describe('with TLS that does not fit', () => {
  let running: RunningBroker;
  beforeAll(async () => {
    running = await startMosquitto({ certificate });
  });
  afterAll(() => running.close());

  test.each([
    ['a certificate that nobody trusted signed', '127.0.0.1', {}, /self-signed certificate/],
    ['a certificate of another name', '127.0.0.2', { caPath }, /127\.0\.0\.2|ECONNREFUSED/],
    [
      'a file that is not there',
      '127.0.0.1',
      { caPath: '/none/ca.pem' },
      /ENOENT.*\/none\/ca\.pem/,
    ],
    ['no TLS at all', '127.0.0.1', null, /closed the connection|ECONNRESET/],
  ])('%s ends the attempt and says so', async (_what, host, tls, message) => {
    const { told } = startClient({ broker: { host, port: running.port, tls } });
    await until(() => expect(told.ends.length).toBeGreaterThan(0));
    expect(told.upCount).toBe(0);
    const end = told.ends[0];
    expect(end?.code).toBe('unreachable');
    expect(end?.code === 'unreachable' && end.message).toMatch(message);
  });
});
