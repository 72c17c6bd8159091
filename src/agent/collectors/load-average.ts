// The load average over one minute, divided by the number of processors of the machine.

import type { Collector, SystemPaths } from './collector.ts';
import { readCoreCount } from './cpu.ts';
import { KeptFile } from './kept-file.ts';

/** The first number of /proc/loadavg. */
export function parseLoadAverage(text: string): number | null {
  const end = text.indexOf(' ');
  const load = end > 0 ? Number(text.slice(0, end)) : Number.NaN;
  return load >= 0 ? load : null;
}

/** `1.50 0.08 0.07 1/112 6319`: the first figure is at its beginning. */
const headBytes = 32;

export function openLoadCollector({ proc }: SystemPaths): Collector {
  const loadAverage = new KeptFile(`${proc}/loadavg`, headBytes);
  let cores: number | null = null;
  return {
    measures: 'loadPerCore',
    collect(nowMs, put) {
      const load = loadAverage.read(nowMs, parseLoadAverage);
      if (load === null) return;
      cores ??= readCoreCount(proc, nowMs);
      if (cores !== null) put('loadPerCore', Math.round((load / cores) * 1_000) / 1_000);
    },
    problem: () => loadAverage.problem,
    close: () => loadAverage.close(),
  };
}
