// `GET /v1/events`: server-sent events. Who watches what, and how many may.

import type { Hono } from 'hono';
import { z } from 'zod';
import type { ReadModel } from '../controller/ports/control.ts';
import { clientOf } from './access/guard.ts';
import type { ApiEnv, Person } from './access/person.ts';
import type { EventHub } from './events/event-hub.ts';
import { findStatus } from './find-group.ts';
import { answerProblem, type Problem } from './problem.ts';
import { readQuery } from './read-input.ts';

export interface EventRouteOptions {
  readonly hub: EventHub;
  readonly read: ReadModel;
  /** Whether a person who was let in still may be: sessions end. */
  readonly mayStay: (person: Person) => boolean;
}

const viewersMax = 256;
const viewersPerClientMax = 128;
const groupsWatchedMax = 8;
const heartbeatMs = 15_000;
/** Unsent bytes of a viewer that reads too slowly; it is let go then, and may come back. */
const waitingBytesMax = 4 * 1024 * 1024;

export const eventsQuery = z.strictObject({
  groups: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().min(1)).max(groupsWatchedMax))
    .optional()
    .describe(`up to ${groupsWatchedMax} names of groups, separated by commas`),
});

export function addEventRoutes(app: Hono<ApiEnv>, options: EventRouteOptions): void {
  const { hub, mayStay, read } = options;
  const viewersOf = new Map<string, number>();
  const count = (client: string, step: number): void => {
    const left = (viewersOf.get(client) ?? 0) + step;
    if (left > 0) viewersOf.set(client, left);
    else viewersOf.delete(client);
  };

  app.get('/v1/events', (context) => {
    const query = readQuery(context, eventsQuery);
    if (!query.ok) return answerProblem(query.problem);
    const groups = [...new Set(query.value.groups ?? [])];
    for (const name of groups) {
      const found = findStatus(read, name);
      if (!found.ok) return answerProblem(found.problem);
    }
    const client = clientOf(context);
    const isFull =
      hub.viewerCount >= viewersMax || (viewersOf.get(client) ?? 0) >= viewersPerClientMax;
    if (isFull) return answerProblem(tooManyViewers, { 'retry-after': '10' });
    count(client, 1);
    const person = context.get('person');
    const stream = openStream({
      groups,
      hub,
      lastEventId: context.req.header('last-event-id') ?? null,
      mayStay: () => mayStay(person),
      onEnd: () => count(client, -1),
    });
    // No proxy may hold events back until it has a buffer full.
    const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
    return new Response(stream, { headers });
  });
}

const tooManyViewers: Problem = {
  status: 503,
  code: 'too-many-viewers',
  detail: `${viewersMax} viewers at once, ${viewersPerClientMax} of one address, are served; try again later`,
};

interface StreamOptions {
  readonly groups: readonly string[];
  readonly hub: EventHub;
  readonly lastEventId: string | null;
  readonly mayStay: () => boolean;
  readonly onEnd: () => void;
}

function openStream(options: StreamOptions): ReadableStream<Uint8Array> {
  const { groups, hub, lastEventId, mayStay, onEnd } = options;
  let end = (): void => {};
  const source = {
    start: (controller: ReadableStreamDefaultController<Uint8Array>) => {
      let isOpen = true;
      const send = (bytes: Uint8Array): void => {
        if (!isOpen) return;
        if ((controller.desiredSize ?? 0) <= 0) {
          end();
          controller.close();
          return;
        }
        controller.enqueue(bytes);
      };
      const leave = hub.join({ groups, send }, lastEventId);
      const heartbeat = setInterval(() => {
        if (mayStay()) return send(comment);
        end();
        controller.close();
      }, heartbeatMs);
      end = () => {
        if (!isOpen) return;
        isOpen = false;
        clearInterval(heartbeat);
        leave();
        onEnd();
      };
    },
    cancel: () => end(),
  };
  return new ReadableStream(
    source,
    new ByteLengthQueuingStrategy({ highWaterMark: waitingBytesMax }),
  );
}

const comment = new TextEncoder().encode(': still here\n\n');
