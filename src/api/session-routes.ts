// `/v1/session`: a token for a cookie, who is logged in, and the end of it.

import type { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { clientOf, refuseHaste, refuseStranger, type AccessOptions } from './access/guard.ts';
import type { ApiEnv, Person } from './access/person.ts';
import { sessionCookie, sessionLastsMs } from './access/sessions.ts';
import { findToken } from './access/tokens.ts';
import type { SessionAnswer } from './answers.ts';
import type { Audit } from './audit.ts';
import { answerProblem } from './problem.ts';
import { readBody } from './read-input.ts';

export interface SessionRouteOptions {
  readonly access: AccessOptions;
  readonly audit: Audit;
  /** The cookie is then for TLS alone. */
  readonly isSecure: boolean;
}

const tokenLengthMax = 256;

export const sessionBody = z.strictObject({
  token: z
    .string()
    .min(1)
    .max(tokenLengthMax)
    // Without the value: it may be a real token with a slip of the pen in it.
    .describe('the text that `foretide token` printed'),
});

export function addSessionRoutes(app: Hono<ApiEnv>, options: SessionRouteOptions): void {
  const { access, audit, isSecure } = options;
  const cookie = { httpOnly: true, sameSite: 'Strict', path: '/', secure: isSecure } as const;

  app.post('/v1/session', async (context) => {
    const client = clientOf(context);
    const seconds = access.logIns.take(client);
    if (seconds !== null) return refuseHaste(seconds);
    const body = await readBody(context, sessionBody, { isSecret: true });
    if (!body.ok) return answerProblem(body.problem);
    const entry = findToken(access.tokens, body.value.token);
    if (entry === null) {
      audit.note({ who: null, via: 'session', from: client, action: 'log-in', outcome: 'refused' });
      return refuseStranger('the token is not known here');
    }
    const { name, role } = entry;
    const before = getCookie(context, sessionCookie);
    if (before !== undefined) access.sessions.close(before);
    const { person, secret } = access.sessions.open(name, role);
    setCookie(context, sessionCookie, secret, { ...cookie, maxAge: sessionLastsMs / 1000 });
    audit.note({ who: name, via: 'session', from: client, action: 'log-in', outcome: 'done' });
    return context.json(describeSession(person));
  });

  app.get('/v1/session', (context) => {
    const secret = getCookie(context, sessionCookie);
    const person = secret === undefined ? null : access.sessions.find(secret);
    if (person !== null) return context.json(describeSession(person));
    const role = access.isReadingOpen ? 'viewer' : null;
    return context.json<SessionAnswer>({ name: null, role, expiresAt: null });
  });

  app.delete('/v1/session', (context) => {
    const secret = getCookie(context, sessionCookie);
    if (secret !== undefined) access.sessions.close(secret);
    deleteCookie(context, sessionCookie, cookie);
    const role = access.isReadingOpen ? 'viewer' : null;
    return context.json<SessionAnswer>({ name: null, role, expiresAt: null });
  });
}

function describeSession({ expiresAt, name, role }: Person): SessionAnswer {
  return { name, role, expiresAt };
}
