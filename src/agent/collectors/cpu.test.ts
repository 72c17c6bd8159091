import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { collectOnce, makeMachine, type FakeMachine } from '../../../test/support/fake-machine.ts';
import { parseCpuMax, parseCpuSet, parseCpuUsageMs } from './cgroup.ts';
import { cpuRatio, openCpuCollector, parseCoreCount, parseCpuTimes } from './cpu.ts';

const recorded = `cpu  10325 12 3555 393565 418 7 540 237 99 0
cpu0 2521 3 975 98372 114 2 208 55 30 0
cpu1 2944 3 766 98223 41 2 146 57 30 0
intr 1234567 0 9 0 0
ctxt 998877
btime 1795321000
`;

const machines: FakeMachine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});
function machineWith(files: Record<string, string>): FakeMachine {
  const machine = makeMachine(files);
  machines.push(machine);
  return machine;
}

test('busy is user, nice, system and interrupts; waiting is idle; stolen and guest are in neither', () => {
  expect(parseCpuTimes(recorded)).toEqual({
    busy: 10_325 + 12 + 3_555 + 7 + 540,
    idle: 393_565 + 418,
  });
});

test('the short line of old kernels is read', () => {
  expect(parseCpuTimes('cpu  10 20 30 40 5\n')).toEqual({ busy: 60, idle: 45 });
});

test.each(['', 'cpu\n', 'cpu  1 2 3\n', 'cpu  a b c d e\n', 'intr 5\n', 'cpu0 1 2 3 4 5\n'])(
  'is unknown: %j',
  (text) => {
    expect(parseCpuTimes(text)).toBeNull();
  },
);

test('processors are counted', () => {
  expect(parseCoreCount(recorded)).toBe(2);
  expect(parseCoreCount('cpu  1 2 3 4 5\n')).toBeNull();
});

test('an instance that is denied its processor is busy, not half idle', () => {
  const before = parseCpuTimes('cpu  0 0 0 0 0 0 0 0\n');
  const after = parseCpuTimes('cpu  20 0 0 0 0 0 0 80\n');
  expect(before && after && cpuRatio(before, after)).toBe(1);
});

test('the ratio is 0–1 whatever the counters do, and absent when nothing has passed', () => {
  const times = fc.record({ busy: fc.nat(), idle: fc.nat() });
  fc.assert(
    fc.property(times, times, (before, after) => {
      const ratio = cpuRatio(before, after);
      const hasPassed = after.busy > before.busy || after.idle > before.idle;
      expect(ratio !== null).toBe(hasPassed);
      if (ratio === null) return;
      expect(ratio).toBeGreaterThanOrEqual(0);
      expect(ratio).toBeLessThanOrEqual(1);
    }),
  );
});

test('a quota is read as processors', () => {
  expect(parseCpuMax('150000 100000\n')).toBe(1.5);
  expect(parseCpuMax('max 100000\n')).toBe(Number.POSITIVE_INFINITY);
  for (const odd of ['', 'max', '100000 0', '0 100000', 'x y', '-1 100000']) {
    expect(parseCpuMax(odd)).toBeNull();
  }
});

test('a set of processors is counted', () => {
  expect(parseCpuSet('0-3,8\n')).toBe(5);
  expect(parseCpuSet('7\n')).toBe(1);
  for (const odd of ['', '\n', '3-1', 'a-b', '0-']) expect(parseCpuSet(odd)).toBeNull();
});

test('the use of a control group is read in milliseconds', () => {
  expect(parseCpuUsageMs('usage_usec 2500\nuser_usec 2000\n')).toBe(2.5);
  expect(parseCpuUsageMs('user_usec 2000\n')).toBeNull();
});

test('on a machine it is of all processors', () => {
  const machine = machineWith({ 'proc/stat': 'cpu  0 0 0 0 0\ncpu0 0\ncpu1 0\n' });
  const collector = openCpuCollector(machine);
  expect(collectOnce(collector, 0)).toEqual({});
  machine.write('proc/stat', 'cpu  25 0 0 75 0\ncpu0 0\ncpu1 0\n');
  expect(collectOnce(collector, 1_000)).toEqual({ cpu: 0.25 });
  expect(collector.problem()).toBeNull();
  collector.close();
});

const container = {
  'proc/stat': 'cpu  0 0 0 0 0\ncpu0 0\ncpu1 0\ncpu2 0\ncpu3 0\n',
  'sys/fs/cgroup/cpu.max': '50000 100000\n',
  'sys/fs/cgroup/cpuset.cpus.effective': '0-3\n',
  'sys/fs/cgroup/cpu.stat': 'usage_usec 1000000\n',
};

test('in a container with a quota it is of that quota', () => {
  const machine = machineWith(container);
  const collector = openCpuCollector(machine);
  expect(collectOnce(collector, 0)).toEqual({});
  machine.write('sys/fs/cgroup/cpu.stat', 'usage_usec 1400000\n');
  // 400 ms of the 500 that half a processor has in a second.
  expect(collectOnce(collector, 1_000)).toEqual({ cpu: 0.8 });
  // A burst may lie in one reading and its pause in the next: never above 1.
  machine.write('sys/fs/cgroup/cpu.stat', 'usage_usec 2500000\n');
  expect(collectOnce(collector, 2_000)).toEqual({ cpu: 1 });
  collector.close();
});

test('in a container that is held to some processors it is of those', () => {
  const machine = machineWith({
    ...container,
    'sys/fs/cgroup/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/cpuset.cpus.effective': '2\n',
  });
  const collector = openCpuCollector(machine);
  collectOnce(collector, 0);
  machine.write('sys/fs/cgroup/cpu.stat', 'usage_usec 1250000\n');
  expect(collectOnce(collector, 1_000)).toEqual({ cpu: 0.25 });
  collector.close();
});

test('a container without a limit may use the machine, and a limit may come and go', () => {
  const machine = machineWith({ ...container, 'sys/fs/cgroup/cpu.max': 'max 100000\n' });
  const collector = openCpuCollector(machine);
  collectOnce(collector, 0);
  machine.write('proc/stat', 'cpu  90 0 0 10 0\ncpu0 0\ncpu1 0\ncpu2 0\ncpu3 0\n');
  expect(collectOnce(collector, 1_000)).toEqual({ cpu: 0.9 });
  machine.write('sys/fs/cgroup/cpu.max', '100000 100000\n');
  expect(collectOnce(collector, 2_000)).toEqual({});
  machine.write('sys/fs/cgroup/cpu.stat', 'usage_usec 1100000\n');
  expect(collectOnce(collector, 3_000)).toEqual({ cpu: 0.1 });
  collector.close();
});

test('without the file there is no signal, and the reason is told', () => {
  const collector = openCpuCollector(machineWith({}));
  expect(collectOnce(collector, 0)).toEqual({});
  expect(collector.problem()).toMatch(/there is no .*proc\/stat/);
});
