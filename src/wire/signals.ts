// The names of the signals that Foretide's own agent measures. Applications add their own.

/** Name → what it is. Units come last in a name; `cpu` and names ending in `Ratio` are 0–1. */
export const agentSignals = {
  cpu: 'busy share of the processor time that the instance or its container may use',
  loadPerCore: 'load average over one minute, divided by the number of cores',
  memoryAvailableBytes: 'memory that programs can still get, reclaimable cache included',
  memoryAvailableRatio: 'the same as a share of all memory',
  socketsUsed: 'open sockets of the machine',
  connections: 'established TCP connections of the machine',
  networkInBytesPerSecond: 'bytes received per second, loopback left out',
  networkOutBytesPerSecond: 'bytes sent per second, loopback left out',
  diskBusyRatio: 'share of the time in which the busiest disk had work',
} as const;

/** The signal that carries the established connections to one listening port. */
export function connectionsToPort(port: number): `connections:${number}` {
  return `connections:${port}`;
}

/** The age of the per-port counts, which are renewed less often than the rest. */
export const connectionsAgeSignal = 'connectionsAgeMs';
