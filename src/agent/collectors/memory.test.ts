import { afterEach, expect, test } from 'vitest';
import { collectOnce, makeMachine, type FakeMachine } from '../../../test/support/fake-machine.ts';
import { parseBytes, parseInactiveFileBytes } from './cgroup.ts';
import { limitMemory, openMemoryCollector, parseMemoryInfo } from './memory.ts';

const recorded = `MemTotal:       24683660 kB
MemFree:        23661928 kB
MemAvailable:   24251288 kB
Buffers:           61180 kB
Cached:           687460 kB
SwapCached:            0 kB
`;

const machines: FakeMachine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});

test('available memory counts the cache that can go', () => {
  expect(parseMemoryInfo(recorded)).toEqual({
    totalBytes: 24_683_660 * 1_024,
    availableBytes: 24_251_288 * 1_024,
  });
});

test('before MemAvailable was known, free memory and cache stand for it', () => {
  const old = recorded.replace(/MemAvailable.*\n/, '');
  expect(parseMemoryInfo(old)?.availableBytes).toBe((23_661_928 + 61_180 + 687_460) * 1_024);
});

test.each(['', 'MemTotal: 0 kB\nMemAvailable: 0 kB\n', 'MemTotal:\n', 'MemTotal: 100 kB\n'])(
  'is unknown: %j',
  (text) => {
    expect(parseMemoryInfo(text)).toBeNull();
  },
);

test('the files of a control group are read', () => {
  expect(parseBytes('1048576\n')).toBe(1_048_576);
  expect(parseBytes('max\n')).toBe(Number.POSITIVE_INFINITY);
  expect(parseBytes('lots\n')).toBeNull();
  expect(parseInactiveFileBytes('anon 5\ninactive_file 4096\n')).toBe(4_096);
  expect(parseInactiveFileBytes('anon 5\n')).toBeNull();
});

const machineMemory = { totalBytes: 1_000, availableBytes: 600 };

test.each([
  ['what its limit leaves', { maxBytes: 500, currentBytes: 200, inactiveFileBytes: 50 }, 350],
  ['no more than the machine has', { maxBytes: 900, currentBytes: 0, inactiveFileBytes: 0 }, 600],
  ['nothing, above its limit', { maxBytes: 100, currentBytes: 150, inactiveFileBytes: 0 }, 0],
  ['all, when all is cache', { maxBytes: 100, currentBytes: 80, inactiveFileBytes: 90 }, 100],
])('a container may still get %s', (_what, limit, availableBytes) => {
  expect(limitMemory(machineMemory, limit).availableBytes).toBe(availableBytes);
});

test('a container reports the share of its limit', () => {
  const machine = makeMachine({
    'proc/meminfo': recorded,
    'sys/fs/cgroup/memory.max': '1000000\n',
    'sys/fs/cgroup/memory.current': '400000\n',
    'sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 100000\n',
  });
  machines.push(machine);
  const collector = openMemoryCollector(machine);
  expect(collectOnce(collector, 0)).toEqual({
    memoryAvailableBytes: 700_000,
    memoryAvailableRatio: 0.7,
  });
  machine.write('sys/fs/cgroup/memory.max', 'max\n');
  expect(collectOnce(collector, 1_000)['memoryAvailableBytes']).toBe(24_251_288 * 1_024);
  collector.close();
});
