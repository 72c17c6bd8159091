// The memory that programs can still get, reclaimable cache included; of the container's limit
// where there is one.

import { parseBytes, parseInactiveFileBytes } from './cgroup.ts';
import { roundRatio, type Collector, type SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** /proc/meminfo. Before Linux 3.14 there is no MemAvailable: free memory and cache stand for it. */
export function parseMemoryInfo(text: string): Memory | null {
  const totalBytes = parseLine(text, 'MemTotal');
  const availableBytes = parseLine(text, 'MemAvailable') ?? estimateAvailable(text);
  if (totalBytes === null || totalBytes === 0 || availableBytes === null) return null;
  return { totalBytes, availableBytes: Math.min(availableBytes, totalBytes) };
}

function estimateAvailable(text: string): number | null {
  const free = parseLine(text, 'MemFree');
  const buffers = parseLine(text, 'Buffers');
  const cached = parseLine(text, 'Cached');
  return free === null || buffers === null || cached === null ? null : free + buffers + cached;
}

/** `Name:   123 kB` in bytes. The kernel says kB and means KiB. */
function parseLine(text: string, name: string): number | null {
  const start = text.startsWith(name) ? 0 : text.indexOf(`\n${name}:`) + 1;
  const end = text.indexOf(' kB\n', start);
  if ((start === 0 && !text.startsWith(`${name}:`)) || end === -1) return null;
  const kibibytes = Number(text.slice(start + name.length + 1, end));
  return Number.isInteger(kibibytes) ? kibibytes * 1_024 : null;
}

/** The first five lines, of 28 bytes each, have all that is needed. */
const headBytes = 512;

/** What a container may still get: its limit less what it uses, cache that can go left out. */
export function limitMemory(machine: Memory, limit: ContainerMemory): Memory {
  const totalBytes = Math.min(machine.totalBytes, limit.maxBytes);
  const usedBytes = Math.max(0, limit.currentBytes - limit.inactiveFileBytes);
  const freeBytes = Math.max(0, totalBytes - usedBytes);
  return { totalBytes, availableBytes: Math.min(machine.availableBytes, freeBytes) };
}

export interface ContainerMemory {
  readonly maxBytes: number;
  readonly currentBytes: number;
  readonly inactiveFileBytes: number;
}

export function openMemoryCollector({ proc, sys }: SystemPaths): Collector {
  const info = new KeptFile(`${proc}/meminfo`, headBytes);
  const max = new KeptFile(`${sys}/fs/cgroup/memory.max`);
  const current = new KeptFile(`${sys}/fs/cgroup/memory.current`);
  const stat = new KeptFile(`${sys}/fs/cgroup/memory.stat`);
  const files = [info, max, current, stat];

  function readContainer(nowMs: number): ContainerMemory | null {
    const maxBytes = max.read(nowMs, parseBytes);
    if (maxBytes === null || maxBytes === 0 || !Number.isFinite(maxBytes)) return null;
    const currentBytes = current.read(nowMs, parseBytes);
    const inactiveFileBytes = stat.read(nowMs, parseInactiveFileBytes) ?? 0;
    return currentBytes === null ? null : { maxBytes, currentBytes, inactiveFileBytes };
  }

  return {
    measures: 'memoryAvailableBytes and memoryAvailableRatio',
    collect(nowMs, put) {
      const machine = info.read(nowMs, parseMemoryInfo);
      if (machine === null) return;
      const container = readContainer(nowMs);
      const memory = container === null ? machine : limitMemory(machine, container);
      put('memoryAvailableBytes', memory.availableBytes);
      put('memoryAvailableRatio', roundRatio(memory.availableBytes / memory.totalBytes));
    },
    problem: () => info.problem,
    close: () => files.forEach((file) => file.close()),
  };
}
