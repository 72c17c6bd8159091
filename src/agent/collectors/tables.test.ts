// The collectors that read a table or a single figure: load, sockets, connections, network, disk.

import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { collectOnce, makeMachine, type FakeMachine } from '../../../test/support/fake-machine.ts';
import { diskBusyRatio, openDiskCollector, parseDiskBusy } from './disk.ts';
import { openLoadCollector, parseLoadAverage } from './load-average.ts';
import {
  chooseInterfaces,
  countBytes,
  openNetworkCollector,
  parseInterface,
  parseInterfaceNames,
} from './network.ts';
import { parseEstablished, parseSocketsUsed } from './sockets.ts';

const machines: FakeMachine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});
function machineWith(files: Record<string, string>): FakeMachine {
  const machine = makeMachine(files);
  machines.push(machine);
  return machine;
}

test('the load average is the first figure, and is shared by the processors', () => {
  expect(parseLoadAverage('1.50 0.08 0.07 1/112 6319\n')).toBe(1.5);
  for (const odd of ['', 'x', '1', '-1.0 0']) expect(parseLoadAverage(odd)).toBeNull();
  const machine = machineWith({
    'proc/loadavg': '1.50 0.08 0.07 1/112 6319\n',
    'proc/stat': 'cpu 1 2 3 4 5\ncpu0 1\ncpu1 1\ncpu2 1\ncpu3 1\n',
  });
  const collector = openLoadCollector(machine);
  expect(collectOnce(collector, 0)).toEqual({ loadPerCore: 0.375 });
  collector.close();
});

test('sockets in use are read', () => {
  const recorded = 'sockets: used 14\nTCP: inuse 1 orphan 0 tw 1 alloc 1 mem 103\nUDP: inuse 0\n';
  expect(parseSocketsUsed(recorded)).toBe(14);
  for (const odd of ['', 'TCP: inuse 1\n', 'sockets: used\n', 'sockets: used -3\n']) {
    expect(parseSocketsUsed(odd)).toBeNull();
  }
});

test('established connections are found by the name of their column', () => {
  const recorded =
    'Ip: Forwarding DefaultTTL\nIp: 1 64\n' +
    'Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs\n' +
    'Tcp: 1 200 120000 -1 102 2 0 0 37 21838\nUdp: InDatagrams\nUdp: 5\n';
  expect(parseEstablished(recorded)).toBe(37);
  expect(parseEstablished('Tcp: CurrEstab RtoMin\nTcp: 8 200\n')).toBe(8);
  for (const odd of ['', 'Tcp: CurrEstab\n', 'Tcp: RtoMin\nTcp: 1\n', 'Tcp: CurrEstab\nTcp: x\n']) {
    expect(parseEstablished(odd)).toBeNull();
  }
});

const heading =
  'Inter-|   Receive                                                |  Transmit\n' +
  ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n';
function row(name: string, inBytes: number, outBytes: number): string {
  return `${name.padStart(6)}: ${inBytes} 29 0 0 0 0 0 0 ${outBytes} 29 0 0 0 0 0 0\n`;
}

test('interfaces are read, with and without a space after their colon', () => {
  const eth0 = '  eth0:639264674 1 0 0 0 0 0 0 1550985 9 0\n';
  const text = heading + row('lo', 1, 2) + row('veth0', 3, 4) + eth0 + row('br-0a1b2c3d', 5, 6);
  expect(parseInterfaceNames(text)).toEqual(['lo', 'veth0', 'eth0', 'br-0a1b2c3d']);
  expect(parseInterface(text, 'lo')).toEqual({ inBytes: 1, outBytes: 2 });
  expect(parseInterface(text, 'eth0')).toEqual({ inBytes: 639_264_674, outBytes: 1_550_985 });
  expect(parseInterface(text, 'br-0a1b2c3d')).toEqual({ inBytes: 5, outBytes: 6 });
  for (const missing of ['eth', 'th0', 'face', '']) {
    expect(parseInterface(text, missing)).toBeNull();
  }
  expect(parseInterfaceNames(heading)).toEqual([]);
  expect(parseInterface(`${heading}   bad: x\n`, 'bad')).toBeNull();
});

test('real devices are counted; without any, all but loopback', () => {
  const names = ['lo', 'ens5', 'docker0', 'veth1'];
  expect(chooseInterfaces(names, (name) => name === 'ens5')).toEqual(['ens5']);
  expect(chooseInterfaces(['lo', 'eth0'], () => false)).toEqual(['eth0']);
  expect(chooseInterfaces(['lo'], () => true)).toEqual([]);
});

