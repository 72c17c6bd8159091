// Who asks, and what that person may do. Names come from tokens, never from a request; on the Unix
// socket from its owner.

import type { HttpBindings } from '@hono/node-server';

/** `viewer` reads; `operator` also acts. */
export type Role = 'viewer' | 'operator';

export interface Person {
  /** Null: nobody in particular, on loopback where reading is open. */
  readonly name: string | null;
  readonly role: Role;
  readonly via: 'socket' | 'open' | 'bearer' | 'session';
  /** When a session ends, by the wall clock; null for what has no end. */
  readonly expiresAt: number | null;
}

/** What the API's routes find in their context. */
export interface ApiEnv {
  readonly Bindings: Partial<HttpBindings>;
  readonly Variables: { person: Person };
}
