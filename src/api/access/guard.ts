// What every request over TCP must pass before a route sees it: how often, from which page, who, and
// whether that person may. Answers with a problem, or puts the person into the request's context.

import type { Context, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { answerProblem, type Problem } from '../problem.ts';
import type { ApiEnv, Person } from './person.ts';
import type { RateLimit } from './rate-limit.ts';
import { findOrigin } from './same-origin.ts';
import { sessionCookie, type Sessions } from './sessions.ts';
import { findToken, type TokenEntry } from './tokens.ts';

export interface AccessOptions {
  readonly tokens: readonly TokenEntry[];
  /** Whether `/v1` may be read without a token: on loopback while the config names none. */
  readonly isReadingOpen: boolean;
  /** Off loopback what other systems ask needs a token too, but for `/healthz`. */
  readonly guardsEverything: boolean;
  readonly sessions: Sessions;
  /** Of all questions of one client. */
  readonly requests: RateLimit;
  /** Of wrong tokens of one client, and of its log-ins. */
  readonly logIns: RateLimit;
}

const anonymous: Person = { name: null, role: 'viewer', via: 'open', expiresAt: null };

/** Questions that a viewer may put although they are sent as POST: they change nothing here. */
const viewerPosts = /^\/v1\/(config\/check|jobs|groups\/[^/]+\/preview)$/;

export function createGuard(options: AccessOptions): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const problem = options.requests.take(clientOf(context));
    if (problem !== null) return refuseHaste(problem);
    const { path } = context.req;
    const isV1 = path === '/v1' || path.startsWith('/v1/');
    if (isV1 || options.guardsEverything) {
      const refusal = isV1 ? checkForm(context) : null;
      if (refusal !== null) return answerProblem(refusal);
      if (path === '/v1/session' || isOpen(path)) return next();
      const person = identify(context, options);
      if (!('role' in person)) return person.refusal;
      const denial = authorize(context, person);
      if (denial !== null) return answerProblem(denial);
      context.set('person', person);
    }
    return next();
  };
}

/** The page itself holds no secret; a prober has no token. */
function isOpen(path: string): boolean {
  return path === '/' || path === '/healthz' || path.startsWith('/assets/');
}

export function clientOf({ env }: Context<ApiEnv>): string {
  // `env` is missing where a test asks the app without a server.
  return (
    (env as Partial<ApiEnv['Bindings']> | undefined)?.incoming?.socket.remoteAddress ?? 'local'
  );
}

export function refuseHaste(seconds: number): Response {
  const detail = `too many requests from this address; the next one is answered in ${seconds} s`;
  const headers = { 'retry-after': String(seconds) };
  return answerProblem({ status: 429, code: 'too-many-requests', detail }, headers);
}

/** What is wrong with the way it is asked, whoever asks; null if nothing is. */
function checkForm(context: Context<ApiEnv>): Problem | null {
  const { req } = context;
  for (const key of ['token', 'access_token']) {
    if (req.query(key) === undefined) continue;
    const detail = `${key} stands in the URL, where logs keep it; allowed: the header authorization, or POST /v1/session. Replace that token`;
    return { status: 400, code: 'token-in-url', detail };
  }
  const origin = findOrigin(context);
  if (origin === 'foreign') {
    const detail = 'another site’s page asks; allowed: this page, and programs that are no browser';
    return { status: 403, code: 'cross-site', detail };
  }
  if (isSafe(req.method)) return null;
  const hasCookie = getCookie(context, sessionCookie) !== undefined;
  if (hasCookie && origin === 'no-browser' && req.header('authorization') === undefined) {
    const detail =
      'a change with a cookie says neither Origin nor Sec-Fetch-Site, as browsers do; without a browser send the header authorization';
    return { status: 403, code: 'cross-site', detail };
  }
  const type = req.header('content-type');
  // A form of another site can send three types only, none of them this one.
  if (req.method === 'DELETE' || /^application\/json\s*(;|$)/i.test(type ?? '')) return null;
  const detail = `the body is ${type ?? 'of no type'}; application/json is read`;
  return { status: 415, code: 'no-json', detail };
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The person, or why there is none. */
function identify(
  context: Context<ApiEnv>,
  { isReadingOpen, logIns, sessions, tokens }: AccessOptions,
): Person | { readonly refusal: Response } {
  const header = context.req.header('authorization');
  if (header !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
    const entry = findToken(tokens, token);
    if (entry !== null) {
      return { name: entry.name, role: entry.role, via: 'bearer', expiresAt: null };
    }
    const seconds = logIns.take(clientOf(context));
    if (seconds !== null) return { refusal: refuseHaste(seconds) };
    return { refusal: refuseStranger('the header authorization has no token that is known here') };
  }
  const cookie = getCookie(context, sessionCookie);
  const person = cookie === undefined ? null : sessions.find(cookie);
  if (person !== null) return person;
  if (isReadingOpen) return anonymous;
  return {
    refusal: refuseStranger(
      cookie === undefined ? 'a token is needed here' : 'the session has ended; log in again',
    ),
  };
}

export function refuseStranger(what: string): Response {
  const detail = `${what}; \`foretide token\` makes one, for the header authorization: Bearer … or POST /v1/session`;
  const headers = { 'www-authenticate': 'Bearer realm="foretide"' };
  return answerProblem({ status: 401, code: 'no-token', detail }, headers);
}

function authorize({ req }: Context<ApiEnv>, { name, role }: Person): Problem | null {
  if (role === 'operator' || isSafe(req.method) || viewerPosts.test(req.path)) return null;
  if (req.method === 'DELETE' && req.path.startsWith('/v1/jobs/')) return null;
  const who = name === null ? 'nobody is logged in, and reading' : `${name} is a viewer; reading`;
  const detail = `${who} is all that is allowed; an operator's token may act`;
  return { status: 403, code: 'not-allowed', detail };
}
