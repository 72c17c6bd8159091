// Bytes per second through the network, in and out. Loopback is left out, and so are bridges,
// tunnels and containers' ends where there is a real device: their bytes pass it too, or never leave.

import { existsSync } from 'node:fs';
import type { Collector, SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

/** Since the interface came up. */
export interface InterfaceBytes {
  readonly name: string;
  readonly inBytes: number;
  readonly outBytes: number;
}

/** /proc/net/dev: two lines of headings, then one line for each interface. */
export function parseInterfaces(text: string): readonly InterfaceBytes[] | null {
  if (!text.startsWith('Inter-|')) return null;
  const interfaces: InterfaceBytes[] = [];
  for (const line of text.split('\n').slice(2)) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/ +/);
    const inBytes = Number(fields[0]);
    const outBytes = Number(fields[8]);
    if (!Number.isFinite(inBytes + outBytes)) continue;
    interfaces.push({ name: line.slice(0, colon).trim(), inBytes, outBytes });
  }
  return interfaces;
}

/** The interfaces to count: those that are real devices, or all but loopback if none is. */
export function chooseInterfaces(
  names: readonly string[],
  isDevice: (name: string) => boolean,
): ReadonlySet<string> {
  const others = names.filter((name) => name !== 'lo');
  const devices = others.filter(isDevice);
  return new Set(devices.length > 0 ? devices : others);
}

/** Bytes between two readings, of the interfaces that are in both and whose count did not fall. */
export function countBytes(
  before: readonly InterfaceBytes[],
  after: readonly InterfaceBytes[],
  counted: ReadonlySet<string>,
): { readonly inBytes: number; readonly outBytes: number } {
  let inBytes = 0;
  let outBytes = 0;
  for (const now of after) {
    const was = counted.has(now.name) ? before.find(({ name }) => name === now.name) : undefined;
    if (was === undefined) continue;
    inBytes += Math.max(0, now.inBytes - was.inBytes);
    outBytes += Math.max(0, now.outBytes - was.outBytes);
  }
  return { inBytes, outBytes };
}

export function openNetworkCollector({ proc, sys }: SystemPaths): Collector {
  const file = new KeptFile(`${proc}/net/dev`);
  let before: { readonly atMs: number; readonly interfaces: readonly InterfaceBytes[] } | null =
    null;
  let knownNames = '';
  let counted: ReadonlySet<string> = new Set();

  /** Asks the file system only when an interface has come or gone. */
  function choose(interfaces: readonly InterfaceBytes[]): void {
    const names = interfaces.map(({ name }) => name);
    const joined = names.join(' ');
    if (joined === knownNames) return;
    knownNames = joined;
    counted = chooseInterfaces(names, (name) => existsSync(`${sys}/class/net/${name}/device`));
  }

  return {
    measures: 'networkInBytesPerSecond and networkOutBytesPerSecond',
    collect(nowMs, put) {
      const interfaces = file.read(nowMs, parseInterfaces);
      const last = before;
      before = interfaces === null ? null : { atMs: nowMs, interfaces };
      if (interfaces === null) return;
      choose(interfaces);
      if (last === null || nowMs <= last.atMs) return;
      const { inBytes, outBytes } = countBytes(last.interfaces, interfaces, counted);
      const seconds = (nowMs - last.atMs) / 1_000;
      put('networkInBytesPerSecond', Math.round(inBytes / seconds));
      put('networkOutBytesPerSecond', Math.round(outBytes / seconds));
    },
    problem: () => file.problem,
    close: () => file.close(),
  };
}
