// The collectors on the machine that runs the tests: its real /proc, a real load.

import { connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { collectOnce } from '../../../test/support/fake-machine.ts';
import { agentSignals } from '../../wire/signals.ts';
import { isRatioSignal } from '../../wire/report.ts';
import { systemClock } from '../clock.ts';
import type { Collector } from './collector.ts';
import { openCollectors } from './index.ts';

const paths = { proc: '/proc', sys: '/sys' };
let collectors: readonly Collector[] = [];
afterEach(() => {
  for (const collector of collectors) collector.close();
});

function collectAll(): Record<string, number> {
  const nowMs = systemClock.monotonicMs();
  return Object.assign({}, ...collectors.map((collector) => collectOnce(collector, nowMs)));
}

function burn(durationMs: number): void {
  const untilMs = systemClock.monotonicMs() + durationMs;
  while (systemClock.monotonicMs() < untilMs);
}

test('every signal of the wire is measured, finite and in range', () => {
  collectors = openCollectors(paths, 'none', systemClock);
  collectAll();
  burn(120);
  const signals = collectAll();
  expect(collectors.map((collector) => collector.problem())).toEqual(collectors.map(() => null));
  expect(Object.keys(signals).toSorted()).toEqual(Object.keys(agentSignals).toSorted());
  const outOfRange = Object.entries(signals).filter(
    ([name, value]) => !(value >= 0 && value <= (isRatioSignal(name) ? 1 : Number.MAX_VALUE)),
  );
  expect(outOfRange).toEqual([]);
  // One processor of at most 64 burnt all the time.
  expect(signals['cpu']).toBeGreaterThan(1 / 64);
  expect(signals['memoryAvailableBytes']).toBeGreaterThan(1_000_000);
});

test('connections and sockets rise by those that are opened', async () => {
  collectors = openCollectors(paths, 'none', systemClock);
  const before = collectAll();
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const accepted: Socket[] = [];
  server.on('connection', (socket) => accepted.push(socket));
  const clients = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
  await vi.waitFor(() => expect(accepted).toHaveLength(50));
  const after = collectAll();
  // Others use the machine as well, so not to the last one.
  expect((after['connections'] ?? 0) - (before['connections'] ?? 0)).toBeGreaterThan(80);
  expect((after['socketsUsed'] ?? 0) - (before['socketsUsed'] ?? 0)).toBeGreaterThan(80);
  for (const socket of [...clients, ...accepted]) socket.destroy();
  server.close();
});
