// The registry: every collector of the machine's signals, in the order of a report.

import type { Clock } from '../clock.ts';
import type { Collector, SystemPaths } from './collector.ts';
import { openCpuCollector } from './cpu.ts';
import { openDiskCollector } from './disk.ts';
import { openLoadCollector } from './load-average.ts';
import { openMemoryCollector } from './memory.ts';
import { openNetworkCollector } from './network.ts';
import { openPortCollector, type PortChoice } from './port-connections.ts';
import { openConnectionsCollector, openSocketsCollector } from './sockets.ts';

export function openCollectors(
  paths: SystemPaths,
  ports: PortChoice,
  clock: Clock,
): readonly Collector[] {
  return [
    openCpuCollector(paths),
    openLoadCollector(paths),
    openMemoryCollector(paths),
    openSocketsCollector(paths),
    openConnectionsCollector(paths),
    openNetworkCollector(paths),
    openDiskCollector(paths),
    openPortCollector(paths, ports, clock),
  ];
}
