// Who waits at which queue. A change wakes as many as there may be messages for, longest waiting
// first: not all of a thousand workers for one message.

export interface Arrivals {
  /** Adds a waiter and returns the way out. A waiter that was called has left. */
  wait(queueName: string, listener: () => void): () => void;
  /** Calls up to `count` waiters. */
  announce(queueName: string, count: number): void;
}

/** Nobody waits yet. */
export function createArrivals(): Arrivals {
  const waiting = new Map<string, Set<() => void>>();

  function leave(queueName: string, listener: () => void): void {
    const listeners = waiting.get(queueName);
    listeners?.delete(listener);
    if (listeners?.size === 0) waiting.delete(queueName);
  }

  return {
    wait(queueName, listener) {
      const listeners = waiting.get(queueName) ?? new Set();
      waiting.set(queueName, listeners);
      listeners.add(listener);
      return () => leave(queueName, listener);
    },
    announce(queueName, count) {
      const called = [...(waiting.get(queueName) ?? [])].slice(0, count);
      for (const listener of called) {
        leave(queueName, listener);
        listener();
      }
    },
  };
}
