// Watches a stack until it is at rest: its events go to a view as they come.

import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from './deploy-error.ts';
import type { StackClient } from './stack-client.ts';

export interface StackView {
  event(event: StackEvent): void;
  /** No more events. */
  end(): void;
}

/** Asking begins often, for small stacks, and slows down to what AWS's quotas bear. */
const pauseFirstMs = 250;
const pauseMaxMs = 3_000;
const pauseGrowth = 1.3;
/** CloudFormation gives up on most resources after an hour at most; a day is beyond all of them. */
const followMaxMs = 24 * 3_600_000;

export interface FollowRequest {
  readonly client: StackClient;
  readonly stackId: string;
  readonly view: StackView;
  /** Ids of events from before. */
  readonly seen: ReadonlySet<string>;
}

export interface Followed {
  readonly stack: Stack;
  /** The new ones, the oldest first. */
  readonly events: readonly StackEvent[];
}

export async function followStack(request: FollowRequest): Promise<Followed> {
  const { client, seen, stackId, view } = request;
  const told = new Set(seen);
  const events: StackEvent[] = [];
  const startedAt = performance.now();
  let pauseMs = pauseFirstMs;
  try {
    while (performance.now() - startedAt < followMaxMs) {
      const stack = await client.find(stackId);
      if (stack === null) throw new DeployError(`AWS knows nothing of ${stackId} any more`);
      // After the status: whatever led to it is among them.
      for (const event of await client.events(stackId)) {
        if (told.has(event.EventId ?? '')) continue;
        told.add(event.EventId ?? '');
        events.push(event);
        view.event(event);
      }
      if (stack.StackStatus?.endsWith('_IN_PROGRESS') !== true) return { stack, events };
      await sleep(pauseMs);
      pauseMs = Math.min(pauseMaxMs, pauseMs * pauseGrowth);
    }
  } finally {
    view.end();
  }
  throw new DeployError(`${stackId} is still at work; look again with foretide deploy status`);
}

export async function eventIds(client: StackClient, stackId: string): Promise<ReadonlySet<string>> {
  return new Set((await client.events(stackId)).map(({ EventId }) => EventId ?? ''));
}
