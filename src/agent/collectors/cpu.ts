// The busy share of the processor time that the instance, or its container, may use.

import { parseCpuMax, parseCpuSet, parseCpuUsageMs } from './cgroup.ts';
import { roundRatio, type Collector, type SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

/** Since boot, summed over all processors, in clock ticks. */
export interface CpuTimes {
  readonly busy: number;
  readonly idle: number;
}

/** The first line of /proc/stat, which is enough of it. Null when it is not there. */
export function parseCpuTimes(text: string): CpuTimes | null {
  const end = text.indexOf('\n');
  if (!text.startsWith('cpu  ') || end === -1) return null;
  // Guest time is counted in user time already. Stolen time is in neither sum: it was not the
  // instance's to use, so an instance that is denied the processor is busy, not half idle.
  const [user, nice, system, idle, wait, interrupt = 0, softInterrupt = 0] = text
    .slice('cpu  '.length, end)
    .split(' ')
    .map(Number);
  const busy = Number(user) + Number(nice) + Number(system) + interrupt + softInterrupt;
  const notBusy = Number(idle) + Number(wait);
  return Number.isFinite(busy + notBusy) ? { busy, idle: notBusy } : null;
}

/** Busy share between two readings, 0–1; null when no time has passed. */
export function cpuRatio(before: CpuTimes, after: CpuTimes): number | null {
  // Linux lets idle and wait time go back by a tick or two now and then (proc(5)).
  const busy = Math.max(0, after.busy - before.busy);
  const idle = Math.max(0, after.idle - before.idle);
  return busy + idle > 0 ? busy / (busy + idle) : null;
}

/** Ten figures of at most twenty digits. */
const cpuLineBytesMax = 256;

/** How many processors the machine has, or null. They do not change while it runs. */
export function readCoreCount(proc: string, nowMs: number): number | null {
  const stat = new KeptFile(`${proc}/stat`);
  const count = stat.read(nowMs, parseCoreCount);
  stat.close();
  return count;
}

/** How many processors /proc/stat lists, or null. */
export function parseCoreCount(text: string): number | null {
  let count = 0;
  for (let at = text.indexOf('\ncpu'); at !== -1; at = text.indexOf('\ncpu', at + 1)) count += 1;
  return count > 0 ? count : null;
}

/** Processor time that a container used since it began, and how much it may use. */
interface ContainerUse {
  readonly usedMs: number;
  readonly atMs: number;
  readonly cores: number;
}

export function openCpuCollector({ proc, sys }: SystemPaths): Collector {
  const stat = new KeptFile(`${proc}/stat`, cpuLineBytesMax);
  const cpuMax = new KeptFile(`${sys}/fs/cgroup/cpu.max`);
  const cpuSet = new KeptFile(`${sys}/fs/cgroup/cpuset.cpus.effective`);
  const cpuStat = new KeptFile(`${sys}/fs/cgroup/cpu.stat`);
  const files = [stat, cpuMax, cpuSet, cpuStat];
  let machineCores: number | null = null;
  let timesBefore: CpuTimes | null = null;
  let useBefore: ContainerUse | null = null;

  /**
   * Null unless this is a container with less than the machine. The root cgroup of a machine has
   * no `cpu.max`; that of a container, which is one inside, has.
   */
  function readContainer(atMs: number): ContainerUse | null {
    const quota = cpuMax.read(atMs, parseCpuMax);
    if (quota === null) return null;
    machineCores ??= readCoreCount(proc, atMs);
    const cores = Math.min(quota, cpuSet.read(atMs, parseCpuSet) ?? Number.POSITIVE_INFINITY);
    if (machineCores === null || cores >= machineCores) return null;
    const usedMs = cpuStat.read(atMs, parseCpuUsageMs);
    return usedMs === null ? null : { usedMs, atMs, cores };
  }

  return {
    measures: 'cpu',
    collect(nowMs, put) {
      const use = readContainer(nowMs);
      const times = use === null ? stat.read(nowMs, parseCpuTimes) : null;
      let ratio: number | null = null;
      if (use !== null && useBefore !== null) ratio = containerRatio(useBefore, use);
      if (times !== null && timesBefore !== null) ratio = cpuRatio(timesBefore, times);
      useBefore = use;
      timesBefore = times;
      if (ratio !== null) put('cpu', roundRatio(ratio));
    },
    problem: () => stat.problem,
    close: () => files.forEach((file) => file.close()),
  };
}

function containerRatio(before: ContainerUse, after: ContainerUse): number | null {
  const allowedMs = (after.atMs - before.atMs) * after.cores;
  return allowedMs > 0 ? (after.usedMs - before.usedMs) / allowedMs : null;
}
