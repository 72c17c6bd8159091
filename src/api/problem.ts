// What the API answers when it does not do what was asked: RFC 9457 problem details, with one line
// that says what is wrong and a code for programs.

import type { WishRefusalCode } from '../controller/ports/control.ts';

export interface Problem {
  readonly status: keyof typeof titles;
  readonly code: ProblemCode;
  /** One line: what was found, and what is allowed. */
  readonly detail: string;
}

export type ProblemCode =
  | WishRefusalCode
  | 'no-such-route'
  | 'no-such-method'
  | 'bad-request'
  | 'bad-input'
  | 'too-large'
  | 'no-json'
  | 'wrong-host'
  | 'no-decision'
  | 'no-data'
  | 'no-token'
  | 'token-in-url'
  | 'not-allowed'
  | 'cross-site'
  | 'changed-since'
  | 'too-many-requests'
  | 'too-many-viewers'
  | 'too-many-jobs'
  | 'no-job'
  | 'bug';

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

const refusalStatus: Readonly<Record<WishRefusalCode, Problem['status']>> = {
  'unknown-group': 404,
  'out-of-bounds': 422,
  mode: 409,
  'nothing-to-end': 409,
  store: 503,
};

/** What a parse or a look-up came to. */
export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export function refuse(problem: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem };
}

export function describeRefusal(code: WishRefusalCode, message: string): Problem {
  return { status: refusalStatus[code], code, detail: message };
}

export function answerProblem(
  { status, code, detail }: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: 'about:blank', title: titles[status], status, detail, code };
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}
