// The load average over one minute, divided by the number of processors of the machine.

import type { Collector, SystemPaths } from './collector.ts';
import { parseCoreCount } from './cpu.ts';
import { KeptFile } from './kept-file.ts';

/** The first number of /proc/loadavg. */
export function parseLoadAverage(text: string): number | null {
  const first = /^(\d+\.\d+) /.exec(text);
  return first === null ? null : Number(first[1]);
}

export function openLoadCollector({ proc }: SystemPaths): Collector {
  const loadAverage = new KeptFile(`${proc}/loadavg`);
  const stat = new KeptFile(`${proc}/stat`);
  let cores: number | null = null;
  return {
    measures: 'loadPerCore',
    collect(nowMs, put) {
      cores ??= stat.read(nowMs, parseCoreCount);
      const load = loadAverage.read(nowMs, parseLoadAverage);
      if (cores === null || load === null) return;
      // Read once: the descriptor is not needed any more.
      stat.close();
      put('loadPerCore', Math.round((load / cores) * 1_000) / 1_000);
    },
    problem: () => loadAverage.problem ?? stat.problem,
    close: () => [loadAverage, stat].forEach((file) => file.close()),
  };
}
