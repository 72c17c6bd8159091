import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../test/brokers/certificate.ts';
import {
  type EmbeddedForTest,
  login,
  makeCredentials,
  startEmbedded,
} from '../../test/brokers/embedded.ts';
import { type Mosquitto, startMosquitto } from '../../test/brokers/mosquitto.ts';
import { until } from '../../test/brokers/raw-client.ts';
import { hurriedClock, Recorder } from '../../test/brokers/recorder.ts';
import type { Telemetry } from '../controller/ports/telemetry.ts';
import { createMqttTelemetry } from './mqtt-telemetry.ts';
import type { MqttTelemetryOptions } from './mqtt-telemetry-options.ts';

const certificate = makeCertificate();
const credentials = await makeCredentials();
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Started {
  readonly telemetry: Telemetry;
  readonly recorder: Recorder;
  readonly lines: string[];
}

async function start(
  overrides: Partial<MqttTelemetryOptions> & { url: string },
  filters = ['ec2/load'],
): Promise<Started> {
  const lines: string[] = [];
  const outcome = createMqttTelemetry({
    userName: null,
    password: null,
    tls: null,
    will: null,
    clock: hurriedClock,
    log: { write: (level, message) => lines.push(`${level} ${message}`) },
    random: () => 0.5,
    ...overrides,
  });
  if (!outcome.ok) throw new Error(outcome.message);
  const { telemetry } = outcome;
  closing.push(() => telemetry.stop());
  const recorder = new Recorder();
  await telemetry.start(filters, recorder);
  return { telemetry, recorder, lines };
}

async function embed(overrides: Parameters<typeof startEmbedded>[0]): Promise<EmbeddedForTest> {
  const embedded = await startEmbedded(overrides);
  closing.push(() => embedded.close());
  return embedded;
}

async function runMosquitto(options: Parameters<typeof startMosquitto>[0]): Promise<Mosquitto> {
  const mosquitto = await startMosquitto(options);
  closing.push(() => mosquitto.close());
  return mosquitto;
}

