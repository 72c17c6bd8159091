// Counts connections by local port from the bytes of /proc/net/tcp and tcp6. The tables have a line
// of 150 bytes for every connection, so they are counted as they come, never held. Pure.
//
//   "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 …"
//    slot  local    port remote   port state

/** Connection states of the kernel (net/tcp_states.h). */
const established = 0x01;
const listening = 0x0a;

const newline = 0x0a;
const colon = 0x3a;
/** A line that is longer is no line of such a table. */
const lineBytesMax = 512;

/** What a reading of the tables has found so far. */
export interface PortTable {
  /** Local port → established connections. */
  readonly established: Map<number, number>;
  readonly listening: Set<number>;
}

export function emptyPortTable(): PortTable {
  return { established: new Map(), listening: new Set() };
}

/**
 * Counts the lines that end in `bytes` and returns those after the last line end, to be put before
 * what comes next. `addressDigits` is 8 for tcp and 32 for tcp6. A line that does not fit (the
 * heading) counts nothing.
 */
export function countLines(table: PortTable, bytes: Buffer, addressDigits: 8 | 32): Buffer {
  let start = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
    countLine(table, bytes.subarray(start, end), addressDigits);
    start = end + 1;
  }
  const rest = bytes.subarray(start);
  return rest.length > lineBytesMax ? rest.subarray(0, 0) : rest;
}

function countLine(table: PortTable, line: Buffer, addressDigits: number): void {
  const portAt = line.indexOf(colon) + 2 + addressDigits + 1;
  const stateAt = portAt + 4 + 1 + addressDigits + 1 + 4 + 1;
  const port = parseHex(line, portAt, 4);
  const state = parseHex(line, stateAt, 2);
  if (line[portAt - 1] !== colon || port === null) return;
  if (state === listening) table.listening.add(port);
  if (state === established) table.established.set(port, (table.established.get(port) ?? 0) + 1);
}

function parseHex(bytes: Buffer, start: number, digits: number): number | null {
  let value = 0;
  for (let at = start; at < start + digits; at += 1) {
    const digit = hexDigit(bytes[at] ?? 0);
    if (digit === -1) return null;
    value = value * 16 + digit;
  }
  return value;
}

/** The kernel writes upper case. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x41 && byte <= 0x46 ? byte - 0x41 + 10 : -1;
}
