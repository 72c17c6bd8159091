// Faults on purpose, by operation: what tests let the server do to their callers.

import type { Fault } from '../cloud/fault.ts';

export type InjectedFault =
  /** Answers that much later (wall time); the operation takes effect first if `after`. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: 'before' | 'after' }
  /** Never answers; the operation takes effect all the same if `after`. */
  | { readonly kind: 'hang'; readonly when?: 'before' | 'after' }
  /** The service's own throttling refusal; nothing takes effect. */
  | { readonly kind: 'throttle' }
  /** That refusal; nothing takes effect unless `after`: then the answer is a lie. */
  | { readonly kind: 'error'; readonly fault: Fault; readonly when?: 'before' | 'after' };

export interface FaultControl {
  /**
   * Lets the next `times` calls (default: all) of the operation meet the fault; `*` is every
   * operation. Returns what takes it back. The latest injection of an operation wins.
   */
  inject(operation: string, fault: InjectedFault, times?: number): () => void;
  clear(): void;
}

/** The control that callers hold, and the look-up that the server uses. */
export function createFaultControl(): FaultControl & {
  take(operation: string): InjectedFault | undefined;
} {
  // At most one injection for each operation name that a test uses.
  const injections = new Map<string, { fault: InjectedFault; timesLeft: number }>();
  return {
    inject(operation, fault, times = Number.POSITIVE_INFINITY) {
      const injection = { fault, timesLeft: times };
      injections.set(operation, injection);
      return () => {
        if (injections.get(operation) === injection) injections.delete(operation);
      };
    },
    clear: () => injections.clear(),
    take(operation) {
      const key = injections.has(operation) ? operation : '*';
      const injection = injections.get(key);
      if (injection === undefined) return undefined;
      injection.timesLeft -= 1;
      if (injection.timesLeft <= 0) injections.delete(key);
      return injection.fault;
    },
  };
}
