// Lets a bounded number of calls run at once and a bounded number wait for their turn, first come
// first served. Knows nothing of what the calls are.

/** `entered` must be followed by `leave`; the others must not. */
export type GateOutcome = 'entered' | 'full' | 'aborted';

export interface Gate {
  enter(signal: AbortSignal): Promise<GateOutcome>;
  leave(): void;
}

export interface GateLimits {
  readonly insideMax: number;
  readonly waitingMax: number;
}

export function createGate(limits: GateLimits): Gate {
  let inside = 0;
  const waiting = new Set<() => void>();

  async function enter(signal: AbortSignal): Promise<GateOutcome> {
    if (signal.aborted) return 'aborted';
    if (inside < limits.insideMax) {
      inside += 1;
      return 'entered';
    }
    if (waiting.size >= limits.waitingMax) return 'full';
    return await new Promise((resolve) => {
      const giveUp = (): void => {
        waiting.delete(admit);
        resolve('aborted');
      };
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve('entered');
      };
      waiting.add(admit);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The place goes straight to the next in line, so that nobody overtakes. */
  function leave(): void {
    const [next] = waiting;
    if (next === undefined) {
      inside -= 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return { enter, leave };
}
