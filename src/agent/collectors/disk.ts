// The share of the time in which the busiest disk had work. Memory disks and loop devices are left
// out: the one is no disk, the other's work is done by the disk beneath.

import { roundRatio, splitFields, type Collector, type SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

/** Device name → milliseconds with work since boot. */
export type DiskBusyMs = ReadonlyMap<string, number>;

/** Beginnings of names, after the space before them. Optical and floppy drives are slow to count. */
const noDisks = [' loop', ' ram', ' zram', ' sr', ' fd'];

/** /proc/diskstats: the tenth figure after the name is the time spent doing I/O (iostats.rst). */
export function parseDiskBusy(text: string): DiskBusyMs | null {
  const busyMs = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (noDisks.some((prefix) => line.includes(prefix))) continue;
    const fields = splitFields(line);
    const name = fields[2];
    const spentMs = Number(fields[12]);
    if (name === undefined || !Number.isFinite(spentMs)) continue;
    busyMs.set(name, spentMs);
  }
  return busyMs;
}

/** 0–1, of the busiest disk in both readings; null without one. A count that fell wrapped around. */
export function diskBusyRatio(
  before: DiskBusyMs,
  after: DiskBusyMs,
  passedMs: number,
): number | null {
  let busiest: number | null = null;
  for (const [name, spentMs] of after) {
    const wasMs = before.get(name);
    if (wasMs === undefined || spentMs < wasMs || passedMs <= 0) continue;
    busiest = Math.max(busiest ?? 0, (spentMs - wasMs) / passedMs);
  }
  return busiest === null ? null : Math.min(1, busiest);
}

export function openDiskCollector({ proc }: SystemPaths): Collector {
  const file = new KeptFile(`${proc}/diskstats`);
  let before: { readonly atMs: number; readonly busyMs: DiskBusyMs } | null = null;
  return {
    measures: 'diskBusyRatio',
    collect(nowMs, put) {
      const busyMs = file.read(nowMs, parseDiskBusy);
      const last = before;
      before = busyMs === null ? null : { atMs: nowMs, busyMs };
      if (busyMs === null || last === null) return;
      const ratio = diskBusyRatio(last.busyMs, busyMs, nowMs - last.atMs);
      if (ratio !== null) put('diskBusyRatio', roundRatio(ratio));
    },
    problem: () => file.problem,
    close: () => file.close(),
  };
}
