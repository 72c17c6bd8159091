// Bytes per second through the network, in and out. Loopback is left out, and so are bridges,
// tunnels and containers' ends where there is a real device: their bytes pass it too, or never leave.

import { existsSync } from 'node:fs';
import { splitFields, type Collector, type SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

/** Since the interface came up. */
export interface InterfaceBytes {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** The names in /proc/net/dev: two lines of headings, then one line for each interface. */
export function parseInterfaceNames(text: string): readonly string[] {
  const lines = text.split('\n').slice(2);
  return lines
    .filter((line) => line.includes(':'))
    .map((line) => line.split(':', 1)[0]?.trim() ?? '');
}

/** The counts of one interface, or null if it is not there. Only its line is taken apart. */
export function parseInterface(text: string, name: string): InterfaceBytes | null {
  // Names are padded to six characters, so one is preceded by a space or by the line before.
  let start = text.indexOf(`\n${name}:`);
  if (start === -1) start = text.indexOf(` ${name}:`);
  if (start === -1) return null;
  const end = text.indexOf('\n', start + 1);
  const line = text.slice(start + name.length + 2, end === -1 ? text.length : end);
  const fields = splitFields(line);
  const [inBytes, outBytes] = [Number(fields[0]), Number(fields[8])];
  return Number.isFinite(inBytes + outBytes) ? { inBytes, outBytes } : null;
}

/** The interfaces to count: those that are real devices, or all but loopback if none is. */
export function chooseInterfaces(
  names: readonly string[],
  isDevice: (name: string) => boolean,
): readonly string[] {
  const others = names.filter((name) => name !== 'lo');
  const devices = others.filter(isDevice);
  return devices.length > 0 ? devices : others;
}

/** One reading of the interfaces that count. */
interface Reading {
  readonly atMs: number;
  readonly byName: ReadonlyMap<string, InterfaceBytes>;
}

/** Bytes between two readings, of the interfaces that are in both and whose count did not fall. */
export function countBytes(before: Reading['byName'], after: Reading['byName']): InterfaceBytes {
  let inBytes = 0;
  let outBytes = 0;
  for (const [name, now] of after) {
    const was = before.get(name);
    if (was === undefined) continue;
    inBytes += Math.max(0, now.inBytes - was.inBytes);
    outBytes += Math.max(0, now.outBytes - was.outBytes);
  }
  return { inBytes, outBytes };
}

export function openNetworkCollector({ proc, sys }: SystemPaths): Collector {
  const file = new KeptFile(`${proc}/net/dev`);
  const isDevice = (name: string): boolean => existsSync(`${sys}/class/net/${name}/device`);
  let before: Reading | null = null;
  let counted: readonly string[] = [];
  let knownLineCount = 0;

  /** Looks for devices only when an interface has come or gone. */
  function parse(text: string): Reading['byName'] | null {
    if (!text.startsWith('Inter-|')) return null;
    const lineCount = countLineEnds(text);
    let byName = parseCounted(text, counted);
    if (lineCount !== knownLineCount || byName.size !== counted.length) {
      knownLineCount = lineCount;
      counted = chooseInterfaces(parseInterfaceNames(text), isDevice);
      byName = parseCounted(text, counted);
    }
    return byName;
  }

  return {
    measures: 'networkInBytesPerSecond and networkOutBytesPerSecond',
    collect(nowMs, put) {
      const byName = file.read(nowMs, parse);
      const last = before;
      before = byName === null ? null : { atMs: nowMs, byName };
      if (byName === null || last === null || nowMs <= last.atMs) return;
      const { inBytes, outBytes } = countBytes(last.byName, byName);
      const seconds = (nowMs - last.atMs) / 1_000;
      put('networkInBytesPerSecond', Math.round(inBytes / seconds));
      put('networkOutBytesPerSecond', Math.round(outBytes / seconds));
    },
    problem: () => file.problem,
    close: () => file.close(),
  };
}

function parseCounted(text: string, names: readonly string[]): Reading['byName'] {
  const byName = new Map<string, InterfaceBytes>();
  for (const name of names) {
    const bytes = parseInterface(text, name);
    if (bytes !== null) byName.set(name, bytes);
  }
  return byName;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
