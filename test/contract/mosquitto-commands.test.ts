// Programs that people already have, mosquitto_pub and mosquitto_sub, against the embedded broker.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createEmbeddedTelemetry } from '../../src/broker/embedded-telemetry.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import { makeCertificate } from '../brokers/certificate.ts';
import { type EmbeddedForTest, makeCredentials, startEmbedded } from '../brokers/embedded.ts';
import {
  type FollowedCommand,
  followCommand,
  runMosquittoPub,
  startMosquitto,
} from '../brokers/mosquitto.ts';
import { RawClient, until } from '../brokers/raw-client.ts';
import { hurriedClock, Recorder } from '../brokers/recorder.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function embed(
  overrides: Parameters<typeof startEmbedded>[0] = {},
): Promise<EmbeddedForTest & { to: string[]; recorder: Recorder }> {
  const embedded = await startEmbedded(overrides);
  closing.push(() => embedded.close());
  const recorder = new Recorder();
  const telemetry = createEmbeddedTelemetry(embedded.broker, hurriedClock);
  await telemetry.start(['ec2/load', 'foretide/v1/+/+/report'], recorder);
  return { ...embedded, recorder, to: ['-h', '127.0.0.1', '-p', String(embedded.port)] };
}

async function watch(
  broker: EmbeddedForTest,
  ...commandArguments: string[]
): Promise<FollowedCommand> {
  const watcher = followCommand('mosquitto_sub', commandArguments);
  closing.push(() => watcher.kill());
  const before = broker.broker.counters().connectionsAccepted;
  await until('it is in', () => broker.broker.counters().connectionsAccepted > before);
  // It subscribes at once after that.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return watcher;
}

