import { connect, createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { collectOnce, makeMachine } from '../../../test/support/fake-machine.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import {
  choosePorts,
  nextScanDelayMs,
  openPortCollector,
  portsMax,
  scanPeriodMsMax,
  scanPeriodMsMin,
} from './port-connections.ts';
import { countLines, emptyPortTable, type PortTable } from './port-table.ts';

const heading4 =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const tail =
  '00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0';

function line4(slot: number, port: number, state: string): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return `${String(slot).padStart(4)}: 0100007F:${hex} 0200007F:C350 ${state} ${tail}`.padEnd(149);
}
function line6(slot: number, port: number, state: string): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const any = '0'.repeat(32);
  return `${String(slot).padStart(4)}: ${any}:${hex} ${any}:0000 ${state} ${tail}`;
}
function tableOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}
function count(bytes: Buffer, addressDigits: 8 | 32): PortTable {
  const table = emptyPortTable();
  expect(countLines(table, bytes, addressDigits)).toHaveLength(0);
  return table;
}

test('established connections are counted by local port, and listening ports are known', () => {
  const table = count(
    tableOf([
      heading4,
      line4(0, 443, '0A'),
      line4(1, 80, '0A'),
      line4(2, 443, '01'),
      line4(3, 443, '01'),
      line4(4, 443, '06'),
      line4(12_345, 51_234, '01'),
    ]),
    8,
  );
  expect([...table.listening]).toEqual([443, 80]);
  expect([...table.established]).toEqual([
    [443, 2],
    [51_234, 1],
  ]);
});

test('the table of IPv6 is read by its longer addresses', () => {
  const table = count(tableOf([heading4, line6(0, 8080, '0A'), line6(1, 8080, '01')]), 32);
  expect([...table.listening]).toEqual([8080]);
  expect([...table.established]).toEqual([[8080, 1]]);
});

test('the counts are the same however the table is cut', () => {
  const states = fc.constantFrom('01', '06', '0A');
  const rows = fc.array(fc.tuple(fc.constantFrom(80, 443, 65_535), states), { maxLength: 20 });
  const cuts = fc.array(fc.integer({ min: 1, max: 400 }));
  fc.assert(
    fc.property(rows, cuts, (connections, sizes) => {
      const lines = connections.map(([port, state], slot) => line4(slot, port, state));
      const whole = tableOf([heading4, ...lines]);
      const table = emptyPortTable();
      let rest = Buffer.alloc(0);
      let stream = whole;
      for (const size of [...sizes, whole.length]) {
        rest = Buffer.from(countLines(table, Buffer.concat([rest, stream.subarray(0, size)]), 8));
        stream = stream.subarray(size);
      }
      expect(table).toEqual(count(whole, 8));
    }),
  );
});

test('no bytes make it throw or count a port that is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const table = emptyPortTable();
      countLines(table, Buffer.from(bytes), 8);
      for (const port of table.established.keys()) expect(port).toBeLessThanOrEqual(65_535);
    }),
  );
});

test('a line without an end does not pile up', () => {
  const table = emptyPortTable();
  expect(countLines(table, Buffer.alloc(10_000, 0x41), 8)).toHaveLength(0);
});

test('named ports are reported even without connections; else those that listen, lowest first', () => {
  const table = count(tableOf([line4(0, 8080, '0A'), line4(1, 80, '0A'), line4(2, 80, '01')]), 8);
  expect(choosePorts(table, [443, 80])).toEqual([
    [80, 1],
    [443, 0],
  ]);
  expect(choosePorts(table, 'listening')).toEqual([
    [80, 1],
    [8080, 0],
  ]);
  expect(choosePorts(table, 'none')).toEqual([]);
});

test('no more ports are reported than the bound', () => {
  const lines = Array.from({ length: portsMax + 10 }, (_, index) =>
    line4(index, 1_000 + index, '0A'),
  );
  const chosen = choosePorts(count(tableOf(lines), 8), 'listening');
  expect(chosen).toHaveLength(portsMax);
  expect(chosen[0]).toEqual([1_000, 0]);
});

test('the tables are read the less often the more they cost', () => {
  expect(nextScanDelayMs(0)).toBe(scanPeriodMsMin);
  // 24 ms at 5,000 connections: every two minutes, which is 0.02 % of one processor.
  expect(nextScanDelayMs(24)).toBeCloseTo(120_000, 6);
  expect(nextScanDelayMs(1e9)).toBe(scanPeriodMsMax);
});

test('counts carry their age until they are renewed', async () => {
  const machine = makeMachine({
    'proc/net/tcp': tableOf([heading4, line4(0, 80, '0A')]).toString(),
  });
  const clock = new ManualClock();
  const collector = openPortCollector(machine, 'listening', clock);
  expect(collectOnce(collector, clock.monotonicMs())).toEqual({});
  await vi.waitFor(() => {
    expect(collectOnce(collector, 0)).toEqual({ 'connections:80': 0, connectionsAgeMs: 0 });
  });
  clock.advance(1_500);
  expect(collectOnce(collector, 1_500)).toEqual({ 'connections:80': 0, connectionsAgeMs: 1_500 });
  machine.write('proc/net/tcp', tableOf([line4(0, 80, '0A'), line4(1, 80, '01')]).toString());
  clock.advance(scanPeriodMsMax);
  await vi.waitFor(() => {
    const signals = collectOnce(collector, clock.monotonicMs());
    expect(signals).toEqual({ 'connections:80': 1, connectionsAgeMs: 0 });
  });
  machine.remove();
});

test('a machine without the tables has no such signals, and says why', async () => {
  const machine = makeMachine();
  const collector = openPortCollector(machine, 'listening', new ManualClock());
  collectOnce(collector, 0);
  await vi.waitFor(() => expect(collector.problem()).toMatch(/ENOENT.*net\/tcp/));
  expect(collectOnce(collector, 0)).toEqual({});
  machine.remove();
});

test("this machine's own connections are counted, of both families", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const accepted: Socket[] = [];
  server.on('connection', (socket) => accepted.push(socket));
  const clients = [0, 1, 2].map(() => connect(port, '127.0.0.1'));
  await vi.waitFor(() => expect(accepted).toHaveLength(3));

  const paths = { proc: '/proc', sys: '/sys' };
  const collector = openPortCollector(paths, [port], new ManualClock());
  collectOnce(collector, 0);
  await vi.waitFor(() => expect(collectOnce(collector, 0)[`connections:${port}`]).toBe(3));
  for (const socket of [...clients, ...accepted]) socket.destroy();
  server.close();
});
