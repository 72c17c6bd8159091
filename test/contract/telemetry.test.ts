// What every `Telemetry` does, over each broker that it is meant for.

import { afterEach, describe, expect, it } from 'vitest';
import { createEmbeddedTelemetry } from '../../src/broker/embedded-telemetry.ts';
import type { Telemetry } from '../../src/controller/ports/telemetry.ts';
import { createMqttTelemetry } from '../../src/mqtt/mqtt-telemetry.ts';
import { instanceTopic, instanceTopicFilter } from '../../src/wire/topics.ts';
import { makeCredentials, startEmbedded } from '../brokers/embedded.ts';
import { findFreePort, startMosquitto } from '../brokers/mosquitto.ts';
import { RawClient, until } from '../brokers/raw-client.ts';
import { hurriedClock, Recorder } from '../brokers/recorder.ts';

const credentials = await makeCredentials();
const report = instanceTopic('report', 'web', 'i-1');
const status = instanceTopic('status', 'web', 'i-1');
const filters = [instanceTopicFilter('report'), instanceTopicFilter('status'), 'ec2/load'];

interface Rig {
  readonly telemetry: Telemetry;
  /** Where other clients connect. */
  readonly port: number;
  close(): Promise<void>;
}

interface Restartable extends Rig {
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
}

interface Subject {
  readonly name: string;
  /** Whether the broker tells the name that a publisher chose for itself. */
  readonly tellsClientId: boolean;
  open(): Promise<Rig>;
}

async function openEmbedded(): Promise<Rig> {
  const embedded = await startEmbedded();
  const telemetry = createEmbeddedTelemetry(embedded.broker, hurriedClock);
  return { telemetry, port: embedded.port, close: embedded.close };
}

async function openEmbeddedOverTcp(): Promise<Restartable> {
  const port = await findFreePort();
  const options = { listeners: [{ host: '127.0.0.1', port, tls: null }], credentials };
  let embedded = await startEmbedded(options);
  return {
    telemetry: mqttTelemetry(port, 'foretide'),
    port,
    stopBroker: () => embedded.close(),
    startBroker: async () => void (embedded = await startEmbedded(options)),
    close: () => embedded.close(),
  };
}

async function openMosquitto(): Promise<Restartable> {
  const { port, stop, start, close } = await startMosquitto();
  return { telemetry: mqttTelemetry(port), port, stopBroker: stop, startBroker: start, close };
}

function mqttTelemetry(port: number, userName: string | null = null): Telemetry {
  const outcome = createMqttTelemetry({
    url: `mqtt://127.0.0.1:${port}`,
    userName,
    password: userName === null ? null : `secret of ${userName}`,
    tls: null,
    will: null,
    clock: hurriedClock,
    log: { write: () => {} },
    random: () => 0.5,
  });
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.telemetry;
}

const restartables = [
  { name: 'mqtt.js over the embedded broker', tellsClientId: false, open: openEmbeddedOverTcp },
  { name: 'mqtt.js over mosquitto', tellsClientId: false, open: openMosquitto },
];
const subjects: Subject[] = [
  { name: 'the embedded broker, in process', tellsClientId: true, open: openEmbedded },
  ...restartables,
];

const opened: { rigs: Rig[]; clients: RawClient[] } = { rigs: [], clients: [] };

async function join(rig: Rig, clientId = 'someone'): Promise<RawClient> {
  const client = new RawClient({ port: rig.port });
  opened.clients.push(client);
  expect(await client.connect({ clientId })).toBe(0);
  return client;
}

async function openRig<R extends Rig>(open: () => Promise<R>): Promise<R> {
  const rig = await open();
  opened.rigs.push(rig);
  return rig;
}

afterEach(async () => {
  for (const client of opened.clients.splice(0)) client.end();
  for (const rig of opened.rigs.splice(0)) {
    await rig.telemetry.stop();
    await rig.close();
  }
});