/** Something that listens and is no broker. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('a broker that cannot be reached', () => {
  it('is said once, until something changes', async () => {
    let attempts = 0;
    const port = await listen((socket) => {
      attempts += 1;
      if (attempts < 4) socket.destroy();
      else if (attempts < 6) socket.end(Buffer.from([0x20, 2, 0, 4]));
      else socket.on('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])));
    });
    const { recorder, lines } = await start({ url: `mqtt://u:secret@127.0.0.1:${port}` }, []);
    await recorder.becomes(true);
    const name = `broker mqtt://127.0.0.1:${port}`;
    expect(lines).toEqual([
      `warn ${name}: not connected: the broker closed the connection; trying again`,
      `warn ${name}: not connected: the broker refuses the user name or password; trying again`,
      `info ${name}: connected`,
    ]);
    expect(recorder.connections).toEqual([false, true]);
  });

  it('does not keep start waiting when it accepts and says nothing', async () => {
    const port = await listen(() => {});
    const { recorder, lines } = await start({
      url: `mqtt://127.0.0.1:${port}`,
      limits: { connectTimeoutMs: 50 },
    });
    expect(recorder.connections).toEqual([false]);
    expect(lines.join()).toContain('not connected: the broker does not answer');
  });

  it('is not waited for by stop', async () => {
    const port = await listen(() => {});
    const { telemetry } = await start({
      url: `mqtt://127.0.0.1:${port}`,
      limits: { connectTimeoutMs: 50, stopTimeoutMs: 100 },
    });
    const started = performance.now();
    await telemetry.stop();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a broker that refuses', () => {
  it('the login is reported and tried again', async () => {
    const { port } = await runMosquitto({ logins: [{ userName: 'foretide', password: 'right' }] });
    const url = `mqtt://127.0.0.1:${port}`;
    const refused = await start({ url, userName: 'foretide', password: 'wrong' });
    expect(refused.lines.join()).toContain('the broker refuses the login');
    const known = await start({ url: `mqtt://foretide:right@127.0.0.1:${port}` });
    expect(known.recorder.connections).toEqual([true]);
  });

  it('a subscription is reported by its name, and is no connection', async () => {
    const listener = { host: '127.0.0.1', port: 0, tls: null, isLoginRequired: true };
    const { port } = await embed({ listeners: [listener], credentials });
    const { recorder, lines } = await start(
      {
        url: `mqtt://127.0.0.1:${port}`,
        userName: 'devices',
        password: String(login('devices').password),
      },
      ['ec2/load', '#'],
    );
    expect(recorder.connections).toEqual([false]);
    expect(lines.join()).toContain('the broker refuses the subscription to #; trying again');
  });
});

describe('over TLS', () => {
  const tls = { ...certificate, clientAuthority: null };
  const trusting = { authority: certificate.certificate, certificate: null, key: null };

  async function embedTls(clientAuthority: string | null = null): Promise<string> {
    const listener = { host: '127.0.0.1', port: 0, tls: { ...tls, clientAuthority } };
    const { port } = await embed({ listeners: [listener] });
    return `mqtts://127.0.0.1:${port}`;
  }

  it('connects to a broker with a certificate of a known authority', async () => {
    const { recorder } = await start({ url: await embedTls(), tls: trusting });
    expect(recorder.connections).toEqual([true]);
  });

  it('does not trust another, and says why', async () => {
    const { recorder, lines } = await start({ url: await embedTls() });
    expect(recorder.connections).toEqual([false]);
    expect(lines.join()).toMatch(/the certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
  });

  it('shows its own certificate where the broker asks for one', async () => {
    const own = makeCertificate();
    const url = await embedTls(own.certificate);
    const shown = { ...trusting, ...own };
    expect((await start({ url, tls: shown })).recorder.connections).toEqual([true]);
    // In TLS 1.3 the refusal comes after the handshake, as an end of the connection.
    const without = await start({ url, tls: trusting });
    expect(without.recorder.connections.at(-1)).toBe(false);
  });

  it('says so when the other end speaks none, and the other way round', async () => {
    const plain = await embed({});
    const { lines } = await start({ url: `mqtts://127.0.0.1:${plain.port}`, tls: trusting });
    expect(lines.join()).toMatch(/not connected: .*; trying again/);
    const encrypted = await embedTls();
    const wrong = await start({ url: encrypted.replace('mqtts', 'mqtt') });
    expect(wrong.recorder.connections).toEqual([false]);
  });

  it('is not asked for by mqtt://, so certificates are a mistake there', () => {
    const outcome = createMqttTelemetry({
      url: 'mqtt://broker',
      userName: null,
      password: null,
      tls: trusting,
      will: null,
      clock: hurriedClock,
      log: { write: () => {} },
      random: () => 0.5,
    });
    expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining('mqtts://') });
  });
});

describe('what the broker sends', () => {
  it('is left out when it is far too long, and the rest goes on', async () => {
    const short = mqttPacket.generate({
      cmd: 'publish',
      topic: 'ec2/load',
      payload: '1,1',
      qos: 0,
      retain: false,
      dup: false,
    });
    const bodyBytes = 5 * 1024 * 1024;
    const longHeader = Buffer.from([0x30, 0x80, 0x80, 0xc0, 0x02]);
    const flood = await listen((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 2, 0, 0]));
        for (let round = 0; round < 3; round += 1) {
          socket.write(Buffer.concat([short, longHeader, Buffer.alloc(bodyBytes, 0x30), short]));
        }
      });
    });
    const { recorder, lines } = await start({ url: `mqtt://127.0.0.1:${flood}` }, []);
    await until('all short ones are there', () => recorder.messages.length === 6);
    expect(recorder.messages.every((message) => message.payload === '1,1')).toBe(true);
    expect(recorder.connections).toEqual([true]);
    const said = lines.filter((line) => line.includes('leaves out'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(`(${bodyBytes} bytes)`);
  });

  it('ends the connection when it is no packet', async () => {
    const port = await listen((socket) => {
      socket.once('data', () => socket.write(Buffer.from([0x20, 0xff, 0xff, 0xff, 0xff])));
    });
    const { lines } = await start({ url: `mqtt://127.0.0.1:${port}` });
    expect(lines.join()).toContain('the broker sent a bad packet (malformed-packet)');
  });
});

describe('a last will', () => {
  const topic = 'foretide/v1/web/controller';

  it('is published when the controller vanishes, and not when it stops', async () => {
    const { port } = await runMosquitto({});
    const url = `mqtt://127.0.0.1:${port}`;
    const watcher = await start({ url }, [topic]);
    const polite = await start({ url, will: { topic, payload: 'lost' } }, []);
    await polite.telemetry.stop();
    const sockets: Socket[] = [];
    const relay = await listen((socket) => {
      const broker = connect(port, '127.0.0.1').on('error', () => {});
      sockets.push(socket, broker);
      socket.pipe(broker).pipe(socket);
    });
    const rude = await start(
      { url: `mqtt://127.0.0.1:${relay}`, will: { topic, payload: 'gone' } },
      [],
    );
    expect(rude.recorder.isConnected).toBe(true);
    for (const socket of sockets) socket.destroy();
    expect(await watcher.recorder.next()).toMatchObject({ topic, payload: 'gone' });
  });
});