test('bytes never count backwards, and an interface that came counts from its second reading', () => {
  const before = new Map([
    ['a', { inBytes: 100, outBytes: 100 }],
    ['gone', { inBytes: 5, outBytes: 5 }],
  ]);
  const after = new Map([
    ['a', { inBytes: 150, outBytes: 90 }],
    ['came', { inBytes: 9_999, outBytes: 9_999 }],
  ]);
  expect(countBytes(before, after)).toEqual({ inBytes: 50, outBytes: 0 });
});

test('an interface that comes or goes is noticed', () => {
  const machine = machineWith({ 'proc/net/dev': heading + row('eth0', 0, 0) });
  const collector = openNetworkCollector(machine);
  collectOnce(collector, 0);
  machine.write('proc/net/dev', heading + row('eth0', 1_000, 0) + row('eth1', 5_000, 0));
  expect(collectOnce(collector, 1_000)['networkInBytesPerSecond']).toBe(1_000);
  machine.write('proc/net/dev', heading + row('eth0', 2_000, 0) + row('eth1', 7_000, 0));
  expect(collectOnce(collector, 2_000)['networkInBytesPerSecond']).toBe(3_000);
  machine.write('proc/net/dev', heading + row('eth1', 8_000, 0) + row('eth2', 0, 0));
  expect(collectOnce(collector, 3_000)['networkInBytesPerSecond']).toBe(1_000);
  machine.write('proc/net/dev', 'nothing of the kind');
  expect(collectOnce(collector, 4_000)).toEqual({});
  expect(collector.problem()).toMatch(/unknown form/);
  collector.close();
});

test('bytes are per second, by the time that has passed', () => {
  const machine = machineWith({
    'proc/net/dev': heading + row('lo', 0, 0) + row('eth0', 1_000, 500) + row('docker0', 0, 0),
    'sys/class/net/eth0/device/vendor': '',
  });
  const collector = openNetworkCollector(machine);
  expect(collectOnce(collector, 0)).toEqual({});
  machine.write(
    'proc/net/dev',
    heading + row('lo', 7_777, 7_777) + row('eth0', 5_000, 1_500) + row('docker0', 4_000, 4_000),
  );
  expect(collectOnce(collector, 2_000)).toEqual({
    networkInBytesPerSecond: 2_000,
    networkOutBytesPerSecond: 500,
  });
  collector.close();
});

const disks = `   7       0 loop0 1 0 0 0 0 0 0 0 0 900000 0
 254       0 vda 35143 9824 2151754 5741 5499 62697 1869040 9355 0 5172 15904 13304 173 219024 802 212 5
 254       1 vda1 35143 9824 2151754 5741 5499 62697 1869040 9355 0 5172 15904
 259       0 nvme1n1 1 0 8 0 0 0 0 0 0 12 0
 253       0 zram0 0 0 0 0 0 0 0 0 0 900000 0
`;

test('the time with work is read of each disk that is one', () => {
  expect([...(parseDiskBusy(disks) ?? [])]).toEqual([
    ['vda', 5_172],
    ['vda1', 5_172],
    ['nvme1n1', 12],
  ]);
  expect([...(parseDiskBusy('') ?? [])]).toEqual([]);
  expect([...(parseDiskBusy('8 0 sda 1 2 3\n') ?? [])]).toEqual([]);
});

test('the busiest disk decides; a counter that wrapped and a disk that came are left out', () => {
  const before = new Map([
    ['a', 0],
    ['b', 4_294_967_290],
    ['c', 100],
  ]);
  const after = new Map([
    ['a', 100],
    ['b', 5],
    ['c', 600],
    ['d', 999],
  ]);
  expect(diskBusyRatio(before, after, 1_000)).toBe(0.5);
  expect(diskBusyRatio(before, new Map(), 1_000)).toBeNull();
});

test('a disk is never busier than always', () => {
  const counters = fc
    .dictionary(fc.constantFrom('a', 'b'), fc.nat())
    .map((record) => new Map(Object.entries(record)));
  fc.assert(
    fc.property(counters, counters, fc.nat(), (before, after, passedMs) => {
      const ratio = diskBusyRatio(before, after, passedMs);
      if (ratio === null) return;
      expect(ratio).toBeGreaterThanOrEqual(0);
      expect(ratio).toBeLessThanOrEqual(1);
    }),
  );
});

test('a machine without disks has no such signal, and that is no problem', () => {
  const collector = openDiskCollector(machineWith({ 'proc/diskstats': '' }));
  collectOnce(collector, 0);
  expect(collectOnce(collector, 1_000)).toEqual({});
  expect(collector.problem()).toBeNull();
  collector.close();
});
