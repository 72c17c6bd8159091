// An agent in this process, over the real mosquitto: what its log and its counts say.

import { afterEach, expect, test, vi } from 'vitest';
import { startMosquitto } from '../../test/brokers/mosquitto.ts';
import { recordingLog } from '../../test/support/recording-log.ts';
import { runAgent } from './agent.ts';
import { systemClock } from './clock.ts';
import { systemPaths, type AgentOptions } from './options.ts';
import { makeClientId } from './uplink.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function until(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 10_000, interval: 10 });
}

function optionsFor(port: number): AgentOptions {
  return {
    identity: { group: 'web', instance: 'i-1' },
    broker: { host: '127.0.0.1', port, tls: null },
    intervalMs: 100,
    outboxMs: 1_000,
    qos: 1,
    ports: 'none',
    application: { lifetimeMs: 60_000 },
    paths: systemPaths,
  };
}

test('samples that are lost for good are said once, and so is the end of it', async () => {
  const broker = await startMosquitto();
  closers.push(() => broker.close());
  const log = recordingLog();
  const ports = { clock: systemClock, log, random: () => 0.1 };
  const agent = await runAgent(optionsFor(broker.port), ports);
  closers.push(() => agent.stop());
  await until(() => expect(agent.counts().delivered).toBeGreaterThan(0));
  await broker.stop();
  await until(() => expect(agent.counts().dropped).toBeGreaterThan(3));
  expect(agent.counts().waiting).toBeLessThanOrEqual(12);
  await broker.start();
  await until(() => expect(agent.isConnected).toBe(true));
  await until(() => expect(agent.counts().waiting).toBe(0));
  const { delivered } = agent.counts();
  await until(() => expect(agent.counts().delivered).toBeGreaterThan(delivered + 4));
  expect(log.lines.filter((line) => line.includes('are lost'))).toHaveLength(1);
  expect(log.lines.filter((line) => line.includes('all samples'))).toHaveLength(1);
});

test('a stopped agent leaves no timer and counts every sample', async () => {
  const broker = await startMosquitto();
  closers.push(() => broker.close());
  const timers = new Set<object>();
  const clock = {
    ...systemClock,
    after(delayMs: number, callback: () => void) {
      const timer = {};
      timers.add(timer);
      const cancel = systemClock.after(delayMs, () => {
        timers.delete(timer);
        callback();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
  const agent = await runAgent(optionsFor(broker.port), {
    clock,
    log: recordingLog(),
    random: () => 0.1,
  });
  await until(() => expect(agent.counts().delivered).toBeGreaterThan(3));
  await agent.stop();
  const { sampled, delivered, waiting, dropped } = agent.counts();
  expect(delivered + waiting + dropped).toBe(sampled);
  expect(timers.size).toBe(0);
});

test('client ids are short, plain and unlike each other', () => {
  const long = 'x'.repeat(255);
  const ids = [
    makeClientId('web', 'i-1'),
    makeClientId('batch', 'i-1'),
    makeClientId('web', 'i-2'),
    makeClientId('web', `${long}a`),
    makeClientId('web', `${long}b`),
    makeClientId('a/b', '#'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^foretide-[\w.-]{1,73}$/);
});
