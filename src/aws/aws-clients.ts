// The SDK's clients of one service: one for each region and role, made when first needed, with a bound
// on how many calls it has open.

import type { AwsAccess } from './client-settings.ts';
import { callAws, type CallOutcome } from './call.ts';
import { createGate, type Gate } from './gate.ts';
import type { AwsLimits } from './limits.ts';

interface Pooled<C> {
  readonly client: C;
  readonly gate: Gate;
}

export interface AwsClients<C> {
  /** Sends by the client of that access, bounded in time. Never rejects. */
  call<T>(
    access: AwsAccess,
    send: (client: C, signal: AbortSignal) => Promise<T>,
  ): Promise<CallOutcome<T>>;
  close(): void;
}

/** What is under one key is reached by the same client. */
export function accessKey({ region, roleArn }: AwsAccess): string {
  return JSON.stringify([region, roleArn]);
}

export function createAwsClients<C extends { destroy(): void }>(
  create: (access: AwsAccess) => C,
  limits: AwsLimits,
): AwsClients<C> {
  const pooled = new Map<string, Pooled<C>>();

  function get(access: AwsAccess): Pooled<C> {
    const key = accessKey(access);
    const known = pooled.get(key);
    if (known !== undefined) return known;
    const { describesAtOnceMax: insideMax, callsWaitingMax: waitingMax } = limits;
    const made = { client: create(access), gate: createGate({ insideMax, waitingMax }) };
    // Never more than the config has regions and roles.
    pooled.set(key, made);
    return made;
  }

  return {
    call: async (access, send) => {
      const { client, gate } = get(access);
      return await callAws({
        gate,
        turnTimeoutMs: limits.turnTimeoutMs,
        deadlineMs: limits.callDeadlineMs,
        send: (signal) => send(client, signal),
      });
    },
    close: () => {
      for (const { client } of pooled.values()) client.destroy();
      pooled.clear();
    },
  };
}
