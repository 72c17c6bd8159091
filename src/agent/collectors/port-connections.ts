// The established connections to each listening port. Reading the tables costs the kernel about
// 4 µs for each connection, and 2 ms for each table even without any, as it walks the whole hash; so
// they are read as seldom as their cost demands, a slice at a time, and tell their age as a signal.

import { closeSync, openSync, readSync } from 'node:fs';
import { connectionsAgeSignal, connectionsToPort } from '../../wire/signals.ts';
import type { Clock } from '../clock.ts';
import { describeError } from '../describe-error.ts';
import type { Collector, SystemPaths } from './collector.ts';
import { countLines, emptyPortTable, type PortTable } from './port-table.ts';

/** The share of one processor that the reading may take: a fifth of what the whole agent may. */
export const scanCoreShare = 0.000_2;
/** The same while somebody waits for the last connection to go. */
export const hurriedCoreShare = 0.02;
export const scanPeriodMsMin = 5_000;
export const scanPeriodMsMax = 3_600_000;
/** Listening ports that are reported when none are named: the lowest ones. */
export const portsMax = 32;
/** Bytes that are read before the event loop gets its turn: about 2 ms. */
const turnBytes = 64 * 1024;
/** A read gives one page of the kernel's; the rest is room for a line that was cut. */
const sliceBytes = 8 * 1024;

/** Which ports to report: the named ones, all that listen, or none. */
export type PortChoice = readonly number[] | 'listening' | 'none';

/** When to read again: so that a reading's cost is such a share of the time in between. */
export function nextScanDelayMs(costMs: number, coreShare = scanCoreShare): number {
  return Math.min(scanPeriodMsMax, Math.max(scanPeriodMsMin, costMs / coreShare));
}

/** Port → established connections, in order of the ports. A named port without any has 0. */
export function choosePorts(table: PortTable, choice: PortChoice): readonly [number, number][] {
  if (choice === 'none') return [];
  const ports = choice === 'listening' ? [...table.listening] : choice;
  return ports
    .toSorted((a, b) => a - b)
    .slice(0, portsMax)
    .map((port) => [port, table.established.get(port) ?? 0]);
}

export function openPortCollector(
  { proc }: SystemPaths,
  choice: PortChoice,
  clock: Clock,
): Collector {
  let counts: readonly [number, number][] = [];
  let countedAtMs = 0;
  let nextScanAtMs = Number.NEGATIVE_INFINITY;
  let hurriedScanAtMs = Number.NEGATIVE_INFINITY;
  let isScanning = false;
  let isClosed = false;
  let problem: string | null = null;

  async function scan(): Promise<void> {
    isScanning = true;
    const meter = { costMs: 0 };
    const table = emptyPortTable();
    try {
      await readTable(`${proc}/net/tcp`, table, 8, meter);
      await readTable(`${proc}/net/tcp6`, table, 32, meter).catch(ignoreMissing);
      counts = choosePorts(table, choice);
      countedAtMs = clock.monotonicMs();
      problem = null;
    } catch (error) {
      counts = [];
      problem = describeError(error);
    }
    nextScanAtMs = clock.monotonicMs() + nextScanDelayMs(meter.costMs);
    hurriedScanAtMs = clock.monotonicMs() + nextScanDelayMs(meter.costMs, hurriedCoreShare);
    isScanning = false;
  }

  return {
    measures: 'connections by port',
    collect(nowMs, put) {
      if (choice === 'none' || isClosed) return;
      for (const [port, connections] of counts) put(connectionsToPort(port), connections);
      if (counts.length > 0) {
        put(connectionsAgeSignal, Math.max(0, Math.round(nowMs - countedAtMs)));
      }
      if (!isScanning && nowMs >= nextScanAtMs) void scan();
    },
    problem: () => problem,
    hurry: () => {
      nextScanAtMs = Math.min(nextScanAtMs, hurriedScanAtMs);
    },
    close: () => {
      isClosed = true;
    },
  };
}

/** A machine without IPv6 has no tcp6. */
function ignoreMissing(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}

/** Adds a table's lines to the counts, and the processor time that it took to the meter. */
async function readTable(
  path: string,
  table: PortTable,
  addressDigits: 8 | 32,
  meter: { costMs: number },
): Promise<void> {
  const descriptor = openSync(path, 'r');
  try {
    const slice = Buffer.allocUnsafe(sliceBytes);
    let rest: Buffer = slice.subarray(0, 0);
    for (let position = 0, isDone = false; !isDone;) {
      const before = process.cpuUsage();
      for (let taken = 0; taken < turnBytes;) {
        rest.copy(slice, 0);
        const start = rest.length;
        const count = readSync(descriptor, slice, start, slice.length - start, position);
        isDone = count === 0;
        if (isDone) break;
        position += count;
        taken += count;
        rest = countLines(table, slice.subarray(0, start + count), addressDigits);
      }
      const used = process.cpuUsage(before);
      meter.costMs += (used.user + used.system) / 1_000;
      if (!isDone) await letOthersRun();
    }
  } finally {
    closeSync(descriptor);
  }
}

function letOthersRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
