// The open sockets and the established TCP connections of the machine, IPv4 and IPv6 together.

import type { Collector, SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

/**
 * `sockets: used 14` of /proc/net/sockstat. It counts the sockets of every family, IPv6 and Unix
 * ones included, so nothing is to be added from sockstat6.
 */
export function parseSocketsUsed(text: string): number | null {
  const used = /^sockets: used (\d+)$/m.exec(text);
  return used === null ? null : Number(used[1]);
}

/**
 * `CurrEstab` of /proc/net/snmp: connections that are established or close-wait, of both families.
 * The file has a line of names and a line of numbers for each protocol.
 */
export function parseEstablished(text: string): number | null {
  const lines = text.split('\n').filter((line) => line.startsWith('Tcp: '));
  const column = lines[0]?.split(' ').indexOf('CurrEstab') ?? -1;
  const value = column === -1 ? undefined : lines[1]?.split(' ')[column];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
}

export function openSocketsCollector({ proc }: SystemPaths): Collector {
  const file = new KeptFile(`${proc}/net/sockstat`);
  return {
    measures: 'socketsUsed',
    collect(nowMs, put) {
      const used = file.read(nowMs, parseSocketsUsed);
      if (used !== null) put('socketsUsed', used);
    },
    problem: () => file.problem,
    close: () => file.close(),
  };
}

export function openConnectionsCollector({ proc }: SystemPaths): Collector {
  const file = new KeptFile(`${proc}/net/snmp`);
  return {
    measures: 'connections',
    collect(nowMs, put) {
      const established = file.read(nowMs, parseEstablished);
      if (established !== null) put('connections', established);
    },
    problem: () => file.problem,
    close: () => file.close(),
  };
}
