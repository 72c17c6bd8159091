// Sessions of browsers: an EventSource can send no bearer header, so that a token is exchanged for a
// cookie. Kept in memory alone: a restart ends them, as a changed list of tokens must.

import { createHash, randomBytes } from 'node:crypto';
import type { Person, Role } from './person.ts';

export const sessionCookie = 'foretide_session';
export const sessionLastsMs = 12 * 3_600_000;
/** Of all people together; the oldest one ends for a new one. */
const sessionsMax = 1000;
/** Of one person, so that a program that logs in for every question ends nobody else's. */
const sessionsPerNameMax = 50;

export interface Sessions {
  /** The secret of the cookie, and who it stands for. */
  open(name: string, role: Role): { readonly secret: string; readonly person: Person };
  find(secret: string): Person | null;
  /** Whether it has neither run out nor been closed. */
  isOpen(person: Person): boolean;
  close(secret: string): void;
  readonly size: number;
}

/** `now` is the wall clock: a demo's faster one ends no session early. */
export function createSessions(now: () => number): Sessions {
  /** By the hash of the secret, oldest first: a look-up tells nothing by its time. */
  const people = new Map<string, Person>();
  const remove = (key: string): void => {
    people.delete(key);
  };
  return {
    get size() {
      return people.size;
    },
    open: (name, role) => {
      const own = [...people].filter(([, person]) => person.name === name);
      if (own.length >= sessionsPerNameMax) remove(own[0]?.[0] ?? '');
      const [oldest] = people.keys();
      if (people.size >= sessionsMax && oldest !== undefined) remove(oldest);
      const secret = randomBytes(32).toString('base64url');
      const person: Person = { name, role, via: 'session', expiresAt: now() + sessionLastsMs };
      people.set(digest(secret), person);
      return { secret, person };
    },
    find: (secret) => {
      const key = digest(secret);
      const person = people.get(key);
      if (person === undefined) return null;
      if (person.expiresAt === null || person.expiresAt > now()) return person;
      remove(key);
      return null;
    },
    isOpen: (person) => (person.expiresAt ?? 0) > now() && [...people.values()].includes(person),
    close: (secret) => remove(digest(secret)),
  };
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