describe.each(subjects)('telemetry: $name', ({ open, tellsClientId }) => {
  it('delivers what is published under its filters, as it arrives', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    expect(recorder.connections).toEqual([true]);
    const client = await join(rig, 'i-1');
    client.publish(instanceTopic('report', 'web', 'i-1'), '{"signals":{"cpu":0.5}}');
    expect(await recorder.next()).toEqual({
      topic: report,
      payload: '{"signals":{"cpu":0.5}}',
      arrivedAt: 1_790_000_000_000,
      isRetained: false,
      clientId: tellsClientId ? 'i-1' : null,
    });
    client.publish('ec2/load', '37.5,100', { qos: 1 });
    expect(await recorder.next()).toMatchObject({ topic: 'ec2/load', payload: '37.5,100' });
    client.publish('ec2/load', 'grüße', { qos: 2 });
    await client.next('pubrec');
    client.send({ cmd: 'pubrel', messageId: 1 });
    expect(await recorder.next()).toMatchObject({ payload: 'grüße' });
  });

  it('keeps the order of one publisher', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    const client = await join(rig);
    const sent = Array.from({ length: 500 }, (_, index) => `${index}`);
    for (const payload of sent) client.publish(report, payload);
    await until('all have arrived', () => recorder.messages.length === sent.length);
    expect(recorder.messages.map((message) => message.payload)).toEqual(sent);
  });

  it('takes clients with made-up ids for one anonymous stream', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    for (const clientId of ['', 'mosq-7Vw5vVvVfQmUL2VVxV', 'mqttjs_0a1b2c3d']) {
      const client = await join(rig, clientId);
      client.publish('ec2/load', '1,1');
      expect(await recorder.next()).toMatchObject({ topic: 'ec2/load', clientId: null });
    }
  });

  it('delivers what was kept from before, marked as such, and news as news', async () => {
    const rig = await openRig(open);
    const client = await join(rig);
    client.publish(status, '{"state":"online"}', { retain: true, qos: 1 });
    client.publish(instanceTopic('status', 'web', 'i-2'), '', { retain: true, qos: 1 });
    await client.next('puback');
    await client.next('puback');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    expect(await recorder.next()).toMatchObject({
      topic: status,
      isRetained: true,
      clientId: null,
    });
    client.publish(status, '{"state":"draining"}', { retain: true });
    const news = { topic: status, payload: '{"state":"draining"}', isRetained: false };
    expect(await recorder.next()).toMatchObject(news);
    client.publish(status, '', { retain: true });
    expect(await recorder.next()).toMatchObject({ payload: '', isRetained: false });
  });

  it('cuts a payload of more than 16 KiB to null, and not one byte earlier', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    const client = await join(rig);
    client.publish(report, Buffer.alloc(16 * 1024, 0x20));
    client.publish(report, Buffer.alloc(16 * 1024 + 1, 0x20));
    client.publish(report, Buffer.from([0xff, 0xfe]));
    expect((await recorder.next()).payload).toHaveLength(16 * 1024);
    expect((await recorder.next()).payload).toBeNull();
    expect((await recorder.next()).payload).toBe('\ufffd\ufffd');
  });

  it('publishes to those who listen, and keeps what shall be kept', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    const command = instanceTopic('command', 'web', 'i-1');
    expect(rig.telemetry.publish(command, 'early', { isRetained: false })).toBe(false);
    await rig.telemetry.start(filters, recorder);
    const client = await join(rig);
    await client.subscribe(command, 1);
    expect(rig.telemetry.publish(command, '{"command":"drain"}', { isRetained: false })).toBe(true);
    expect(await client.next('publish')).toMatchObject({ topic: command, qos: 1, retain: false });
    const decision = 'foretide/v1/web/decision';
    expect(rig.telemetry.publish(decision, '{}', { isRetained: true })).toBe(true);
    await client.subscribe('foretide/v1/+/decision');
    expect(await client.nextMessage()).toMatchObject({ topic: decision, payload: '{}' });
    const late = await join(rig, 'late');
    await late.subscribe(decision);
    const kept = { topic: decision, payload: '{}', isRetained: true };
    expect(await late.nextMessage()).toEqual(kept);
  });

  it('says no when too much is on its way out', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    let accepted = 0;
    while (rig.telemetry.publish(report, 'x'.repeat(1_000), { isRetained: false })) accepted += 1;
    expect(accepted).toBe(1_000);
    await until('all have arrived', () => recorder.messages.length === accepted);
    await until('there is room again', () =>
      rig.telemetry.publish(report, 'again', { isRetained: false }),
    );
  });

  it('is silent after it was stopped', async () => {
    const rig = await openRig(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    await rig.telemetry.stop();
    expect(recorder.connections).toEqual([true, false]);
    const client = await join(rig);
    client.publish(report, 'x', { qos: 1 });
    await client.next('puback');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(recorder.messages).toEqual([]);
    expect(rig.telemetry.publish(report, 'x', { isRetained: false })).toBe(false);
    await rig.telemetry.stop();
  });
});

describe.each(restartables)('telemetry after an outage: $name', ({ open }) => {
  it('comes back by itself with its subscriptions', async () => {
    const rig = await openRig<Restartable>(open);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    for (let round = 0; round < 2; round += 1) {
      await rig.stopBroker();
      await recorder.becomes(false);
      expect(rig.telemetry.publish(report, 'x', { isRetained: false })).toBe(false);
      await rig.startBroker();
      await recorder.becomes(true);
      const client = await join(rig);
      client.publish(report, `round ${round}`);
      expect(await recorder.next()).toMatchObject({ payload: `round ${round}` });
    }
    expect(recorder.connections).toEqual([true, false, true, false, true]);
  });

  it('starts while the broker is down, and says so', async () => {
    const rig = await openRig<Restartable>(open);
    await rig.stopBroker();
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    expect(recorder.connections).toEqual([false]);
    await rig.startBroker();
    await recorder.becomes(true);
    const client = await join(rig);
    client.publish('ec2/load', '1,1');
    expect(await recorder.next()).toMatchObject({ topic: 'ec2/load' });
  });
});

describe('telemetry of the embedded broker', () => {
  it('ends with it, before the last wills of its end', async () => {
    const rig = await openRig(openEmbedded);
    const recorder = new Recorder();
    await rig.telemetry.start(filters, recorder);
    const will = { topic: status, payload: Buffer.from('lost'), qos: 1, retain: true } as const;
    const client = new RawClient({ port: rig.port });
    await client.connect({ clientId: 'i-1', will });
    await rig.close();
    await client.closed();
    expect(recorder.connections).toEqual([true, false]);
    expect(recorder.messages).toEqual([]);
  });

  it('delivers a message once, however many of its filters cover it', async () => {
    const rig = await openRig(openEmbedded);
    const recorder = new Recorder();
    await rig.telemetry.start(['#', 'ec2/+', 'ec2/load'], recorder);
    const client = await join(rig);
    for (const payload of ['1,1', '1,1', '2,2']) client.publish('ec2/load', payload);
    await until('the last has arrived', () => recorder.messages.at(-1)?.payload === '2,2');
    const load = recorder.messages.filter((message) => message.topic === 'ec2/load');
    expect(load.map((message) => message.payload)).toEqual(['1,1', '1,1', '2,2']);
  });
});
