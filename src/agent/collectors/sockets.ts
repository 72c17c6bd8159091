// The open sockets and the established TCP connections of the machine, IPv4 and IPv6 together.

import type { Collector, SystemPaths } from './collector.ts';
import { KeptFile } from './kept-file.ts';

/**
 * `sockets: used 14` of /proc/net/sockstat. It counts the sockets of every family, IPv6 and Unix
 * ones included, so nothing is to be added from sockstat6.
 */
export function parseSocketsUsed(text: string): number | null {
  if (!text.startsWith(socketsUsed)) return null;
  return parseCount(text.slice(socketsUsed.length, text.indexOf('\n')));
}

const socketsUsed = 'sockets: used ';
/** The figure is in the first line. */
const headBytes = 64;

/**
 * `CurrEstab` of /proc/net/snmp: connections that are established or close-wait, of both families.
 * The file has a line of names and a line of numbers for each protocol.
 */
export function parseEstablished(text: string): number | null {
  const namesAt = text.indexOf('Tcp: ');
  const numbersAt = text.indexOf('\nTcp: ', namesAt) + 1;
  if (namesAt === -1 || numbersAt === 0) return null;
  const column = text
    .slice(namesAt, numbersAt - 1)
    .split(' ')
    .indexOf('CurrEstab');
  const end = text.indexOf('\n', numbersAt);
  const value = text.slice(numbersAt, end === -1 ? text.length : end).split(' ')[column];
  return value === undefined ? null : parseCount(value);
}

function parseCount(text: string): number | null {
  const count = text === '' ? Number.NaN : Number(text);
  return Number.isInteger(count) && count >= 0 ? count : null;
}

export function openSocketsCollector({ proc }: SystemPaths): Collector {
  const file = new KeptFile(`${proc}/net/sockstat`, headBytes);
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