describe('the inherited commands', () => {
  it('publish load that the controller and other subscribers see', async () => {
    const embedded = await embed();
    const watcher = await watch(embedded, ...embedded.to, '-t', 'ec2/load');
    const load = ['-t', 'ec2/load', '-m', '37.5,100'];
    const published = await runMosquittoPub([...embedded.to, ...load]);
    expect(published).toEqual({ exitCode: 0, output: '', errors: '' });
    expect(await watcher.lines(1)).toEqual(['37.5,100']);
    const message = { topic: 'ec2/load', payload: '37.5,100', clientId: null, isRetained: false };
    expect(await embedded.recorder.next()).toMatchObject(message);
  });

  it.each(['0', '1', '2'])('publish at quality of service %s, also many lines', async (qos) => {
    const { to, recorder } = await embed();
    const lines = Array.from({ length: 50 }, (_, index) => `${index},1`);
    const folder = mkdtempSync(join(tmpdir(), 'foretide-lines-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'lines');
    writeFileSync(path, lines.join('\n'));
    const run = await runMosquittoPub([...to, '-q', qos, '-t', 'ec2/load', '-f', path]);
    expect(run.exitCode).toBe(0);
    expect((await recorder.next()).payload).toBe(lines.join('\n'));
    const named = [...to, '-q', qos, '-i', 'i-7', '-t', 'ec2/load', '-m', '1,1'];
    await runMosquittoPub([...named, '--repeat', '5']);
    for (let count = 0; count < 5; count += 1) {
      expect(await recorder.next()).toMatchObject({ payload: '1,1', clientId: 'i-7' });
    }
  });

  it('of MQTT 3.1 work as well, and of MQTT 5 are told why not', async () => {
    const { to, recorder, refused } = await embed();
    const load = [...to, '-t', 'ec2/load', '-m', '1,1'];
    expect((await runMosquittoPub([...load, '-V', 'mqttv31', '-i', 'old'])).exitCode).toBe(0);
    expect(await recorder.next()).toMatchObject({ clientId: 'old' });
    const five = await runMosquittoPub([...load, '-V', 'mqttv5']);
    expect(five.exitCode).not.toBe(0);
    expect(five.errors).toMatch(/unacceptable protocol version|unsupported protocol version/i);
    expect(refused()).toEqual({ 'protocol-version': 1 });
  });

  it('with a shared subscription are refused, not left waiting', async () => {
    const { to, refused } = await embed();
    const sub = followCommand('mosquitto_sub', [...to, '-t', '$share/balancers/ec2/load']);
    closing.push(() => sub.kill());
    await until('it is refused', () => refused()['shared-subscription'] === 1);
    expect((await sub.ended).errors).toMatch(/denied|rejected/i);
  });
});

describe('over TLS with a login', () => {
  it('publish for their own instance, and for no other', async () => {
    const made = makeCertificate();
    const folder = mkdtempSync(join(tmpdir(), 'foretide-authority-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const authorityPath = join(folder, 'authority.pem');
    writeFileSync(authorityPath, made.certificate);
    const tls = { ...made, clientAuthority: null };
    const { to, recorder, refused } = await embed({
      listeners: [{ host: '127.0.0.1', port: 0, tls, isLoginRequired: true }],
      credentials: await makeCredentials(),
    });
    const secure = [...to, '--cafile', authorityPath, '-q', '1', '-m', '{}'];
    const agent = [...secure, '-u', 'web/i-9', '-P', 'secret of web/*'];
    const report = (instance: string): string => instanceTopic('report', 'web', instance);
    expect((await runMosquittoPub([...agent, '-t', report('i-9')])).exitCode).toBe(0);
    expect(await recorder.next()).toMatchObject({ topic: report('i-9'), payload: '{}' });
    expect((await runMosquittoPub([...agent, '-t', report('i-8')])).exitCode).not.toBe(0);
    const wrong = await runMosquittoPub([...secure, '-u', 'web/i-9', '-P', 'x', '-t', 'ec2/load']);
    expect(wrong.errors).toMatch(/bad user name or password|not authori[sz]ed/i);
    const nobody = await runMosquittoPub([...secure, '-t', 'ec2/load']);
    expect(nobody.exitCode).not.toBe(0);
    const plain = await runMosquittoPub([...to, '-t', 'ec2/load', '-m', '1,1']);
    expect(plain.exitCode).not.toBe(0);
    expect(refused()).toMatchObject({ 'publish-not-allowed': 1, 'bad-login': 2, 'tls-failed': 1 });
    expect(recorder.messages).toEqual([]);
  });
});

describe('the access control that the manual shows for mosquitto', () => {
  it('holds agents to their own topics', async () => {
    const page = readFileSync(new URL('../../docs/broker.md', import.meta.url), 'utf8');
    const [, accessControl = ''] =
      /```\n# \/etc\/mosquitto\/foretide\.acl\n(.*?)```/s.exec(page) ?? [];
    const userNames = ['foretide', 'grafana', 'i-1', 'i-2'];
    const mosquitto = await startMosquitto({
      logins: userNames.map((userName) => ({ userName, password: userName })),
      accessControl: accessControl.split('\n'),
    });
    closing.push(() => mosquitto.close());
    const logIn = async (userName: string, clientId = userName): Promise<RawClient> => {
      const client = new RawClient({ port: mosquitto.port });
      closing.push(() => client.end());
      const password = Buffer.from(userName);
      expect(await client.connect({ clientId, username: userName, password })).toBe(0);
      return client;
    };
    const topic = (kind: 'report' | 'command', instance: string): string =>
      instanceTopic(kind, 'web', instance);
    const controller = await logIn('foretide');
    await controller.subscribe('foretide/v1/+/+/report');
    const agent = await logIn('i-1');
    await agent.subscribe([topic('command', 'i-1'), topic('command', 'i-2'), '#']);
    for (const denied of [topic('report', 'i-2'), topic('command', 'i-2')]) {
      // A connection of its own: mosquitto 2.0.11 ends some that go on after a denied publish.
      const intruder = await logIn('i-1', 'intruder');
      intruder.publish(denied, 'not own', { qos: 1 });
      await intruder.next('puback');
    }
    agent.publish(topic('report', 'i-1'), 'own');
    expect(await controller.nextMessage()).toMatchObject({ payload: 'own' });
    for (const instance of ['i-2', 'i-1']) {
      controller.publish(topic('command', instance), instance);
    }
    expect(await agent.nextMessage()).toMatchObject({ payload: 'i-1' });
  });
});
