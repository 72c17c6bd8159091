// Answers HAProxy's agent-check: one connection, one line that says whether this server takes traffic
// and how much, from its live load (HAProxy Configuration Manual, "agent-check").

import { createServer } from 'node:net';

/** `ready` and `drain` switch the administrative state, `up` ends a health state that a check set. */
export function describeForBalancer(state: 'online' | 'draining', cpuRatio: number | null): string {
  if (state === 'draining') return 'drain\n';
  return `up ready ${weighFor(cpuRatio)}%\n`;
}

/**
 * The weight, in percent of the configured one: what is idle, at least 1 so that a busy server still
 * takes its share of the new. Unknown load is no reason to take less: 100.
 */
export function weighFor(cpuRatio: number | null): number {
  if (cpuRatio === null) return 100;
  const idlePercent = Math.round(100 * (1 - cpuRatio));
  return Math.min(100, Math.max(1, idlePercent));
}

/** A mean over the last ten seconds or so: weights that jump make a balancer jump. */
const smoothingMs = 10_000;

/** An exponentially weighted mean over time. */
export class SmoothedLoad {
  #value: number | null = null;
  #atMs = 0;

  get value(): number | null {
    return this.#value;
  }

  add(value: number, nowMs: number): void {
    const elapsedMs = nowMs - this.#atMs;
    const keep = this.#value === null ? 0 : Math.exp(-elapsedMs / smoothingMs);
    this.#value = keep * (this.#value ?? 0) + (1 - keep) * value;
    this.#atMs = nowMs;
  }
}

const connectionsMax = 64;
const idleLimitMs = 2000;

export interface AgentCheckServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens where told; port 0 takes any free one. Rejects when it cannot. Nothing sent is read. */
export function openAgentCheck(
  { host, port }: { readonly host: string; readonly port: number },
  describe: () => string,
): Promise<AgentCheckServer> {
  const server = createServer((socket) => {
    socket.setTimeout(idleLimitMs, () => socket.destroy());
    // A balancer that hangs up first is no trouble.
    socket.on('error', () => socket.destroy());
    socket.resume();
    socket.end(describe());
  });
  server.maxConnections = connectionsMax;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: address !== null && typeof address === 'object' ? address.port : port,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
